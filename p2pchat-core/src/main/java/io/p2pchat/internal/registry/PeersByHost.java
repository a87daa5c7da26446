package io.p2pchat.internal.registry;

import io.p2pchat.PeerAddress;
import io.p2pchat.internal.security.HostPrefix;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The peers of a registry by host, with the limits on them (PROTOCOL.md section 6). Selects the
 * peer to forget for a newcomer, so that no host can displace the peers of others. Guarded by its
 * registry.
 */
final class PeersByHost {
  private final int maxInAll;
  private final int maxPerHost;
  private final Map<HostPrefix, Host> hosts = new HashMap<>();
  // By the number of peers that can be forgotten. Among equals the longest-silent host first.
  private final NavigableMap<Integer, Set<Host>> byWeight = new TreeMap<>();
  private int size;

  PeersByHost(int maxInAll, int maxPerHost) {
    this.maxInAll = maxInAll;
    this.maxPerHost = maxPerHost;
  }

  /** The peers of one host. */
  private static final class Host {
    /** The longest-silent peer first. */
    final Set<PeerRecord> peers = new LinkedHashSet<>(2);

    int unconnected;
    int wanted;

    /** Returns the number of peers that the application has not connected to. */
    int forgettable() {
      return peers.size() - wanted;
    }

    /** Returns its rank: by what it can forget. Of equals, one with unconnected peers is higher. */
    int weight() {
      return 2 * forgettable() + (unconnected > 0 ? 1 : 0);
    }

    /**
     * Returns the longest-silent peer that is not connected. If there is none and {@code connected}
     * is true, returns the longest-silent one that was connected only by its own wish.
     */
    @Nullable PeerRecord toForget(boolean connected) {
      if (unconnected == 0 && (!connected || forgettable() == 0)) {
        return null;
      }
      return peers.stream()
          .filter(peer -> unconnected > 0 ? !peer.connected : !peer.wanted)
          .findFirst()
          .orElse(null);
    }
  }

  /** The result of asking for room: none, or room after forgetting {@code toForget} if any. */
  record Room(boolean exists, @Nullable PeerRecord toForget) {}

  /**
   * Returns whether there is room for a new peer, and whom to forget first.
   *
   * @param wanted whether the application connects to it. Then it can displace peers of its host
   *     that are connected only by their own wish
   */
  Room roomFor(PeerAddress address, boolean wanted) {
    Host own = hosts.get(HostPrefix.of(address));
    if (own != null && own.peers.size() >= maxPerHost) {
      return instead(own.toForget(wanted));
    }
    if (size < maxInAll) {
      return new Room(true, null);
    }
    if (byWeight.isEmpty()) {
      return new Room(false, null);
    }
    Map.Entry<Integer, Set<Host>> largest = byWeight.lastEntry();
    if (own != null && own.weight() >= largest.getKey()) {
      return instead(own.toForget(wanted));
    }
    Host other = largest.getValue().iterator().next();
    int after = own == null ? 1 : own.forgettable() + 1;
    return instead(other.toForget(other.forgettable() > after));
  }

  private static Room instead(@Nullable PeerRecord toForget) {
    return new Room(toForget != null, toForget);
  }

  /** Returns the limit that leaves no room for a peer, for exception messages. */
  String limitFor(PeerAddress address) {
    Host own = hosts.get(HostPrefix.of(address));
    return own != null && own.peers.size() >= maxPerHost
        ? maxPerHost + " peers of its host (maxPeersPerHost)"
        : maxInAll + " peers (maxActivePeers)";
  }

  /** Adds a peer, or moves it behind the others because it was heard from. */
  void put(PeerRecord peer) {
    Host host = hosts.computeIfAbsent(peer.host, any -> new Host());
    leaveRank(host);
    take(host, peer);
    host.peers.add(peer);
    count(host, peer, 1);
    enterRank(host);
  }

  /** Removes a peer. Call it before {@link PeerRecord#connected} or its wish changes. */
  void remove(PeerRecord peer) {
    Host host = hosts.get(peer.host);
    if (host == null) {
      return;
    }
    leaveRank(host);
    take(host, peer);
    if (host.peers.isEmpty()) {
      hosts.remove(peer.host);
    } else {
      enterRank(host);
    }
  }

  private void take(Host host, PeerRecord peer) {
    if (host.peers.remove(peer)) {
      count(host, peer, -1);
    }
  }

  private void count(Host host, PeerRecord peer, int by) {
    size += by;
    host.unconnected += peer.connected ? 0 : by;
    host.wanted += peer.wanted ? by : 0;
  }

  private void leaveRank(Host host) {
    byWeight.computeIfPresent(
        host.weight(), (weight, same) -> same.remove(host) && same.isEmpty() ? null : same);
  }

  private void enterRank(Host host) {
    if (host.forgettable() > 0) {
      byWeight.computeIfAbsent(host.weight(), any -> new LinkedHashSet<>(2)).add(host);
    }
  }
}
