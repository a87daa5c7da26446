package io.p2pchat.internal.session;

import java.util.random.RandomGenerator;

/**
 * Decides when a dial attempt times out, and when the next is due (PROTOCOL.md sections 3 and 5).
 */
final class RedialTimer {
  private final SessionTimeouts times;
  private final Backoff backoff;
  private long due = SessionTimeouts.NEVER;

  RedialTimer(SessionTimeouts times, RandomGenerator random) {
    this.times = times;
    this.backoff = new Backoff(times, random);
  }

  /** {@code HELLO} was sent. */
  void awaitWelcome(long now) {
    due = now + times.helloTimeout();
  }

  /** The connection is lost. This side redials after a delay, or only waits for the peer. */
  void begin(long now, boolean dials) {
    due = SessionTimeouts.NEVER;
    if (dials) {
      redial(now);
    }
  }

  /** Redials after a delay. */
  void redial(long now) {
    if (due == SessionTimeouts.NEVER) {
      due = now + backoff.nextWait();
    }
  }

  /** Redials at this time. */
  void redialAt(long now) {
    due = now;
  }

  /** The due action is done. */
  void done() {
    due = SessionTimeouts.NEVER;
  }

  /** There was progress, or the session has ended. The next delay is the first again. */
  void reset() {
    backoff.reset();
  }

  boolean isDue(long now) {
    return now >= due;
  }

  long due() {
    return due;
  }
}
