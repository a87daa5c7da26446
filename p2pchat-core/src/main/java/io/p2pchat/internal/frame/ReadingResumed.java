package io.p2pchat.internal.frame;

/** A user event: what is received on this connection is taken again, after it was held back. */
public enum ReadingResumed {
  /** The one event. */
  INSTANCE
}
