package io.p2pchat.examples;

import io.p2pchat.DiscoveredPeer;
import io.p2pchat.PeerEvent.MessageReceived;
import io.p2pchat.PeerEvent.PeerDiscovered;
import io.p2pchat.PeerNode;
import io.p2pchat.discovery.MulticastDnsDiscovery;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/**
 * Finds everybody on the network and greets each once, until its input ends (Ctrl-D). Nobody types
 * an address.
 *
 * <p>Takes a name. Start it as {@code Ann} on one machine of the network and as {@code Bob} on
 * another. Ann's, or whoever starts first, prints this, the last two lines in either order:
 *
 * <pre>
 * Ann is in the room
 * Greeted Bob
 * Bob says: Hello from Bob
 * </pre>
 */
public final class LanRoom {
  /** Anybody on the network can announce names, as many as they like. */
  private static final int MOST_GREETED = 1_000;

  /** By {@code NODE}, which is new at each start. Used on the node's events thread only. */
  private final Set<String> greeted = new HashSet<>();

  private LanRoom() {}

  /**
   * Runs the example.
   *
   * @param args a name
   * @throws IOException if the input cannot be read
   */
  public static void main(String[] args) throws IOException {
    LanRoom room = new LanRoom();
    try (PeerNode node =
        PeerNode.builder()
            .teamName(args[0])
            .discovery(new MulticastDnsDiscovery())
            .on(PeerDiscovered.class, room::greet)
            .on(MessageReceived.class, LanRoom::print)
            .start()) {
      System.out.println(node.teamName() + " is in the room");
      while (System.in.read() >= 0) {
        // What is typed has no meaning; the end of it has.
      }
    }
  }

  /** The same peer is reported again when more is known about it. */
  private void greet(PeerNode node, PeerDiscovered event) {
    DiscoveredPeer peer = event.discovered();
    if (peer.node().isPresent()
        && greeted.size() < MOST_GREETED
        && greeted.add(peer.node().get())) {
      String name = peer.teamName().orElse("somebody");
      node.send(peer, "Hello from " + node.teamName())
          .whenComplete(
              (delivery, failure) ->
                  System.out.println(
                      failure == null
                          ? "Greeted " + name
                          : "Could not greet " + name + ": " + failure.getMessage()));
    }
  }

  private static void print(PeerNode node, MessageReceived message) {
    // Control characters of a stranger's do not belong on a terminal.
    String text = message.text().replaceAll("\\p{Cntrl}", "?");
    System.out.println(message.peer().teamName() + " says: " + text);
  }
}
