package io.p2pchat.internal.net;

import java.util.concurrent.TimeUnit;

/**
 * How many chat lines a second one peer may send, over a while: what came in one read is taken
 * whole, and reading then waits (PROTOCOL.md section 6). Not thread-safe.
 */
public final class RateLimiter {
  private final int perSecond;
  private long freeAt = System.nanoTime();

  /** Makes a rate; 0 for none. */
  public RateLimiter(int perSecond) {
    this.perSecond = perSecond;
  }

  /** Lines were taken; for how many nanoseconds none is to be read now. */
  public long taken(int lines) {
    if (perSecond == 0) {
      return 0;
    }
    long now = System.nanoTime();
    // What was not used is not saved up.
    freeAt = Math.max(freeAt, now) + lines * TimeUnit.SECONDS.toNanos(1) / perSecond;
    return freeAt - now;
  }
}
