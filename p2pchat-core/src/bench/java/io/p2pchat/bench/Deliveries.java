package io.p2pchat.bench;

import io.p2pchat.Delivery;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The futures of what was sent, each kept until it is known that it ended as it should. No more
 * than a node lets wait, twice over: the oldest gives way to the newest, and is awaited then.
 */
final class Deliveries {
  private static final int SIZE = 2 * 65_536;
  private static final CompletableFuture<Delivery> NONE =
      CompletableFuture.completedFuture(Delivery.ACKNOWLEDGED);

  private final List<CompletableFuture<Delivery>> ring =
      new ArrayList<>(Collections.nCopies(SIZE, NONE));
  private int next;

  void add(CompletableFuture<Delivery> delivery) {
    check(ring.set(next, delivery));
    next = (next + 1) % SIZE;
  }

  /** Waits for all; returns when the last had ended. */
  long finish() {
    for (int i = 0; i < SIZE; i++) {
      add(NONE);
    }
    return System.nanoTime();
  }

  private static void check(CompletableFuture<Delivery> delivery) {
    Delivery ended = delivery.join();
    if (ended != Delivery.ACKNOWLEDGED) {
      throw new IllegalStateException("a message was only " + ended);
    }
  }
}
