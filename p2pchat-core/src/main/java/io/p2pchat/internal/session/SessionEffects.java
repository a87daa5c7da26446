package io.p2pchat.internal.session;

import io.p2pchat.PeerUnreachableException.Reason;

/**
 * What a session asks of the world around it. None of these calls back into the session, but that
 * it may be told by {@link Session#setStopped} that the application has fallen behind.
 */
public interface SessionEffects {
  /**
   * Dial the peer and wait for its greeting. Answered once by {@link Session#greeted} or {@link
   * Session#attemptFailed}.
   */
  void dial();

  /** The peer has acknowledged all lines below this number. */
  void acknowledged(long number);

  /** Of the lines below this number nobody can say whether they were received; they have failed. */
  void unknown(long number);

  /**
   * No line that is left was ever written. Those below this number have failed; any others are for
   * a session after this one.
   *
   * @param reason why the peer was not reached
   * @param text the same in words
   */
  void unsent(long number, Reason reason, String text);

  /** The peer has sent on this connection what it must not; it is being closed. */
  void violated(SessionConnection from, String description);

  /** Something happened that the application is told of. */
  void happened(Event event);

  /** What the application is told of. */
  enum Event {
    /** The connection is dead, or is lost and an attempt to dial again has failed. */
    UNREACHABLE,
    /** A connection is there again. */
    REACHABLE,
    /** The peer was restarted; lines that it may have received are sent again. */
    RESET,
    /** The session is over: without a connection for too long. */
    GIVEN_UP,
    /** The session is over: one of the two ended it. */
    ENDED
  }
}
