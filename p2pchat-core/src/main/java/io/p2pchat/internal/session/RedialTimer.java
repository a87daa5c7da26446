package io.p2pchat.internal.session;

import java.util.random.RandomGenerator;

/**
 * Decides when a dial attempt times out, and when the next is due (PROTOCOL.md sections 3 and 5).
 */
final class RedialTimer {
  private final SessionTimeouts times;
  private final Backoff backoff;
  private long openSince;
  private long due = SessionTimeouts.NEVER;

  /** When a redial would have been due without the one ahead of it. */
  private long usual = SessionTimeouts.NEVER;

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

  /** Redials after a delay. A redial ahead of its time has changed nothing about the usual one. */
  void redial(long now) {
    if (due == SessionTimeouts.NEVER) {
      due = isAhead() ? Math.max(now, usual) : now + backoff.nextWait();
      usual = SessionTimeouts.NEVER;
    }
  }

  /** Redials ahead of the usual time, unless this side only waits for the peer. */
  void redialAhead(long at) {
    if (at < due && due != SessionTimeouts.NEVER) {
      usual = isAhead() ? usual : due;
      due = at;
    }
  }

  /** Returns whether the redial is ahead of the usual one. */
  boolean isAhead() {
    return usual != SessionTimeouts.NEVER;
  }

  /** Redials at this time. */
  void redialAt(long now) {
    due = now;
  }

  /** The due action is done. */
  void done() {
    due = SessionTimeouts.NEVER;
  }

  /** The connection is open. */
  void opened(long now) {
    due = SessionTimeouts.NEVER;
    usual = SessionTimeouts.NEVER;
    openSince = now;
  }

  /** The open connection is lost, and the peer had answered on it. It counts if it has lasted. */
  void lost(long now) {
    if (now - openSince >= times.lasting()) {
      reset();
    }
  }

  /**
   * There was progress, the session has ended, or the peer was found. The next delay is the first
   * again.
   */
  void reset() {
    backoff.reset();
    usual = SessionTimeouts.NEVER;
  }

  boolean isDue(long now) {
    return now >= due;
  }

  long due() {
    return due;
  }
}
