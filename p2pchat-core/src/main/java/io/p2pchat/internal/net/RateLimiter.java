package io.p2pchat.internal.net;

import java.util.concurrent.TimeUnit;

/**
 * Limits the average rate of chat lines from one source. Lines of one read are always accepted, and
 * reading then pauses (PROTOCOL.md section 6). Not thread-safe.
 */
public final class RateLimiter {
  private final int perSecond;
  private long freeAt = System.nanoTime();

  /** Creates a limiter; 0 means no limit. */
  public RateLimiter(int perSecond) {
    this.perSecond = perSecond;
  }

  /** Counts received lines. Returns for how many nanoseconds to pause reading. */
  public long taken(int lines) {
    if (perSecond == 0) {
      return 0;
    }
    long now = System.nanoTime();
    // Unused rate is not saved up.
    freeAt = Math.max(freeAt, now) + lines * TimeUnit.SECONDS.toNanos(1) / perSecond;
    return freeAt - now;
  }
}
