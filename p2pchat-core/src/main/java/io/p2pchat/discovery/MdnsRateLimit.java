package io.p2pchat.discovery;

import java.net.InetAddress;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Limits how often each host, and all together, may do something. Each has a store of permits that
 * fills up again. Not thread-safe.
 */
final class MdnsRateLimit {
  private static final int MAX_HOSTS = 1024;

  private final int burst;
  private final long intervalNanos;
  private final int allHosts;
  private final Store all;
  private final Map<InetAddress, Store> hosts = new LinkedHashMap<>(16, 0.75f, true);

  private static final class Store {
    /** When the store is full again. */
    long full;

    Store(long now) {
      full = now;
    }

    boolean take(long now, long interval, int burst) {
      long from = Math.max(full, now);
      if (from - now > (burst - 1) * interval) {
        return false;
      }
      full = from + interval;
      return true;
    }
  }

  /**
   * Creates a limit.
   *
   * @param burst how many permits a host has at once
   * @param perSecond how many it gets again in a second
   * @param allHosts how many times as much all hosts together have
   */
  MdnsRateLimit(int burst, int perSecond, int allHosts, long now) {
    this.burst = burst;
    this.intervalNanos = TimeUnit.SECONDS.toNanos(1) / perSecond;
    this.allHosts = allHosts;
    this.all = new Store(now);
  }

  /** Takes a permit. Returns whether there was one. */
  boolean take(InetAddress host, long now) {
    Store store = hosts.computeIfAbsent(host, key -> new Store(now));
    if (hosts.size() > MAX_HOSTS) {
      Iterator<InetAddress> oldest = hosts.keySet().iterator();
      oldest.next();
      oldest.remove();
    }
    return store.take(now, intervalNanos, burst)
        && all.take(now, intervalNanos / allHosts, burst * allHosts);
  }
}
