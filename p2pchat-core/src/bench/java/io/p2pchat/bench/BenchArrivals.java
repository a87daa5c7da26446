package io.p2pchat.bench;

import java.util.concurrent.atomic.AtomicLong;

/** The texts that one burst brings: counted, and each compared. Brought by one thread. */
final class BenchArrivals {
  /** Every burst is a multiple of this, so the last text of each is stamped. */
  static final int STAMP_EVERY = 64;

  private static final long PATIENCE_NANOS = 10_000_000_000L;
  private static final int SETTLE_MILLIS = 5;

  private final Texts expected;
  private final boolean ordered;
  private final AtomicLong count = new AtomicLong();
  private long arrived;
  private volatile long wrong;
  private volatile long lastNanos;

  /**
   * Expects texts of a size.
   *
   * @param ordered whether in their order, or in any
   */
  BenchArrivals(int bytes, boolean ordered) {
    this.expected = Texts.of(bytes);
    this.ordered = ordered;
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // One thread writes
  void accept(String text) {
    if (ordered ? !expected.next().equals(text) : !expected.contains(text)) {
      wrong++;
    }
    arrived++;
    if (arrived % STAMP_EVERY == 0) {
      lastNanos = System.nanoTime();
    }
    count.lazySet(arrived);
  }

  /** Waits for the texts of a burst; returns how many came, how many were wrong, and when. */
  long[] await(long number) throws InterruptedException {
    long before = -1;
    long since = System.nanoTime();
    while (count.get() < number && System.nanoTime() - since < PATIENCE_NANOS) {
      if (count.get() != before) {
        before = count.get();
        since = System.nanoTime();
      }
      Thread.sleep(1);
    }
    // For what comes too often.
    Thread.sleep(SETTLE_MILLIS);
    return new long[] {count.get(), wrong, lastNanos};
  }
}
