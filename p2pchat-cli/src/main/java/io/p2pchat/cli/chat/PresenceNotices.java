package io.p2pchat.cli.chat;

import io.p2pchat.DiscoveredPeer;
import io.p2pchat.Peer;
import io.p2pchat.PeerEvent;
import io.p2pchat.PeerEvent.PeerDiscovered;
import io.p2pchat.PeerEvent.PeerLeft;
import io.p2pchat.PeerEvent.PeerVanished;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * Says which discovered peers appear and go: one line for all that do so within half a second.
 * Above three, it counts the others. After five lines, the next one is at least half a minute after
 * the first of these. A peer can have several nodes: it runs twice, or a source still lists the
 * node that was killed. It has left with the last one, and not while it has a session.
 *
 * <p>This class is thread-safe.
 */
final class PresenceNotices {
  private static final long DELAY_NANOS = Duration.ofMillis(500).toNanos();
  private static final int BURST = 5;
  private static final long BURST_NANOS = Duration.ofSeconds(30).toNanos();
  private static final int MAX = 4096;
  private static final int MAX_NAMED = 3;

  private final Function<DiscoveredPeer, String> nameOf;
  private final Predicate<DiscoveredPeer> isActive;
  private final Predicate<DiscoveredPeer> isInSession;
  private final Consumer<String> out;
  private final LongSupplier clock;
  private final LongFunction<Executor> delayed;
  private final Map<Object, DiscoveredPeer> here = new LinkedHashMap<>();
  private final Map<Object, DiscoveredPeer> arrived = new LinkedHashMap<>();
  private final Map<Object, DiscoveredPeer> gone = new LinkedHashMap<>();
  private final Deque<Long> lines = new ArrayDeque<>();
  private boolean isDue;

  /**
   * Creates the notices.
   *
   * @param nameOf the name of a peer for people
   * @param isActive whether a peer is active; then the chat has shown it already
   * @param isInSession whether a peer has a session with a connection
   * @param out takes the lines, not escaped
   * @param clock nanoseconds
   * @param delayed returns an executor that waits for that number of nanoseconds first
   */
  PresenceNotices(
      Function<DiscoveredPeer, String> nameOf,
      Predicate<DiscoveredPeer> isActive,
      Predicate<DiscoveredPeer> isInSession,
      Consumer<String> out,
      LongSupplier clock,
      LongFunction<Executor> delayed) {
    this.nameOf = nameOf;
    this.isActive = isActive;
    this.isInSession = isInSession;
    this.out = out;
    this.clock = clock;
    this.delayed = delayed;
  }

  /** Takes an event. Others than those of discovery are about peers that the chat has shown. */
  void take(PeerEvent event) {
    if (event instanceof PeerDiscovered found) {
      discovered(found.discovered());
    } else if (event instanceof PeerVanished lost) {
      vanished(lost.discovered());
    } else if (event instanceof PeerLeft left) {
      left(left.peer());
    }
  }

  /** A peer was discovered, or more is known about it. One without a name is not worth a line. */
  synchronized void discovered(DiscoveredPeer peer) {
    Object id = FoundPeers.nodeOf(peer);
    if (!FoundPeers.asPeer(peer).named() || here.replace(id, peer) != null) {
      return;
    }
    if (gone.remove(id) != null) {
      here.put(id, peer);
    } else if (arrived.size() < MAX) {
      arrived.put(id, peer);
      await();
    }
  }

  /** A discovered peer has vanished. */
  synchronized void vanished(DiscoveredPeer peer) {
    Object id = FoundPeers.nodeOf(peer);
    arrived.remove(id);
    if (here.remove(id) != null && gone.size() < MAX) {
      gone.put(id, peer);
      await();
    }
  }

  /** The chat has shown that a peer left. Its other nodes are still here. */
  synchronized void left(Peer peer) {
    boolean isOnly = elsewhere(peer).isEmpty();
    here.values()
        .removeIf(found -> FoundPeers.isSame(found, peer) && (isOnly || isAt(found, peer)));
    gone.values().removeIf(found -> FoundPeers.isSame(found, peer));
  }

  /** Returns another node of a peer than that at its address, if one is here. */
  synchronized Optional<DiscoveredPeer> elsewhere(Peer peer) {
    List<DiscoveredPeer> same =
        here.values().stream().filter(found -> FoundPeers.isSame(found, peer)).toList();
    // The only one can be the same node at another address of its computer.
    return same.size() < 2
        ? Optional.empty()
        : same.stream().filter(found -> !isAt(found, peer)).findFirst();
  }

  private static boolean isAt(DiscoveredPeer found, Peer peer) {
    return found.addresses().contains(peer.address());
  }

  private void await() {
    if (!isDue) {
      isDue = true;
      Long first = lines.size() < BURST ? null : lines.getFirst();
      long wait = first == null ? 0 : first + BURST_NANOS - clock.getAsLong();
      delayed.apply(Math.max(DELAY_NANOS, wait)).execute(this::show);
    }
  }

  private void show() {
    text().forEach(out);
  }

  private synchronized List<String> text() {
    isDue = false;
    Set<String> arrivedNames = new LinkedHashSet<>();
    Set<String> goneNames = new LinkedHashSet<>();
    Set<Object> knownHere = places(here);
    arrived.values().stream()
        .filter(isActive.negate().and(peer -> !isAmong(knownHere, peer)))
        .map(nameOf)
        .forEach(arrivedNames::add);
    Set<Object> allHere = places(arrived);
    allHere.addAll(knownHere);
    gone.values().stream()
        .filter(peer -> !isAmong(allHere, peer) && !isInSession.test(peer))
        .map(nameOf)
        .forEach(goneNames::add);
    // Whoever has restarted is still here.
    Set<String> both = new LinkedHashSet<>(arrivedNames);
    both.retainAll(goneNames);
    arrivedNames.removeAll(both);
    goneNames.removeAll(both);
    here.putAll(arrived);
    while (here.size() > MAX) {
      here.remove(here.keySet().iterator().next());
    }
    arrived.clear();
    gone.clear();
    List<String> text = new ArrayList<>();
    add(text, arrivedNames, " is here.", " are here.");
    add(text, goneNames, " has left the network.", " have left the network.");
    if (!text.isEmpty()) {
      lines.add(clock.getAsLong());
      if (lines.size() > BURST) {
        lines.remove();
      }
    }
    return text;
  }

  private static Set<Object> places(Map<Object, DiscoveredPeer> peers) {
    Set<Object> places = new HashSet<>();
    peers.values().forEach(peer -> places.addAll(FoundPeers.places(peer)));
    return places;
  }

  private static boolean isAmong(Set<Object> places, DiscoveredPeer peer) {
    return FoundPeers.places(peer).stream().anyMatch(places::contains);
  }

  private static void add(List<String> text, Set<String> names, String one, String several) {
    if (names.isEmpty()) {
      return;
    }
    text.add(NamesText.of(List.copyOf(names), MAX_NAMED) + (names.size() == 1 ? one : several));
  }
}
