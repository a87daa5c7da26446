package io.p2pchat.cli;

import io.p2pchat.DiscoveredPeer;
import io.p2pchat.Fingerprint;
import io.p2pchat.KnownPeer;
import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerNode;
import io.p2pchat.cli.chat.PeerNames;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Finds the peers that a name stands for: those with a known key of this name, or else those that
 * discovery finds. Anybody can announce any name, so a known peer takes precedence.
 */
final class NameLookup {
  /** How long to look for a name that no known peer has. */
  static final Duration LIMIT = Duration.ofSeconds(5);

  /** How long to look for a known peer, whose last address is the alternative. */
  private static final Duration LIMIT_OF_KNOWN = Duration.ofSeconds(2);

  /**
   * How long to wait for others of the same name. A node that has just announced itself to another
   * one answers a second later.
   */
  private static final Duration MORE = Duration.ofMillis(1500);

  private static final Duration PAUSE = Duration.ofMillis(50);

  private final PeerNode node;
  private final List<KnownPeer> known;
  private final Duration limit;

  /**
   * Creates a lookup.
   *
   * @param node finds peers
   * @param known the known peers
   * @param limit how long to look; zero if nothing looks for peers
   */
  NameLookup(PeerNode node, List<KnownPeer> known, Duration limit) {
    this.node = node;
    this.known = known;
    this.limit = limit;
  }

  /** Waits for the peers with a name, or a name with digits of the key, as the chat shows it. */
  List<SendTarget> find(String name) {
    Map<Fingerprint, KnownPeer> keys = new LinkedHashMap<>();
    for (KnownPeer each : known) {
      if (PeerNames.isNamed(peer(each), name)) {
        keys.put(each.fingerprint(), each);
      }
    }
    if (keys.isEmpty()) {
      return strangers(name);
    }
    if (keys.size() > 1) {
      return keys.values().stream().map(SendTarget::of).toList();
    }
    KnownPeer one = keys.values().iterator().next();
    List<DiscoveredPeer> found = new ArrayList<>();
    await(
        limit.compareTo(LIMIT_OF_KNOWN) < 0 ? limit : LIMIT_OF_KNOWN,
        () -> found.addAll(withKey(one.fingerprint())));
    return List.of(found.isEmpty() ? SendTarget.of(one) : SendTarget.of(found.get(0)));
  }

  private List<SendTarget> strangers(String name) {
    if (await(limit, () -> !named(name).isEmpty())) {
      await(MORE, () -> false);
    }
    return named(name).stream().map(SendTarget::of).toList();
  }

  private List<DiscoveredPeer> withKey(Fingerprint key) {
    return node.discoveredPeers().stream()
        .filter(peer -> peer.known().filter(it -> it.fingerprint().equals(key)).isPresent())
        .toList();
  }

  private List<DiscoveredPeer> named(String name) {
    return node.discoveredPeers().stream()
        .filter(peer -> peer.teamName().filter(team -> PeerNames.isSame(team, name)).isPresent())
        .toList();
  }

  private static Peer peer(KnownPeer known) {
    PeerAddress address = known.address();
    return Peer.builder(address)
        .teamName(known.teamName())
        .fingerprint(known.fingerprint())
        .build();
  }

  /** Waits for a condition. Returns whether it came true in time. */
  private static boolean await(Duration time, BooleanSupplier condition) {
    long end = System.nanoTime() + time.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end >= 0) {
        return false;
      }
      try {
        TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
      } catch (InterruptedException e) {
        throw new IllegalStateException("nobody interrupts this thread", e);
      }
    }
    return true;
  }
}
