package io.p2pchat.internal.event;

/** Told, on the thread of the listener, as it takes events that came together. */
public interface ConsumedCallback {
  /** Nobody is told. */
  ConsumedCallback NONE = () -> {};

  /** The listener has returned from one of them. */
  default void taken() {}

  /** The listener has returned from the last of them. */
  void takenAll();
}
