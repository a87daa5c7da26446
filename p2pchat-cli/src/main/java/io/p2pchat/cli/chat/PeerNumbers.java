package io.p2pchat.cli.chat;

import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The peers of a chat, those that have left too: by the numbers by which they are listed, which
 * they keep, and by the teams that they last named.
 *
 * <p>This class is thread-safe.
 */
final class PeerNumbers {
  private static final int MOST = 4096;

  private final Map<PeerAddress, Met> met = new LinkedHashMap<>();
  private int last;

  private record Met(int number, String team) {}

  /** Remembers a peer by the team that it has now. */
  synchronized int meet(Peer peer) {
    Met before = met.get(peer.address());
    int number = before == null ? ++last : before.number;
    met.put(peer.address(), new Met(number, peer.teamName()));
    if (met.size() > MOST) {
      met.remove(met.keySet().iterator().next());
    }
    return number;
  }

  /** The number of a peer that was met. */
  synchronized int number(PeerAddress peer) {
    return Optional.ofNullable(met.get(peer)).map(Met::number).orElse(0);
  }

  synchronized Optional<PeerAddress> numbered(int number) {
    return addresses(one -> one.number == number).stream().findFirst();
  }

  synchronized List<PeerAddress> named(Predicate<String> team) {
    return addresses(one -> team.test(one.team));
  }

  /** The team that a peer had when it was last seen. */
  synchronized Optional<String> team(PeerAddress peer) {
    return Optional.ofNullable(met.get(peer)).map(Met::team);
  }

  synchronized List<String> teams() {
    return met.values().stream().map(Met::team).distinct().toList();
  }

  private List<PeerAddress> addresses(Predicate<Met> which) {
    return met.entrySet().stream()
        .filter(each -> which.test(each.getValue()))
        .map(Map.Entry::getKey)
        .toList();
  }
}
