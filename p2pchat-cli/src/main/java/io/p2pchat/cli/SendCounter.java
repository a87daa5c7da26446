package io.p2pchat.cli;

import io.p2pchat.Delivery;
import java.util.concurrent.CompletableFuture;

/** Counts the results of messages, and waits for all of them. Thread-safe. */
final class SendCounter {
  private final CompletableFuture<Void> complete = new CompletableFuture<>();
  private long acknowledged;
  private long written;
  private long kept;
  private long failed;
  private long all = Long.MAX_VALUE;

  synchronized void countSent(Delivery delivery) {
    switch (delivery) {
      case ACKNOWLEDGED -> acknowledged++;
      case WRITTEN -> written++;
      case KEPT -> kept++;
    }
    check();
  }

  synchronized void countFailed() {
    failed++;
    check();
  }

  /** Returns a future that completes when the results of this many messages are known. */
  synchronized CompletableFuture<Void> whenAll(long messages) {
    all = messages;
    check();
    return complete;
  }

  synchronized long acknowledged() {
    return acknowledged;
  }

  synchronized long written() {
    return written;
  }

  /** Returns how many messages a store keeps, since the node was closed. */
  synchronized long kept() {
    return kept;
  }

  synchronized long failed() {
    return failed;
  }

  private void check() {
    if (acknowledged + written + kept + failed == all) {
      complete.complete(null);
    }
  }
}
