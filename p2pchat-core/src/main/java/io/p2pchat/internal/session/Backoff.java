package io.p2pchat.internal.session;

import java.util.random.RandomGenerator;

/**
 * The delay before each attempt to reach a peer again (PROTOCOL.md section 5). It doubles from the
 * first to the longest. Jitter keeps nodes from dialing at the same moments.
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

  /** Returns the delay before the next attempt, in nanoseconds. */
  long nextWait() {
    long wait = next;
    next = Math.min(2 * next, times.redial().longest());
    return (long) (wait * (1 + JITTER * (2 * random.nextDouble() - 1)));
  }

  /** Restarts with the first delay. */
  void reset() {
    next = times.redial().first();
  }
}
