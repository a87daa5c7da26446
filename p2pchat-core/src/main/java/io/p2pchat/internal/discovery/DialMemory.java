package io.p2pchat.internal.discovery;

import io.p2pchat.PeerAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * When this node has dialed because of what others have said, so that nobody can make it dial a
 * victim again and again: one dial of an IP address in 10 minutes, and none for an hour after a
 * dial that was met by silence. Programs on this machine are told apart by their ports. Used on one
 * thread.
 */
public final class DialMemory {
  /** How many addresses are remembered. If there are more, none is dialed. */
  private static final int MOST = 4096;

  private static final long BETWEEN_NANOS = Duration.ofMinutes(10).toNanos();
  private static final long SILENCE_NANOS = Duration.ofHours(1).toNanos();

  // The one that ends first comes first, but for the few silent ones.
  private final Map<Object, Long> until = new LinkedHashMap<>();

  /** Creates an empty memory. */
  public DialMemory() {}

  /** Returns whether an address may be dialed. */
  public boolean mayDial(long now, PeerAddress address) {
    return isOver(now, target(address)) && isOver(now, address);
  }

  /** Returns whether an address may be dialed. If so, it counts as dialed now. */
  public boolean dial(long now, PeerAddress address) {
    if (!mayDial(now, address) || !hasRoom(now)) {
      return false;
    }
    Object target = target(address);
    until.remove(target);
    until.put(target, now + BETWEEN_NANOS);
    return true;
  }

  private boolean isOver(long now, Object target) {
    Long end = until.get(target);
    return end == null || now - end >= 0;
  }

  private boolean hasRoom(long now) {
    Iterator<Long> first = until.values().iterator();
    while (until.size() >= MOST && first.hasNext()) {
      if (now - first.next() >= 0) {
        first.remove();
      }
    }
    return until.size() < MOST;
  }

  /** A dialed address was silent. */
  public void silent(long now, PeerAddress address) {
    if (hasRoom(now)) {
      until.remove(address);
      until.put(address, now + SILENCE_NANOS);
    }
  }

  /** The user wants to reach a peer at these addresses. */
  public void forget(List<PeerAddress> addresses) {
    for (PeerAddress address : addresses) {
      until.remove(address);
      until.remove(target(address));
    }
  }

  private static Object target(PeerAddress address) {
    boolean own = address.ip().map(InetAddress::isLoopbackAddress).orElse(false);
    return own ? address : address.host();
  }
}
