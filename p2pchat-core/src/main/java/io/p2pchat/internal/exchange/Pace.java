package io.p2pchat.internal.exchange;

import java.time.Duration;

/** Permits a number of things at once, and then one in each interval. Not thread-safe. */
final class Pace {
  private final long interval;
  private final long burst;
  private long next;
  private boolean begun;

  Pace(int atOnce, Duration interval) {
    this.interval = interval.toNanos();
    this.burst = (atOnce - 1) * this.interval;
  }

  boolean permits(long now) {
    return !begun || now - next >= 0;
  }

  void take(long now) {
    long earliest = now - burst;
    next = (begun && next - earliest > 0 ? next : earliest) + interval;
    begun = true;
  }
}
