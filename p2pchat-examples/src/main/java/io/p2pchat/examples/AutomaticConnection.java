package io.p2pchat.examples;

import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerNode;
import io.p2pchat.SendOutcome;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * Three nodes in one program: Two and Three greet One, One connects to everyone it has heard.
 *
 * <p>Expect this, and then the end of the program:
 *
 * <pre>
 * One's active peers: [Three, Two]
 * One's connected peers: []
 * One connects to Two: ACKNOWLEDGED
 * One connects to Three: ACKNOWLEDGED
 * One's connected peers: [Three, Two]
 * Two's connected peers: [One]
 * Three's connected peers: [One]
 * </pre>
 */
public final class AutomaticConnection {
  private AutomaticConnection() {}

  /**
   * Runs the example.
   *
   * @param args not used
   * @throws InterruptedException if it is interrupted while it waits for an event
   */
  public static void main(String[] args) throws InterruptedException {
    // Counted down by the listeners, each on its node's own thread; awaited on this one.
    CountDownLatch greetings = new CountDownLatch(2);
    CountDownLatch connections = new CountDownLatch(2);
    try (PeerNode one = start("One", greetings, connections);
        PeerNode two = start("Two", greetings, connections);
        PeerNode three = start("Three", greetings, connections)) {
      PeerAddress addressOfOne = one.addresses().get(0);

      two.send(addressOfOne, "hello").join();
      three.send(addressOfOne, "hello").join();
      greetings.await();
      System.out.println("One's active peers: " + teams(one.activePeers()));
      System.out.println("One's connected peers: " + teams(one.connectedPeers()));

      one.connectAll().join().forEach(AutomaticConnection::print);
      connections.await();
      System.out.println("One's connected peers: " + teams(one.connectedPeers()));
      System.out.println("Two's connected peers: " + teams(two.connectedPeers()));
      System.out.println("Three's connected peers: " + teams(three.connectedPeers()));
    }
  }

  private static PeerNode start(String team, CountDownLatch greetings, CountDownLatch connections) {
    return PeerNode.builder()
        .teamName(team)
        .bindAddress("127.0.0.1")
        .onMessage(message -> greetings.countDown())
        .onPeerConnected(
            connected -> {
              if (connected.incoming()) {
                connections.countDown();
              }
            })
        .start();
  }

  private static void print(SendOutcome outcome) {
    Object end =
        outcome instanceof SendOutcome.Failed failed
            ? "failed: " + failed.failure()
            : ((SendOutcome.Delivered) outcome).delivery();
    System.out.println("One connects to " + outcome.peer().teamName() + ": " + end);
  }

  private static List<String> teams(List<Peer> peers) {
    return peers.stream().map(Peer::teamName).sorted().toList();
  }
}
