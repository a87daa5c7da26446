package io.p2pchat.cli.chat;

import io.p2pchat.Peer;
import io.p2pchat.PeerNode;
import io.p2pchat.cli.output.PeerState;
import io.p2pchat.cli.output.Table;
import java.util.ArrayList;
import java.util.List;

/** Formats the lists of peers as columns, with a number for each peer. */
final class PeerTable {
  private static final int TEAM = 1;

  private final ChatFormat format;
  private final PeerNumbers numbers;

  PeerTable(ChatFormat format, PeerNumbers numbers) {
    this.format = format;
    this.numbers = numbers;
  }

  List<String> of(PeerNode node) {
    List<String> lines = new ArrayList<>(of("Active peers:", node.activePeers()));
    lines.addAll(of("Connected peers:", node.connectedPeers()));
    return lines;
  }

  private List<String> of(String heading, List<Peer> peers) {
    List<String> lines = new ArrayList<>(List.of(format.bold(heading)));
    if (peers.isEmpty()) {
      lines.add("  none");
    }
    List<List<String>> rows = peers.stream().map(this::row).toList();
    Table.of(
            rows,
            (row, column, cell) -> column == TEAM ? format.colored(peers.get(row), cell) : cell)
        .forEach(line -> lines.add("  " + line));
    return lines;
  }

  private List<String> row(Peer peer) {
    return List.of(
        String.valueOf(numbers.remember(peer)),
        format.name(peer),
        peer.address().toString(),
        format.lock(peer) + PeerState.of(peer));
  }
}
