package io.p2pchat.cli.chat;

import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The peers of a chat, including those that have left, by number and by last team. A peer keeps its
 * number.
 *
 * <p>This class is thread-safe.
 */
final class PeerNumbers {
  private static final int MAX = 4096;

  private final Map<PeerAddress, Entry> peers = new LinkedHashMap<>();
  private int last;

  private record Entry(int number, String team) {}

  /** Remembers a peer with its current team. Returns its number. */
  synchronized int remember(Peer peer) {
    Entry before = peers.get(peer.address());
    int number = before == null ? ++last : before.number;
    peers.put(peer.address(), new Entry(number, peer.teamName()));
    if (peers.size() > MAX) {
      peers.remove(peers.keySet().iterator().next());
    }
    return number;
  }

  /** Returns the number of a remembered peer, or 0. */
  synchronized int number(PeerAddress peer) {
    return Optional.ofNullable(peers.get(peer)).map(Entry::number).orElse(0);
  }

  synchronized Optional<PeerAddress> numbered(int number) {
    return addresses(one -> one.number == number).stream().findFirst();
  }

  synchronized List<PeerAddress> named(Predicate<String> team) {
    return addresses(one -> team.test(one.team));
  }

  /** Returns the last team of a peer. */
  synchronized Optional<String> team(PeerAddress peer) {
    return Optional.ofNullable(peers.get(peer)).map(Entry::team);
  }

  synchronized List<String> teams() {
    return peers.values().stream().map(Entry::team).distinct().toList();
  }

  private List<PeerAddress> addresses(Predicate<Entry> which) {
    return peers.entrySet().stream()
        .filter(each -> which.test(each.getValue()))
        .map(Map.Entry::getKey)
        .toList();
  }
}
