package io.p2pchat.internal.session;

import java.util.random.RandomGenerator;

/**
 * When an attempt to have a connection is over, the next one is due, and no further one is made
 * (PROTOCOL.md sections 3 and 5).
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

  /** {@code HELLO} is sent. */
  void awaitWelcome(long now) {
    due = now + times.helloTimeout();
  }

  /** There is no connection: it is dialed again after a wait, or only awaited. */
  void begin(long now, boolean dials) {
    due = SessionTimeouts.NEVER;
    if (dials) {
      redial(now);
    }
    if (giveUpAt == SessionTimeouts.NEVER) {
      giveUpAt = now + times.redial().giveUp();
    }
  }

  /** It is dialed after a wait. */
  void redial(long now) {
    if (due == SessionTimeouts.NEVER) {
      due = now + backoff.nextWait();
    }
  }

  /** What was due is done. */
  void done() {
    due = SessionTimeouts.NEVER;
  }

  /** No attempt is needed any more; the next one is a first one. */
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
