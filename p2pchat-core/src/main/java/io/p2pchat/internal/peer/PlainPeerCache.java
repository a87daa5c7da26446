package io.p2pchat.internal.peer;

import io.p2pchat.PeerAddress;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The addresses that recently spoke level 0 only (PROTOCOL.md section 3). Used on the event loop.
 */
final class PlainPeerCache {
  private static final long KEPT_NANOS = Duration.ofMinutes(10).toNanos();

  private final int most;
  private final Map<PeerAddress, Long> until = new LinkedHashMap<>();

  PlainPeerCache(int most) {
    this.most = most;
  }

  void add(long now, PeerAddress address) {
    until.remove(address);
    if (until.size() >= most) {
      Iterator<PeerAddress> oldest = until.keySet().iterator();
      oldest.next();
      oldest.remove();
    }
    until.put(address, now + KEPT_NANOS);
  }

  /** The address turned out to be at level 1. */
  void remove(PeerAddress address) {
    until.remove(address);
  }

  boolean contains(long now, PeerAddress address) {
    Long end = until.get(address);
    if (end != null && now >= end) {
      until.remove(address);
      return false;
    }
    return end != null;
  }
}
