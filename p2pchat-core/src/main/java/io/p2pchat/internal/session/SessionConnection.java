package io.p2pchat.internal.session;

import io.p2pchat.internal.protocol.ControlLine;

/**
 * A connection, as a session sees it. No method calls back into the session. None fails: a broken
 * connection is reported later.
 */
public interface SessionConnection {
  /** Writes a control line behind everything written before. */
  void send(ControlLine line);

  /** Starts writing the chat lines of the peer's queue, from number {@code from}. */
  void startLines(long from);

  /** Returns the number after the last chat line written here. */
  long writtenTo();

  /** Returns whether the network has taken bytes that already waited for it at the last call. */
  boolean hasDrained();

  /** Closes the connection once everything sent is written. Ignores further input. */
  void close();
}
