package io.p2pchat.cli;

import io.p2pchat.Delivery;
import java.util.concurrent.CompletableFuture;

/** Counts how messages ended, and tells when it is known of all. Thread-safe. */
final class SendCounter {
  private final CompletableFuture<Void> complete = new CompletableFuture<>();
  private long acknowledged;
  private long written;
  private long failed;
  private long all = Long.MAX_VALUE;

  synchronized void countSent(Delivery delivery) {
    switch (delivery) {
      case ACKNOWLEDGED -> acknowledged++;
      case WRITTEN -> written++;
    }
    check();
  }

  synchronized void countFailed() {
    failed++;
    check();
  }

  /** Says how many messages there are, and waits until that many have ended. */
  void awaitAll(long messages) {
    synchronized (this) {
      all = messages;
      check();
    }
    complete.join();
  }

  synchronized long acknowledged() {
    return acknowledged;
  }

  synchronized long written() {
    return written;
  }

  synchronized long failed() {
    return failed;
  }

  private void check() {
    if (acknowledged + written + failed == all) {
      complete.complete(null);
    }
  }
}
