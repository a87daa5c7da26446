package io.p2pchat.internal.protocol;

/** A line by which two nodes maintain their session (PROTOCOL.md section 4). */
public interface ControlLine extends Message {
  /** Returns the line as it is sent, without its terminator. It never holds CR or LF. */
  String format();
}
