package io.p2pchat.internal.session;

/**
 * Measures how long a session has made no progress (PROTOCOL.md section 5). Progress is that the
 * peer takes lines or, while none wait, that it answers on an open connection. A new connection
 * alone is none. Bytes that the network takes of waiting lines are none either, but they put off
 * the end for a while: a long line on a slow link may arrive yet.
 *
 * <p>The time stands still while this side does not read an open connection because its application
 * is behind: it cannot learn of progress then. It runs again when this side has read more lines
 * than a network can hold: an acknowledgement would have arrived before them.
 */
final class ProgressTimer {
  /** Lines of more bytes than the buffers of a connection have by default on Linux. */
  private static final int LINES_ON_THE_WAY = 256 * 1024;

  private final SessionTimeouts times;
  private long since = SessionTimeouts.NEVER;
  private long openSince;
  private long drainedAt;
  private long pausedAt = SessionTimeouts.NEVER;
  private boolean reported;
  private long linesRead;

  ProgressTimer(SessionTimeouts times) {
    this.times = times;
  }

  /** Progress is needed: lines wait, or there is no connection. */
  void expect(long now) {
    if (since == SessionTimeouts.NEVER) {
      since = now;
    }
  }

  boolean isExpected() {
    return since != SessionTimeouts.NEVER;
  }

  /** There was progress. {@code more} says whether further progress is needed. */
  void made(long now, boolean more) {
    since = more ? now : SessionTimeouts.NEVER;
    reported = false;
    linesRead = 0;
  }

  /** The session has ended. */
  void clear() {
    since = SessionTimeouts.NEVER;
    pausedAt = SessionTimeouts.NEVER;
    reported = false;
    linesRead = 0;
  }

  /** Chat lines have arrived. */
  void read(int lines) {
    linesRead += isExpected() ? lines : 0;
  }

  /** A connection has opened, in the place of no other. The peer gets time. */
  void opened(long now) {
    openSince = now;
    drainedAt = now;
  }

  /** The network has taken bytes that waited for it on the open connection. */
  void drained(long now) {
    drainedAt = now;
  }

  /** This side's application has fallen behind or caught up, or the connection was lost. */
  void setPaused(long now, boolean paused) {
    if (!paused && pausedAt != SessionTimeouts.NEVER) {
      if (isExpected()) {
        since += now - Math.max(pausedAt, since);
      }
      openSince += now - Math.max(pausedAt, openSince);
      drainedAt += now - Math.max(pausedAt, drainedAt);
      pausedAt = SessionTimeouts.NEVER;
    } else if (paused && pausedAt == SessionTimeouts.NEVER && linesRead < LINES_ON_THE_WAY) {
      pausedAt = now;
    }
  }

  /** Returns when to report that the connected peer takes nothing. */
  long stalledAt() {
    return isRunning() && !reported
        ? Math.max(since, openSince) + times.stall()
        : SessionTimeouts.NEVER;
  }

  /** The report is made. The next one needs progress first. */
  void report() {
    reported = true;
  }

  /** Returns whether it is reported that the peer takes nothing. */
  boolean isReported() {
    return reported;
  }

  /** Returns whether the network has taken nothing for as long as is reported of the peer. */
  boolean isStuck(long now) {
    return now - drainedAt >= times.stall();
  }

  /**
   * Returns when to give up. An open connection gets at least the time in which a silent one would
   * be found dead. While it drains, it gets as long again as without: a peer that reads little by
   * little and acknowledges nothing is given up after twice the time.
   */
  long giveUpAt(boolean open) {
    if (!isRunning()) {
      return SessionTimeouts.NEVER;
    }
    long end = since + times.redial().giveUp();
    if (!open) {
      return end;
    }
    long draining = Math.min(drainedAt + times.death(), end + times.redial().giveUp());
    return Math.max(Math.max(end, draining), Math.max(since, openSince) + times.death());
  }

  private boolean isRunning() {
    return isExpected() && pausedAt == SessionTimeouts.NEVER;
  }
}
