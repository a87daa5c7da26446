package io.p2pchat.internal.protocol;

/** A user event: a connection passes on the lines that wait in its decoder. */
public enum ResumeDecoding {
  /** It is this connection's turn. */
  NOW,
  /** Lines were not wanted for a while, and are again; clocks begin anew. */
  AGAIN
}
