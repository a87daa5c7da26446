package io.p2pchat.internal.exchange;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** Permits one line in an interval for each sender or receiver. Bounded. Not thread-safe. */
final class LineLimit {
  private static final int MOST = 65_536;

  private final long interval;

  /** When the last line was permitted, the oldest first. */
  private final Map<Object, Long> last = new LinkedHashMap<>();

  LineLimit(Duration interval) {
    this.interval = interval.toNanos();
  }

  boolean permits(Object peer, long now) {
    Long before = last.get(peer);
    return before == null ? last.size() < MOST : now - before >= interval;
  }

  void take(Object peer, long now) {
    last.remove(peer);
    last.put(peer, now);
  }

  void forget(long now) {
    while (!last.isEmpty() && now - last.values().iterator().next() >= interval) {
      last.remove(last.keySet().iterator().next());
    }
  }
}
