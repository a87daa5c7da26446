package io.p2pchat.internal.session;

import io.p2pchat.PeerUnreachableException.Reason;
import io.p2pchat.internal.protocol.Stored;
import java.util.List;

/**
 * The actions that a session requests. None calls back into the session, with one exception: {@link
 * Session#setStopped} may report that the application has fallen behind.
 */
public interface SessionEffects {
  /**
   * Dials the peer and waits for its greeting. Answered once by {@link Session#greeted}, {@link
   * Session#contactCut} or {@link Session#attemptFailed}.
   */
  void dial();

  /**
   * Dials the next address of the peer, as {@link #dial} does, since this one led to no session.
   * Returns false if none is left.
   */
  boolean dialNext();

  /** The peer has acknowledged all lines below this number. */
  void acknowledged(long number);

  /**
   * The lines below this number have failed, and the peer may have received them.
   *
   * @param text the reason in words
   */
  void unknown(long number, String text);

  /** The lines below this number have failed: the peer's application has refused them. */
  void refused(long number);

  /**
   * No remaining line was ever written. Those below this number have failed. Any others belong to a
   * later session.
   *
   * @param reason why the peer was not reached
   * @param text the reason in words
   */
  void unsent(long number, Reason reason, String text);

  /**
   * Returns the outboxes of this node with unsettled messages to the peer, the oldest first, and
   * its current one. Requested only if this node has a store.
   */
  List<String> outboxes();

  /**
   * The peer's store tells how far it has the messages of each of the {@link #outboxes}. These are
   * delivered, and the others go again. Returns false if that cannot be.
   */
  boolean stored(List<Stored.Entry> entries);

  /**
   * The peer asks how far this node has stored the messages of these outboxes of it. Answered once
   * by {@link Session#answer}, when all that arrived before is committed or thrown away.
   */
  void asked(SessionConnection from, List<String> outboxes);

  /** The peer violated the protocol on this connection, which is closing. */
  void violated(SessionConnection from, String description);

  /** Reports an event to the application. */
  void happened(Event event);

  /** The events for the application. */
  enum Event {
    /** The connection is dead, or it was lost and a redial has failed. */
    UNREACHABLE,
    /** A connection exists again. */
    REACHABLE,
    /** The peer was restarted. Lines that it may have received are sent again. */
    RESET,
    /** The connected peer takes nothing while lines wait. */
    STALLED,
    /** The session ended because it made no progress for too long. */
    GIVEN_UP,
    /** The session ended because one side left. */
    ENDED
  }
}
