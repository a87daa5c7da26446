package io.p2pchat.internal.event;

/**
 * Reports that the listener has handled events that were published together. Called on the
 * listener's thread.
 */
public interface ConsumedCallback {
  /** Does nothing. */
  ConsumedCallback NONE = () -> {};

  /**
   * Returns whether the rest of the events must not reach the listener any more. They count as
   * taken.
   */
  default boolean isOver() {
    return false;
  }

  /** The listener refuses the next event to be {@link #taken}. */
  default void refused() {}

  /** The listener has returned from one of the events. */
  default void taken() {}

  /** The listener has returned from the last of the events. */
  void takenAll();

  /**
   * Returns the callback for one line that makes no event or several. The line counts as taken with
   * the last of them.
   */
  default ConsumedCallback ofOneLine() {
    return () -> {
      taken();
      takenAll();
    };
  }
}
