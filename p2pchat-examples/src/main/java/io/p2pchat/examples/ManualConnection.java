package io.p2pchat.examples;

import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerEvent;
import io.p2pchat.PeerEvent.MessageReceived;
import io.p2pchat.PeerEvent.PeerConnected;
import io.p2pchat.PeerEvent.PeerLeft;
import io.p2pchat.PeerNode;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Two nodes in one program: One connects to Two by hand, they talk, One leaves.
 *
 * <p>Expect this, and then the end of the program:
 *
 * <pre>
 * One connects to Two: ACKNOWLEDGED
 * Two sees One connected
 * One's connected peers: [Two]
 * Two says hello: ACKNOWLEDGED
 * One hears from Two: hello
 * One's connected peers: [Two]
 * One leaves: ACKNOWLEDGED
 * Two sees One leave: SAID_EXIT
 * Two's active peers: []
 * </pre>
 *
 * <p>One knows the name of Two, whom it has only dialed, since two nodes introduce themselves when
 * their session begins. A program of the plain format would be {@code unknown_team} until it has
 * said something.
 */
public final class ManualConnection {
  private ManualConnection() {}

  /**
   * Runs the example.
   *
   * @param args not used
   * @throws InterruptedException if it is interrupted while it waits for an event
   */
  public static void main(String[] args) throws InterruptedException {
    // Events come on a thread of the node's own. Queues bring them to this one.
    BlockingQueue<PeerEvent> eventsOfOne = new LinkedBlockingQueue<>();
    BlockingQueue<PeerEvent> eventsOfTwo = new LinkedBlockingQueue<>();
    try (PeerNode one = start("One", eventsOfOne);
        PeerNode two = start("Two", eventsOfTwo)) {
      PeerAddress addressOfTwo = two.addresses().get(0);

      System.out.println("One connects to Two: " + one.connect(addressOfTwo).join());
      Peer caller = next(PeerConnected.class, eventsOfTwo).peer();
      System.out.println("Two sees " + caller.teamName() + " connected");
      System.out.println("One's connected peers: " + teams(one.connectedPeers()));

      System.out.println("Two says hello: " + two.send(caller.address(), "hello").join());
      MessageReceived message = next(MessageReceived.class, eventsOfOne);
      System.out.println("One hears from " + message.peer().teamName() + ": " + message.text());
      System.out.println("One's connected peers: " + teams(one.connectedPeers()));

      System.out.println("One leaves: " + one.disconnect(addressOfTwo).join());
      PeerLeft left = next(PeerLeft.class, eventsOfTwo);
      System.out.println("Two sees " + left.peer().teamName() + " leave: " + left.reason());
      System.out.println("Two's active peers: " + teams(two.activePeers()));
    }
  }

  private static PeerNode start(String team, BlockingQueue<PeerEvent> events) {
    return PeerNode.builder().teamName(team).bindAddress("127.0.0.1").listener(events::add).start();
  }

  /** Waits for an event of this kind, passing over the others. */
  private static <E extends PeerEvent> E next(Class<E> kind, BlockingQueue<PeerEvent> events)
      throws InterruptedException {
    PeerEvent event = events.take();
    while (!kind.isInstance(event)) {
      event = events.take();
    }
    return kind.cast(event);
  }

  private static List<String> teams(List<Peer> peers) {
    return peers.stream().map(Peer::teamName).toList();
  }
}
