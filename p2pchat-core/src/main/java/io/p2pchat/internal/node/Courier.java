package io.p2pchat.internal.node;

import java.util.function.Consumer;

/** Brings one message at a time out of an outbox. Called on the event loop. */
interface Courier {
  /** Begins to deliver. {@code done} is told once, on the event loop and not within this call. */
  void deliver(Item item, Consumer<SendResult> done);

  /** The message will not be delivered, and no attempt at it was made. */
  default void abandon(Item item) {}
}
