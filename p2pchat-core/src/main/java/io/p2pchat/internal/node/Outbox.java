package io.p2pchat.internal.node;

import io.p2pchat.DeliveryUnknownException;
import io.p2pchat.NodeClosedException;
import io.p2pchat.PeerNodeException;
import io.p2pchat.PeerUnreachableException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The messages that wait for one address, and the one that is under way: strictly in order. When an
 * attempt timed out, what had waited for it meanwhile fails with it rather than wait as long again,
 * each in its turn.
 *
 * <p>Used on the event loop, but for its {@link #budget}.
 */
final class Outbox {
  final Budget budget;
  private final Courier courier;
  private final Executor completions;
  private final Runnable whenUnused;
  private final Queue<Item> waiting = new ArrayDeque<>();
  private @Nullable Item current;

  /**
   * Makes an empty outbox.
   *
   * @param completions where futures are completed
   * @param whenUnused called, on any thread, each time all messages have ended
   */
  Outbox(Budget budget, Courier courier, Executor completions, Runnable whenUnused) {
    this.budget = budget;
    this.courier = courier;
    this.completions = completions;
    this.whenUnused = whenUnused;
  }

  void add(Item item) {
    waiting.add(item);
    next();
  }

  /** Fails all that waits. */
  void stop() {
    failWaiting(
        () -> new NodeClosedException("The node was closed before the message was sent", null));
  }

  /** Fails what is under way, and of which nobody will tell any more how it ended. */
  void close() {
    if (current != null) {
      String problem = "The node was closed while the message was sent";
      done(current, SendResult.failed(new DeliveryUnknownException(problem, null)));
    }
  }

  /** A message that there was no room for. */
  void refuse(Item item) {
    courier.abandon(item);
  }

  private void next() {
    if (current != null) {
      return;
    }
    Item item = waiting.poll();
    if (item != null) {
      current = item;
      courier.deliver(item, result -> done(item, result));
    }
  }

  private void done(Item item, SendResult result) {
    if (!item.equals(current)) {
      return;
    }
    current = null;
    finish(item, result);
    if (result.timedOut()) {
      failWaiting(() -> again(result));
    }
    next();
  }

  private void failWaiting(Supplier<PeerNodeException> reason) {
    for (Item item = waiting.poll(); item != null; item = waiting.poll()) {
      courier.abandon(item);
      finish(item, SendResult.failed(reason.get()));
    }
  }

  private static PeerUnreachableException again(SendResult result) {
    RuntimeException first = result.failure();
    return new PeerUnreachableException(
        first == null ? "unreachable" : String.valueOf(first.getMessage()), first);
  }

  // Room is given back no earlier than this runs, so that it bounds what waits to be completed too.
  private void finish(Item item, SendResult result) {
    completions.execute(
        () -> {
          budget.release(item.bytes());
          item.complete(result);
          if (budget.isUnused()) {
            whenUnused.run();
          }
        });
  }
}
