package io.p2pchat.internal.session;

import java.util.random.RandomGenerator;

/**
 * Decides when a dial attempt times out, when the next is due, and when to give up (PROTOCOL.md
 * sections 3 and 5).
 */
final class RedialTimer {
  private final SessionTimeouts times;
  private final Backoff backoff;
  private long due = SessionTimeouts.NEVER;
  private long giveUpAt = SessionTimeouts.NEVER;

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
    if (giveUpAt == SessionTimeouts.NEVER) {
      giveUpAt = now + times.redial().giveUp();
    }
  }

  /** Redials after a delay. */
  void redial(long now) {
    if (due == SessionTimeouts.NEVER) {
      due = now + backoff.nextWait();
    }
  }

  /** The due action is done. */
  void done() {
    due = SessionTimeouts.NEVER;
  }

  /** No attempt is needed any more. The next one starts with the first delay. */
  void stop() {
    due = SessionTimeouts.NEVER;
    giveUpAt = SessionTimeouts.NEVER;
    backoff.reset();
  }

  boolean isDue(long now) {
    return now >= due;
  }

  boolean isGivenUp(long now) {
    return now >= giveUpAt;
  }

  long next() {
    return Math.min(due, giveUpAt);
  }
}
