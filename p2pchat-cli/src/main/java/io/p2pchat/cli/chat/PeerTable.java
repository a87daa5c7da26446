package io.p2pchat.cli.chat;

import io.p2pchat.DiscoveredPeer;
import io.p2pchat.Fingerprint;
import io.p2pchat.Peer;
import io.p2pchat.PeerNode;
import io.p2pchat.cli.output.Table;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Formats the peers as columns, with a number for each peer. Connected peers come first, then those
 * that are online, then by name.
 */
final class PeerTable {
  private static final int TEAM = 1;
  private static final int MAX_DISCOVERED = 10;
  private static final String CONNECTED = "connected";

  private static final Comparator<Row> ORDER =
      Comparator.comparing((Row row) -> !row.kind.equals(CONNECTED))
          .thenComparing(row -> row.peer.state() != Peer.State.REACHABLE)
          .thenComparing(row -> row.peer.teamName(), String.CASE_INSENSITIVE_ORDER);

  private static final Comparator<DiscoveredPeer> FOUND_ORDER =
      Comparator.comparing((DiscoveredPeer found) -> found.known().isEmpty())
          .thenComparing(
              found -> FoundPeers.asPeer(found).teamName(), String.CASE_INSENSITIVE_ORDER);

  private record Row(Peer peer, String kind) {}

  private final ChatFormat format;
  private final PeerNumbers numbers;
  private final Unread unread;
  private final Supplier<List<Peer>> waiting;
  private final Predicate<Peer> ignored;

  /**
   * Creates it.
   *
   * @param waiting returns the peers with kept or unread messages. The table has those that have
   *     left, too
   * @param ignored whether the messages of a peer are hidden
   */
  PeerTable(
      ChatFormat format,
      PeerNumbers numbers,
      Unread unread,
      Supplier<List<Peer>> waiting,
      Predicate<Peer> ignored) {
    this.ignored = ignored;
    this.format = format;
    this.numbers = numbers;
    this.unread = unread;
    this.waiting = waiting;
  }

  List<String> of(PeerNode node) {
    // In both lists of the node, a peer may have changed between the two calls.
    Map<Peer, Peer> peers = new LinkedHashMap<>();
    node.activePeers().forEach(peer -> peers.put(peer, peer));
    node.connectedPeers().forEach(peer -> peers.put(peer, peer));
    List<DiscoveredPeer> found = new FoundPeers(node).all();
    Set<Fingerprint> here =
        Stream.concat(peers.values().stream(), found.stream().map(FoundPeers::asPeer))
            .flatMap(peer -> peer.fingerprint().stream())
            .collect(Collectors.toSet());
    List<Row> rows = new ArrayList<>();
    peers
        .values()
        .forEach(peer -> rows.add(new Row(peer, peer.connected() ? CONNECTED : "active")));
    waiting.get().stream()
        .filter(peer -> peer.fingerprint().filter(here::contains).isEmpty())
        .forEach(peer -> rows.add(new Row(peer, "known")));
    rows.sort(ORDER);
    List<String> lines = new ArrayList<>(ofRows(rows));
    lines.addAll(ofDiscovered(found));
    return lines;
  }

  /**
   * Returns the first of the discovered peers, if there are any. A flood must not hide the rest.
   */
  private List<String> ofDiscovered(List<DiscoveredPeer> all) {
    if (all.isEmpty()) {
      return List.of();
    }
    List<String> lines = new ArrayList<>(List.of(format.bold("Discovered peers, not yet active:")));
    List<DiscoveredPeer> shown = all.stream().limit(MAX_DISCOVERED).sorted(FOUND_ORDER).toList();
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
        format.discovered(found) + remarks(peer));
  }

  private List<String> ofRows(List<Row> rows) {
    List<String> lines = new ArrayList<>(List.of(format.bold("Peers:")));
    if (rows.isEmpty()) {
      lines.add("  none");
    }
    Table.of(
            rows.stream().map(this::row).toList(),
            (row, column, cell) -> column == TEAM ? format.colored(rows.get(row).peer, cell) : cell)
        .forEach(line -> lines.add("  " + line));
    return lines;
  }

  private List<String> row(Row row) {
    Peer peer = row.peer;
    return List.of(
        String.valueOf(numbers.remember(peer)),
        format.name(peer),
        peer.address().toString(),
        row.kind,
        format.state(peer) + remarks(peer));
  }

  private String remarks(Peer peer) {
    int count = unread.of(peer);
    return (count == 0 ? "" : ", " + count + " unread") + (ignored.test(peer) ? ", ignored" : "");
  }
}
