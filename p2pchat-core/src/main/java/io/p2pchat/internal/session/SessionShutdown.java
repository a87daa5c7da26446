package io.p2pchat.internal.session;

/** Whether a side leaves, and how long it waits for the other (PROTOCOL.md section 5). */
final class SessionShutdown {
  private final SessionTimeouts times;
  private long exitNumber = SessionTimeouts.NEVER;
  private long over = SessionTimeouts.NEVER;

  SessionShutdown(SessionTimeouts times) {
    this.times = times;
  }

  /** This side leaves. Its {@code exit} is the line with this number. */
  void leave(long number) {
    exitNumber = number;
  }

  /** This side's {@code exit}, if any, is about to be written. */
  void open(long now) {
    if (exitNumber != SessionTimeouts.NEVER && over == SessionTimeouts.NEVER) {
      over = now + times.leaverWait();
    }
  }

  /** The peer leaves. */
  void left(long now) {
    over = now + times.leftWait();
  }

  /** A new session begins, because the peer is back. */
  void begin() {
    if (exitNumber == SessionTimeouts.NEVER) {
      over = SessionTimeouts.NEVER;
    }
  }

  /** The session has ended. */
  void end() {
    exitNumber = SessionTimeouts.NEVER;
    over = SessionTimeouts.NEVER;
  }

  /** Returns whether the session ends with its connection. */
  boolean isUnderWay() {
    return over != SessionTimeouts.NEVER;
  }

  /**
   * Returns the number after the last line of the session. No line follows either side's {@code
   * exit}.
   */
  long lastLine() {
    if (exitNumber != SessionTimeouts.NEVER) {
      return exitNumber + 1;
    }
    return isUnderWay() ? 0 : SessionTimeouts.NEVER;
  }

  /** Returns the number of this side's {@code exit}, or {@link SessionTimeouts#NEVER}. */
  long exitNumber() {
    return exitNumber;
  }

  long over() {
    return over;
  }

  boolean isOver(long now) {
    return now >= over;
  }
}
