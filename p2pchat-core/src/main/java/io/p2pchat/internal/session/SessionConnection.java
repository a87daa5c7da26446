package io.p2pchat.internal.session;

import io.p2pchat.internal.protocol.ControlLine;

/**
 * One connection, as a session sees it. None of its methods calls back into the session, and none
 * fails: a connection that breaks says so later.
 */
public interface SessionConnection {
  /** Writes a control line, behind what was written before. */
  void send(ControlLine line);

  /** From now on writes the chat lines of the peer's queue, beginning with number {@code from}. */
  void startLines(long from);

  /** The number after the last chat line that was written here. */
  long writtenTo();

  /** Closes the connection once what was sent is written. What it still receives is ignored. */
  void close();
}
