package io.p2pchat.internal.frame;

/**
 * Tells a decoder when it may deliver lines. Until then they stay in the decoder as bytes. {@link
 * ResumeDecoding} starts delivery again.
 */
public interface DecodeGate {
  /** A user event: a connection delivers the lines pending in its decoder. */
  enum ResumeDecoding {
    /** It is this connection's turn. */
    NOW,
    /** Delivery was paused and starts again. Timers restart. */
    AGAIN
  }

  /** Returns whether lines may be delivered now. */
  boolean isOpen();

  /** Returns whether a line of a reset connection may be delivered. It cannot wait any longer. */
  default boolean isOpenAfterReset() {
    return isFlowing();
  }

  /** A line was delivered. */
  default void passedOn() {}

  /** Returns whether the connection is being read. Only then is silence the peer's own. */
  boolean isFlowing();

  /** Returns whether the end of the stream is queued behind the lines. */
  boolean holdsEnd();

  /** Data is ready for delivery. */
  void waiting();
}
