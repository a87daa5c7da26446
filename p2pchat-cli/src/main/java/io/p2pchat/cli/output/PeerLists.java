package io.p2pchat.cli.output;

import io.p2pchat.Peer;
import io.p2pchat.PeerNode;
import java.util.List;
import java.util.stream.Stream;

/** Formats the lists of active and connected peers for scripts. */
public final class PeerLists {
  private PeerLists() {}

  public static List<String> of(PeerNode node) {
    return Stream.concat(
            list("Active peers:", node.activePeers()),
            list("Connected peers:", node.connectedPeers()))
        .toList();
  }

  private static Stream<String> list(String heading, List<Peer> peers) {
    Stream<String> lines =
        peers.isEmpty() ? Stream.of("none") : peers.stream().map(PeerLists::line);
    return Stream.concat(Stream.of(heading), lines.map(line -> "  " + line));
  }

  public static String line(Peer peer) {
    return EventText.who(peer) + ", " + PeerState.of(peer);
  }
}
