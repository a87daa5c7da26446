package io.p2pchat.discovery;

import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * How long a record counts (RFC 6762 section 5.2). It is asked for again at 80, 85, 90 and 95 % of
 * its TTL, and some random time later, so that one question of many hosts serves all of them. It
 * ends at 98 %: a host that was killed has gone within the two minutes of its TTL.
 */
final class MdnsLease {
  private static final int[] REFRESHES = {80, 85, 90, 95};
  private static final int END = 98;
  private static final long GOODBYE_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** A shorter TTL is not asked for again: the host would make this one talk all the time. */
  private static final long MIN_REFRESHED_SECONDS = 60;

  private final long start;
  private final long percent;
  private final long jitter;
  private long end;
  private int refreshes;

  /**
   * Creates a lease.
   *
   * @param now the time, in nanoseconds
   * @param ttl the TTL, in seconds. Longer ones than this version's are cut
   */
  MdnsLease(long now, long ttl, RandomGenerator random) {
    long seconds = Math.min(ttl, MdnsOwnRecords.OTHER_TTL);
    this.start = now;
    this.percent = TimeUnit.SECONDS.toNanos(seconds) / 100;
    this.jitter = random.nextLong(2 * percent + 1);
    this.end = now + Math.max(END * percent, GOODBYE_NANOS);
    this.refreshes = seconds < MIN_REFRESHED_SECONDS ? REFRESHES.length : 0;
  }

  long end() {
    return end;
  }

  boolean isOver(long now) {
    return now - end >= 0;
  }

  /** Returns the seconds that are left of the TTL. */
  long ttl(long now) {
    return TimeUnit.NANOSECONDS.toSeconds(start + 100 * percent - now);
  }

  /** Returns whether more than half of the TTL is left. */
  boolean isFresh(long now) {
    return now - start < 50 * percent;
  }

  boolean isOlderThan(long nanos, long now) {
    return now - start > nanos;
  }

  /** Returns whether the record has to be asked for again, and takes it as done. */
  boolean takeDue(long now) {
    boolean due =
        refreshes < REFRESHES.length && now - start >= REFRESHES[refreshes] * percent + jitter;
    if (due) {
      refreshes++;
    }
    return due;
  }

  /** The record has gone: it ends in a second, unless somebody says it again. */
  void endSoon(long now) {
    if (end - now > GOODBYE_NANOS) {
      end = now + GOODBYE_NANOS;
    }
    refreshes = REFRESHES.length;
  }
}
