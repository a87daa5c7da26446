package io.p2pchat.examples;

import io.p2pchat.PeerAddress;
import io.p2pchat.PeerEvent.MessageReceived;
import io.p2pchat.PeerNode;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A small application with a node inside: it counts votes. It has one thread on which all its state
 * lives, and the node's events come on that thread too, so nothing needs a lock.
 *
 * <p>Expect this, and then the end of the program:
 *
 * <pre>
 * Votes: {pasta=1, pizza=2}
 * </pre>
 */
public final class EmbeddedInApp implements AutoCloseable {
  private final ExecutorService appThread = Executors.newSingleThreadExecutor();
  private final Map<String, Integer> votes = new TreeMap<>();
  private final PeerNode node =
      PeerNode.builder()
          .teamName("Votes")
          .bindAddress("127.0.0.1")
          .executor(appThread)
          .onMessage(this::count)
          .start();

  private EmbeddedInApp() {}

  /**
   * Runs the example.
   *
   * @param args not used
   */
  public static void main(String[] args) {
    try (EmbeddedInApp app = new EmbeddedInApp()) {
      for (String vote : new String[] {"pizza", "pasta", "pizza"}) {
        vote(app.address(), vote);
      }
    }
  }

  private static void vote(PeerAddress app, String vote) {
    try (PeerNode voter = PeerNode.builder().teamName("Voter").bindAddress("127.0.0.1").start()) {
      voter.send(app, vote).join();
    }
  }

  private PeerAddress address() {
    return PeerAddress.of(node.localAddress());
  }

  private void count(MessageReceived message) {
    votes.merge(message.text(), 1, Integer::sum);
  }

  /**
   * Closes in the order of use. First the node: it brings no more messages when this returns, and
   * those it had received have been counted. Then the thread they were counted on.
   */
  @Override
  public void close() {
    node.close();
    appThread.execute(() -> System.out.println("Votes: " + votes));
    appThread.shutdown();
  }
}
