package io.p2pchat.testing.faultproxy;

import io.p2pchat.testing.faultproxy.Cut.Manner;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Cuts for one connection after the other, until a number of them has been made. */
final class CutPlan {
  static final CutPlan NONE = new CutPlan(new SplittableRandom(0), 0, 0);

  private final RandomGenerator random;
  private final long maxBytes;
  private int left;

  CutPlan(RandomGenerator random, long maxBytes, int cuts) {
    this.random = random;
    this.maxBytes = maxBytes;
    this.left = cuts;
  }

  /** The cut for the next connection. */
  synchronized Cut next() {
    if (left == 0) {
      return Cut.never();
    }
    long bytes = random.nextLong(maxBytes + 1);
    return Cut.after(bytes, random.nextBoolean() ? Manner.RESET : Manner.CLEAN, this::take);
  }

  private synchronized boolean take() {
    boolean permitted = left > 0;
    left -= permitted ? 1 : 0;
    return permitted;
  }
}
