package io.p2pchat.cli.terminal;

import io.p2pchat.PeerAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The numbers by which peers are listed: one keeps its number as long as the chat goes on. */
final class PeerNumbers {
  private static final int MOST = 4096;

  private final Map<PeerAddress, Integer> numbers = new LinkedHashMap<>();
  private int last;

  /** The number of a peer, a new one if it has none. */
  int of(PeerAddress peer) {
    int number = numbers.computeIfAbsent(peer, it -> ++last);
    if (numbers.size() > MOST) {
      numbers.remove(numbers.keySet().iterator().next());
    }
    return number;
  }

  Optional<PeerAddress> peer(int number) {
    return numbers.entrySet().stream()
        .filter(each -> each.getValue() == number)
        .map(Map.Entry::getKey)
        .findFirst();
  }
}
