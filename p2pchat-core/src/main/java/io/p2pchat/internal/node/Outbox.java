package io.p2pchat.internal.node;

import io.p2pchat.PeerNodeException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
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
  private final Runnable whenEmpty;
  private final Queue<Item> waiting = new ArrayDeque<>();
  private @Nullable Item current;

  /**
   * Makes an empty outbox.
   *
   * @param completions where futures are completed
   * @param whenEmpty called each time nothing waits and nothing is under way
   */
  Outbox(Budget budget, Courier courier, Executor completions, Runnable whenEmpty) {
    this.budget = budget;
    this.courier = courier;
    this.completions = completions;
    this.whenEmpty = whenEmpty;
  }

  void add(Item item) {
    waiting.add(item);
    next();
  }

  /** Fails all that waits, and what is under way. */
  void fail(PeerNodeException notBegun, PeerNodeException begun) {
    failWaiting(notBegun);
    if (current != null) {
      done(current, SendResult.failed(begun));
    }
  }

  private void next() {
    if (current != null) {
      return;
    }
    Item item = waiting.poll();
    if (item == null) {
      whenEmpty.run();
      return;
    }
    current = item;
    courier.deliver(item, result -> done(item, result));
  }

  private void done(Item item, SendResult result) {
    if (!item.equals(current)) {
      return;
    }
    current = null;
    finish(item, result);
    if (result.timedOut() && result.failure() != null) {
      failWaiting(result.failure());
    }
    next();
  }

  private void failWaiting(RuntimeException failure) {
    for (Item item = waiting.poll(); item != null; item = waiting.poll()) {
      finish(item, SendResult.failed(failure));
    }
  }

  private void finish(Item item, SendResult result) {
    budget.release(item.bytes());
    completions.execute(() -> item.complete(result));
  }
}
