package io.p2pchat.cli.chat;

import io.p2pchat.DiscoveredPeer;
import io.p2pchat.Peer;
import io.p2pchat.PeerNode;
import io.p2pchat.cli.output.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Formats the peers as columns, with a number for each peer. */
final class PeerTable {
  private static final int TEAM = 1;
  private static final int MAX_DISCOVERED = 10;

  private final ChatFormat format;
  private final PeerNumbers numbers;
  private final Unread unread;

  PeerTable(ChatFormat format, PeerNumbers numbers, Unread unread) {
    this.format = format;
    this.numbers = numbers;
    this.unread = unread;
  }

  List<String> of(PeerNode node) {
    // In both lists of the node, a peer may have changed between the two calls.
    Map<Peer, Peer> peers = new LinkedHashMap<>();
    node.activePeers().forEach(peer -> peers.put(peer, peer));
    node.connectedPeers().forEach(peer -> peers.put(peer, peer));
    List<String> lines = new ArrayList<>(of(List.copyOf(peers.values())));
    lines.addAll(of(new FoundPeers(node)));
    return lines;
  }

  /**
   * Returns the first of the discovered peers, if there are any. A flood must not hide the rest.
   */
  private List<String> of(FoundPeers found) {
    List<DiscoveredPeer> all = found.all();
    if (all.isEmpty()) {
      return List.of();
    }
    List<String> lines = new ArrayList<>(List.of(format.bold("Discovered peers, not yet active:")));
    List<DiscoveredPeer> shown = all.subList(0, Math.min(all.size(), MAX_DISCOVERED));
    Table.of(
            shown.stream().map(this::row).toList(),
            (row, column, cell) ->
                column == TEAM ? format.colored(FoundPeers.asPeer(shown.get(row)), cell) : cell)
        .forEach(line -> lines.add("  " + line));
    if (all.size() > shown.size()) {
      lines.add(
          "  and " + (all.size() - shown.size()) + " more; Tab after /msg completes their names");
    }
    return lines;
  }

  private List<String> row(DiscoveredPeer found) {
    Peer peer = FoundPeers.asPeer(found);
    return List.of(
        String.valueOf(numbers.remember(found)),
        peer.named() ? format.name(peer) : "?",
        peer.address().toString(),
        format.discovered(found));
  }

  private List<String> of(List<Peer> peers) {
    List<String> lines = new ArrayList<>(List.of(format.bold("Peers:")));
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
        peer.connected() ? "connected" : "active",
        format.state(peer) + unread(peer));
  }

  private String unread(Peer peer) {
    int count = unread.of(peer);
    return count == 0 ? "" : ", " + count + " unread";
  }
}
