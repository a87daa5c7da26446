package io.p2pchat.discovery;

import java.util.concurrent.TimeUnit;

/**
 * Recognizes that the machine was asleep, or the process stopped: the clock of the day, or the time
 * between two looks, is ahead. Not thread-safe.
 */
final class ClockJump {
  private static final long MAX_MILLIS = 10_000;

  private final long intervalMillis;
  private long dayMillis;
  private long nanos;

  /**
   * Starts to watch.
   *
   * @param intervalMillis the usual time between two looks
   * @param dayMillis the clock of the day
   * @param nanos the clock of the process
   */
  ClockJump(long intervalMillis, long dayMillis, long nanos) {
    this.intervalMillis = intervalMillis;
    this.dayMillis = dayMillis;
    this.nanos = nanos;
  }

  /** Returns whether one of the clocks has jumped by more than ten seconds since the last look. */
  boolean look(long dayMillis, long nanos) {
    long day = dayMillis - this.dayMillis;
    long process = TimeUnit.NANOSECONDS.toMillis(nanos - this.nanos);
    this.dayMillis = dayMillis;
    this.nanos = nanos;
    return Math.abs(day - process) > MAX_MILLIS || process - intervalMillis > MAX_MILLIS;
  }
}
