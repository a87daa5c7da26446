package io.p2pchat.internal.session;

import io.p2pchat.internal.protocol.ControlLine;

/**
 * A connection, as a session sees it. No method calls back into the session. None fails: a broken
 * connection is reported later.
 */
public interface SessionConnection {
  /** Writes a control line behind everything written before. */
  void send(ControlLine line);

  /** Returns whether the connection is encrypted, and so both sides have shown a key. */
  boolean isEncrypted();

  /**
   * Starts writing the chat lines of the peer's queue, from number {@code from}.
   *
   * @param numbered whether {@code NEXT} says the numbers of messages, between two stores
   */
  void startLines(long from, boolean numbered);

  /** Returns the number after the last chat line written here. */
  long writtenTo();

  /** Returns whether the network has taken bytes that already waited for it at the last call. */
  boolean hasDrained();

  /** Closes the connection once everything sent is written. Ignores further input. */
  void close();
}
