package io.p2pchat.internal.protocol;

/**
 * Tells a decoder when it may give on lines. Where it may not, they wait as bytes, until {@link
 * ResumeDecoding} comes.
 */
public interface DecodeGate {
  /** Whether lines may be given on at this moment. */
  boolean isOpen();

  /** Whether a line of a connection that was reset may be given on: it cannot wait any more. */
  default boolean isOpenAfterReset() {
    return isFlowing();
  }

  /** A line was given on. */
  default void gaveOn() {}

  /** Whether the connection is read, and so whether its silence is the peer's. */
  boolean isFlowing();

  /** Whether the end of the stream waits for its turn as lines do. */
  boolean holdsEnd();

  /** Something waits to be given on. */
  void waiting();
}
