package io.p2pchat.internal.session;

/**
 * Detects dead connections (PROTOCOL.md section 6). Any byte read is a sign of life. After the
 * silence timeout it pings, and after the pong timeout the connection is dead.
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
  private boolean stopped;

  Liveness(SessionTimeouts times) {
    this.times = times;
  }

  /** Something was read, or a connection opened. */
  void heard(long now) {
    since = now;
    asked = false;
  }

  void setStopped(long now, boolean nowStopped) {
    stopped = nowStopped;
    heard(now);
  }

  long due() {
    return since + patience();
  }

  Step check(long now) {
    if (now - due() < 0) {
      return Step.NOTHING;
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
    return asked ? times.pongTimeout() : times.silence();
  }
}
