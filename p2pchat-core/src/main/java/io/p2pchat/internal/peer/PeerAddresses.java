package io.p2pchat.internal.peer;

import io.p2pchat.PeerAddress;
import io.p2pchat.internal.registry.PeerRegistry;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Where the peer of one endpoint is, and in which order it is dialed there (PROTOCOL.md section 5).
 * An address has <em>answered</em> if this node dialed it and found the peer. Otherwise the peer
 * only <em>claims</em> it. Used on the event loop.
 */
final class PeerAddresses {
  private static final int MOST = PeerRegistry.MOST_ADDRESSES;

  private final List<PeerAddress> answered = new ArrayList<>(1);
  private final List<PeerAddress> claimed = new ArrayList<>(0);

  /** Returns where to connect to, for an address without a host name. */
  static InetSocketAddress target(PeerAddress address) {
    InetAddress ip =
        address.ip().orElseThrow(() -> new IllegalArgumentException("not resolved: " + address));
    return new InetSocketAddress(ip, address.port());
  }

  /** The peer has answered at a dialed address. */
  void answered(PeerAddress address) {
    claimed.remove(address);
    addFirst(answered, address);
    while (answered.size() + claimed.size() > MOST) {
      removeLast(claimed.isEmpty() ? answered : claimed);
    }
  }

  /** The peer has answered at a dialed address, while its connection at another one is in use. */
  void answeredToo(PeerAddress address) {
    List<PeerAddress> before = List.copyOf(answered);
    answered(address);
    if (!before.isEmpty()) {
      addFirst(answered, before.get(0));
    }
  }

  /**
   * The peer has dialed, and claims to listen at an address.
   *
   * @param stays whether it stays there, and so can be dialed
   */
  void claimed(PeerAddress address, boolean stays) {
    if (stays && !answered.contains(address)) {
      addFirst(claimed, address);
      while (answered.size() + claimed.size() > MOST && claimed.size() > 1) {
        removeLast(claimed);
      }
    }
  }

  /**
   * Returns the addresses to dial, in order.
   *
   * @param known where else the peer may be, tried before its claims
   * @param hints where it may be too, tried after those
   */
  Set<PeerAddress> toDial(List<PeerAddress> known, List<PeerAddress> hints) {
    Set<PeerAddress> all = new LinkedHashSet<>(answered);
    known.stream()
        .filter(address -> !claimed.contains(address))
        .distinct()
        .limit(MOST)
        .forEach(all::add);
    all.addAll(claimed);
    all.addAll(hints);
    return all;
  }

  private static void addFirst(List<PeerAddress> addresses, PeerAddress address) {
    addresses.remove(address);
    addresses.add(0, address);
  }

  private static void removeLast(List<PeerAddress> addresses) {
    addresses.remove(addresses.size() - 1);
  }
}
