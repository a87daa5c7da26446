package io.p2pchat.internal.protocol;

/**
 * Tells a decoder when it may pass on lines. Where it may not, they wait as bytes, until {@link
 * ResumeDecoding} comes.
 */
public interface DecodeGate {
  /** Whether lines may be passed on at this moment. */
  boolean isOpen();

  /** Whether a line of a connection that was reset may be passed on: it cannot wait any more. */
  default boolean isOpenAfterReset() {
    return isFlowing();
  }

  /** A line was passed on. */
  default void passedOn() {}

  /** Whether the connection is read, and so whether its silence is the peer's. */
  boolean isFlowing();

  /** Whether the end of the stream waits for its turn as lines do. */
  boolean holdsEnd();

  /** Something waits to be passed on. */
  void waiting();
}
