package io.p2pchat.internal.protocol;

/** A line that the two nodes of a session exchange to keep it (PROTOCOL.md section 4). */
public interface ControlLine extends Message {
  /** The line as it is sent, without its terminator. It never holds CR or LF. */
  String format();
}
