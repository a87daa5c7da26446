package io.p2pchat.internal.session;

/**
 * Detects dead connections (PROTOCOL.md section 6). Any byte read is a sign of life. After the
 * silence timeout it pings, and after the pong timeout the connection is dead.
 *
 * <p>A long line can keep the answer to a ping away for longer. So a side that reads repeats its
 * last acknowledgement if it has said nothing for the pong timeout.
 *
 * <p>While this side has stopped reading, the timer is paused, and the last acknowledgement is
 * repeated instead.
 */
final class Liveness {
  /** What to do now. */
  enum Step {
    NOTHING,
    PING,
    REPEAT_ACK,
    DEAD
  }

  private final SessionTimeouts times;
  private long since;
  private boolean asked;
  private boolean probing;
  private boolean stopped;
  private boolean lineRead;
  private long signDue = SessionTimeouts.NEVER;

  Liveness(SessionTimeouts times) {
    this.times = times;
  }

  /** A connection has opened. */
  void opened(long now) {
    alive(now);
    said();
    lineRead = true;
  }

  /** The peer has shown itself. */
  void alive(long now) {
    since = now;
    asked = false;
    probing = false;
  }

  /** Asks for a sign of life at once. Returns whether to ping. */
  boolean probe(long now) {
    if (stopped || asked) {
      return false;
    }
    since = now;
    asked = true;
    probing = true;
    return true;
  }

  /** A line was read that needs no sign of life, or gets an answer. */
  void lineRead() {
    lineRead = true;
  }

  /** Something was read, and its lines were handled. */
  void heard(long now) {
    alive(now);
    if (!lineRead) {
      oweSign(now);
    }
    lineRead = false;
  }

  /** The peer needs a sign of life: it may have written for long, and had no answer. */
  void oweSign(long now) {
    if (signDue == SessionTimeouts.NEVER) {
      signDue = now + times.pongTimeout();
    }
  }

  /** Something was written. */
  void said() {
    signDue = SessionTimeouts.NEVER;
  }

  void setStopped(long now, boolean nowStopped) {
    stopped = nowStopped;
    alive(now);
  }

  long due() {
    return Math.min(signDue, since + patience());
  }

  Step check(long now) {
    if (now - due() < 0) {
      return Step.NOTHING;
    }
    if (now >= signDue) {
      return Step.REPEAT_ACK;
    }
    since = now;
    if (stopped) {
      return Step.REPEAT_ACK;
    }
    if (asked) {
      return Step.DEAD;
    }
    asked = true;
    return Step.PING;
  }

  private long patience() {
    if (stopped) {
      return times.repeatAck();
    }
    if (asked) {
      return probing ? times.probe() : times.pongTimeout();
    }
    return times.silence();
  }
}
