package io.p2pchat.internal.peer;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The limit on bytes of the messages that a store keeps for peers that are away (PROTOCOL.md section
 * 9). What can be written at once does not count. Thread-safe.
 */
final class KeptBudget {
  private final long max;
  private final NodeExecutors executors;
  private final AtomicLong held = new AtomicLong();

  // Set while its monitor is held.
  private volatile @Nullable CompletableFuture<Void> writable;

  KeptBudget(long max, NodeExecutors executors) {
    this.max = max;
    this.executors = executors;
  }

  /**
   * Takes room for a message. Returns false if there is not enough.
   *
   * @param accepted whether the message was accepted before, and is taken in any case
   */
  boolean take(long cost, boolean accepted) {
    if (held.addAndGet(cost) <= max || accepted) {
      return true;
    }
    release(cost);
    return false;
  }

  /** Gives back the room of messages. */
  void release(long cost) {
    held.addAndGet(-cost);
    if (writable != null && isWritable()) {
      wake();
    }
  }

  private boolean isWritable() {
    return held.get() < max / 2;
  }

  /** Completes when less than half of the room is in use. */
  CompletableFuture<Void> whenWritable() {
    if (isWritable()) {
      return CompletableFuture.completedFuture(null);
    }
    CompletableFuture<Void> answer;
    synchronized (this) {
      CompletableFuture<Void> waits = writable == null ? new CompletableFuture<>() : writable;
      writable = waits;
      answer = waits.copy();
    }
    if (isWritable()) {
      // Room was released before it was known that somebody waits.
      wake();
    }
    return answer;
  }

  private void wake() {
    CompletableFuture<Void> waited;
    synchronized (this) {
      waited = writable;
      writable = null;
    }
    if (waited != null) {
      executors.complete(() -> waited.complete(null));
    }
  }

  /** Returns what is held, for exception messages. */
  @Override
  public String toString() {
    return "messages kept for peers that are away hold "
        + held
        + " bytes (keptBytesInAll is "
        + max
        + ")";
  }
}
