package io.p2pchat.internal.session;

import java.util.random.RandomGenerator;

/**
 * How long to wait before each attempt to reach a peer again: doubling from the first to the
 * longest, with jitter, so that two nodes or a thousand do not keep dialing at the same moments
 * (PROTOCOL.md section 5).
 */
final class Backoff {
  private static final double JITTER = 0.2;
  private final SessionTimeouts times;
  private final RandomGenerator random;
  private long next;

  Backoff(SessionTimeouts times, RandomGenerator random) {
    this.times = times;
    this.random = random;
    this.next = times.redial().first();
  }

  /** The wait before the next attempt, in nanoseconds. */
  long nextWait() {
    long wait = next;
    next = Math.min(2 * next, times.redial().longest());
    return (long) (wait * (1 + JITTER * (2 * random.nextDouble() - 1)));
  }

  /** A connection was held: the next wait is the first again. */
  void reset() {
    next = times.redial().first();
  }
}
