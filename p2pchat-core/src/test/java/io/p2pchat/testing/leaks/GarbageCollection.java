package io.p2pchat.testing.leaks;

import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;

/** Collects garbage, for certain. */
final class GarbageCollection {
  private static final long PATIENCE_MILLIS = 10_000;

  private GarbageCollection() {}

  /** Returns when what was unreachable at the call has been collected: no weak reference has it. */
  static void run() {
    var queue = new ReferenceQueue<Object>();
    var reference = new PhantomReference<>(new Object(), queue);
    System.gc();
    try {
      if (queue.remove(PATIENCE_MILLIS) == null) {
        throw new AssertionError("no garbage collected in " + PATIENCE_MILLIS + " ms");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while collecting garbage", e);
    } finally {
      Reference.reachabilityFence(reference);
    }
  }
}
