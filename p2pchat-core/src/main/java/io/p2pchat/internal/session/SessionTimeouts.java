package io.p2pchat.internal.session;

import io.p2pchat.NodeSettings;
import java.util.concurrent.TimeUnit;

/**
 * The timeouts of a session, in nanoseconds (PROTOCOL.md sections 3, 5 and 6).
 *
 * @param firstContact how long a first contact is tried again after it was cut behind the greeting
 * @param redial the redial delays
 * @param stall how long a connected peer may take nothing while lines wait, before that is reported
 * @param silence the silence after which the peer is pinged; it then has two thirds of this time to
 *     answer
 * @param ackDelay the longest delay of an acknowledgement
 */
public record SessionTimeouts(
    long firstContact, Redial redial, long stall, long silence, long ackDelay) {
  /** Never: nothing is due. */
  public static final long NEVER = Long.MAX_VALUE;

  /** The timeouts of the specification. */
  public static final SessionTimeouts DEFAULTS =
      new SessionTimeouts(
          TimeUnit.SECONDS.toNanos(5),
          new Redial(
              TimeUnit.MILLISECONDS.toNanos(250),
              TimeUnit.SECONDS.toNanos(30),
              TimeUnit.MINUTES.toNanos(2)),
          TimeUnit.SECONDS.toNanos(10),
          TimeUnit.SECONDS.toNanos(15),
          TimeUnit.MILLISECONDS.toNanos(20));

  private static final long HELLO_TIMEOUT = TimeUnit.SECONDS.toNanos(10);
  private static final long CROSSING = TimeUnit.SECONDS.toNanos(5);
  private static final long REPEAT_ACK = TimeUnit.SECONDS.toNanos(10);
  private static final long LASTING = TimeUnit.SECONDS.toNanos(10);
  private static final long LEAVER_WAIT = TimeUnit.SECONDS.toNanos(1);
  private static final long LEFT_WAIT = TimeUnit.SECONDS.toNanos(2);

  /** The ratio of the longest redial delay to the first. */
  private static final int REDIAL_FACTOR = 120;

  /**
   * The redial delays.
   *
   * @param first the delay before a lost connection is redialed
   * @param longest the longest delay
   * @param giveUp how long a session survives without progress
   */
  public record Redial(long first, long longest, long giveUp) {
    /** Returns {@code giveUp} for a message, such as {@code 120 s} or {@code 1500 ms}. */
    String giveUpText() {
      long millis = TimeUnit.NANOSECONDS.toMillis(giveUp);
      return millis % 1000 == 0 ? millis / 1000 + " s" : millis + " ms";
    }
  }

  /**
   * Returns the timeouts of the specification, with those in the settings replaced.
   * Acknowledgements have no delay, because taken lines are already collected before they are
   * reported to the session.
   */
  public static SessionTimeouts of(NodeSettings settings) {
    long first = settings.redialDelay().toNanos();
    return new SessionTimeouts(
        settings.connectTimeout().toNanos(),
        new Redial(first, REDIAL_FACTOR * first, settings.sessionTimeout().toNanos()),
        settings.stallTimeout().toNanos(),
        settings.silenceTimeout().toNanos(),
        0);
  }

  /** Returns how long to wait for the answer to {@code HELLO}. */
  public long helloTimeout() {
    return HELLO_TIMEOUT;
  }

  /** Returns how long after {@code WELCOME} a {@code HELLO} can arrive that was sent before it. */
  long crossing() {
    return CROSSING;
  }

  /** Returns after which time the end of a connection without lines is the first in a row again. */
  long lasting() {
    return LASTING;
  }

  /** Returns the interval of repeated acknowledgements while this side has stopped reading. */
  public long repeatAck() {
    return REPEAT_ACK;
  }

  /** Returns how long the leaving side waits for the acknowledgement of its {@code exit}. */
  public long leaverWait() {
    return LEAVER_WAIT;
  }

  /** Returns how long the other side waits for the leaving side to end the session. */
  public long leftWait() {
    return LEFT_WAIT;
  }

  /** Returns how long a pinged peer may stay silent. */
  public long pongTimeout() {
    return silence * 2 / 3;
  }

  /**
   * Returns how long a peer may stay silent whose place somebody else wants. It is longer than the
   * interval of repeated acknowledgements.
   */
  long probe() {
    return silence * 4 / 5;
  }

  /** Returns the silence after which a connection is dead. */
  long death() {
    return silence + pongTimeout();
  }
}
