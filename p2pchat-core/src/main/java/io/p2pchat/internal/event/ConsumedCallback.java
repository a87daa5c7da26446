package io.p2pchat.internal.event;

/** Told, on the thread of the listener, as it takes events that came together. */
public interface ConsumedCallback {
  /** Does nothing. */
  ConsumedCallback NONE = () -> {};

  /** The listener has returned from one of them. */
  default void taken() {}

  /** The listener has returned from the last of them. */
  void takenAll();

  /** For a line that makes no event of its own, or several: it is taken with the last of these. */
  default ConsumedCallback ofOneLine() {
    return () -> {
      taken();
      takenAll();
    };
  }
}
