package io.p2pchat.internal.session;

import io.p2pchat.NodeSettings;
import java.util.concurrent.TimeUnit;

/**
 * The times of a session, in nanoseconds (PROTOCOL.md sections 3, 5 and 6).
 *
 * @param helloTimeout how long a {@code HELLO} may be unanswered
 * @param redial the waits for a connection
 * @param silence the silence after which the peer is asked for a sign of life; it may then be
 *     silent for two thirds of it further
 * @param ackDelay the longest delay of an acknowledgement
 * @param repeatAck how often it is repeated while this side has stopped reading
 * @param leaverWait how long a leaver waits for the acknowledgement of its {@code exit}
 * @param leftWait how long the peer waits for the leaver to end the session
 */
public record SessionTimeouts(
    long helloTimeout,
    Redial redial,
    long silence,
    long ackDelay,
    long repeatAck,
    long leaverWait,
    long leftWait) {
  /** No time: nothing is due. */
  public static final long NEVER = Long.MAX_VALUE;

  /** The times of the specification. */
  public static final SessionTimeouts DEFAULTS =
      new SessionTimeouts(
          TimeUnit.SECONDS.toNanos(5),
          new Redial(
              TimeUnit.MILLISECONDS.toNanos(250),
              TimeUnit.SECONDS.toNanos(30),
              TimeUnit.MINUTES.toNanos(2)),
          TimeUnit.SECONDS.toNanos(15),
          TimeUnit.MILLISECONDS.toNanos(20),
          TimeUnit.SECONDS.toNanos(10),
          TimeUnit.SECONDS.toNanos(1),
          TimeUnit.SECONDS.toNanos(2));

  /** The longest wait for a connection over the first. */
  private static final int REDIAL_FACTOR = 120;

  /**
   * The waits for a connection.
   *
   * @param first the wait before a lost connection is dialed again
   * @param longest the longest such wait
   * @param giveUp how long a session is kept without a connection
   */
  public record Redial(long first, long longest, long giveUp) {}

  /**
   * The times of the specification, but for those that are set. Acknowledgements have no delay:
   * what was taken is to be gathered before the session is told of it.
   */
  public static SessionTimeouts of(NodeSettings settings) {
    long first = settings.redialDelay().toNanos();
    return new SessionTimeouts(
        DEFAULTS.helloTimeout,
        new Redial(first, REDIAL_FACTOR * first, settings.sessionTimeout().toNanos()),
        settings.silenceTimeout().toNanos(),
        0,
        DEFAULTS.repeatAck,
        DEFAULTS.leaverWait,
        DEFAULTS.leftWait);
  }

  /** How long a peer that was asked for a sign of life may be silent. */
  public long pongTimeout() {
    return silence * 2 / 3;
  }
}
