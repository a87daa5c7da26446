package io.p2pchat.cli.chat;

import io.p2pchat.DiscoveredPeer;
import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The peers of a chat, including those that have left, by number. A peer keeps its number wherever
 * it is, and no other peer gets it. Those that are known at the start have the first numbers.
 *
 * <p>This class is thread-safe.
 */
final class PeerNumbers {
  private static final int MAX = 4096;

  private final Map<Peer, Entry> peers = new LinkedHashMap<>();
  private final Map<Object, FoundEntry> found = new LinkedHashMap<>();
  private final Supplier<List<Peer>> known;

  /** The numbers of the peers that were known at the start, and are not yet met. */
  private final Map<Peer, Integer> reserved = new HashMap<>();

  private int last;
  private boolean loaded;

  private record Entry(int number, Peer peer) {}

  private record FoundEntry(int number, DiscoveredPeer peer) {}

  /**
   * Creates numbers.
   *
   * @param known reads the known peers in the order of their first numbers; first called when a
   *     number is needed
   */
  PeerNumbers(Supplier<List<Peer>> known) {
    this.known = known;
  }

  private void load() {
    if (!loaded) {
      loaded = true;
      known.get().stream().limit(MAX).forEach(peer -> reserved.putIfAbsent(peer, ++last));
    }
  }

  /** Remembers a peer as it is now. Returns its number. */
  synchronized int remember(Peer peer) {
    load();
    Entry before = Optional.ofNullable(peers.get(peer)).orElseGet(() -> removeUnencrypted(peer));
    int number = before == null ? newNumber(peer) : before.number;
    peers.put(peer, new Entry(number, peer));
    if (peers.size() > MAX) {
      peers.remove(peers.keySet().iterator().next());
    }
    return number;
  }

  private int newNumber(Peer peer) {
    Integer kept = reserved.get(peer);
    return kept == null ? removeFound(peer).orElseGet(() -> ++last) : kept;
  }

  /**
   * Remembers a discovered peer. It keeps its number when it becomes active. Returns its number.
   */
  synchronized int remember(DiscoveredPeer peer) {
    if (peer.known().isPresent()) {
      return remember(FoundPeers.asPeer(peer));
    }
    load();
    Object node = FoundPeers.nodeOf(peer);
    FoundEntry before = found.get(node);
    int number = before == null ? ++last : before.number;
    found.put(node, new FoundEntry(number, peer));
    if (found.size() > MAX) {
      found.remove(found.keySet().iterator().next());
    }
    return number;
  }

  private Optional<Integer> removeFound(Peer peer) {
    Optional<FoundEntry> same =
        found.values().stream().filter(each -> FoundPeers.isSame(each.peer, peer)).findFirst();
    same.ifPresent(each -> found.values().remove(each));
    return same.map(FoundEntry::number);
  }

  /** A peer that has shown no key before is still the same peer. */
  private @Nullable Entry removeUnencrypted(Peer peer) {
    Peer unencrypted = Peer.builder(peer.address()).build();
    Entry before = peers.get(unencrypted);
    if (before == null
        || (before.peer.named() && !before.peer.teamName().equals(peer.teamName()))) {
      return null;
    }
    return peers.remove(unencrypted);
  }

  /** Returns the peer with this number, as it was last remembered. */
  synchronized Optional<Recipient> numbered(int number) {
    return peers.values().stream()
        .filter(each -> each.number == number)
        .map(each -> Recipient.of(each.peer))
        .findFirst()
        .or(
            () ->
                found.values().stream()
                    .filter(each -> each.number == number)
                    .map(each -> Recipient.of(each.peer))
                    .findFirst());
  }

  /** Returns the peer that was last remembered at this address. */
  synchronized Optional<Peer> at(PeerAddress address) {
    return peers.values().stream()
        .map(Entry::peer)
        .filter(peer -> peer.address().equals(address))
        .reduce((earlier, later) -> later);
  }

  /** Returns all peers, as they were last remembered. */
  synchronized List<Peer> peers() {
    return peers.values().stream().map(Entry::peer).toList();
  }
}
