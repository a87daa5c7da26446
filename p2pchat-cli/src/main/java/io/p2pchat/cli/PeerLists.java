package io.p2pchat.cli;

import io.p2pchat.Peer;
import io.p2pchat.PeerNode;
import io.p2pchat.cli.text.EventText;
import io.p2pchat.cli.text.Wording;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The answer to Query peers. */
final class PeerLists {
  private PeerLists() {}

  static List<String> of(PeerNode node) {
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

  /**
   * Such as {@code 127.0.0.1:7070 (Two), reachable, in session, encrypted, 0.4 ms, 3 messages
   * waiting}.
   */
  static String line(Peer peer) {
    StringBuilder line = new StringBuilder(EventText.who(peer));
    line.append(", ").append(peer.state().name().toLowerCase(Locale.ROOT));
    if (peer.level() == Peer.Level.SESSION) {
      line.append(", in session, ").append(peer.encrypted() ? "encrypted" : "not encrypted");
      peer.roundTrip().ifPresent(time -> line.append(", ").append(millis(time)));
    } else if (peer.state() == Peer.State.REACHABLE && peer.lastHeard().isPresent()) {
      line.append(", not encrypted");
    }
    if (peer.unacknowledged() > 0) {
      line.append(", ").append(Wording.messages(peer.unacknowledged())).append(" waiting");
    }
    return line.toString();
  }

  private static String millis(Duration time) {
    double millis = time.toNanos() / 1e6;
    return String.format(Locale.ROOT, millis < 10 ? "%.1f ms" : "%.0f ms", millis);
  }
}
