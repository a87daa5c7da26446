package io.p2pchat.internal.protocol;

/** A user event: a connection delivers the lines pending in its decoder. */
public enum ResumeDecoding {
  /** It is this connection's turn. */
  NOW,
  /** Delivery was paused and starts again. Timers restart. */
  AGAIN
}
