package io.p2pchat.internal.net;

import java.util.concurrent.TimeUnit;

/**
 * How long something takes, without the time in which this machine is too busy to notice its end.
 * The time consists of steps. A step that ends late does not count.
 */
public final class CountedTime {
  /** From when on the end of a step is late. A thread that need not wait for a core is faster. */
  private static final long LATE = TimeUnit.MILLISECONDS.toNanos(10);

  private final long step;
  private long due;
  private long counted;

  /**
   * Creates a time of zero.
   *
   * @param step the length of a step in nanoseconds
   */
  public CountedTime(long step) {
    this.step = step;
  }

  /** Begins a step. Returns its length in nanoseconds. */
  public long begin(long now) {
    due = now + step;
    return step;
  }

  /** A step has ended. Returns the time that counts until now, in nanoseconds. */
  public long end(long now) {
    if (now - due < Math.min(LATE, step / 2)) {
      counted += step;
    }
    return counted;
  }
}
