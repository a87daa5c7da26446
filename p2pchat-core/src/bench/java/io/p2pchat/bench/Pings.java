package io.p2pchat.bench;

import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The round trips of one burst: when one text is back, the next goes. */
final class Pings {
  private static final int MAX = 1_000_000;
  private static final int PATIENCE_SECONDS = 10;

  private final Texts texts;
  private final Consumer<String> send;
  private final long[] nanos = new long[MAX];
  private final long until;
  private final CountDownLatch over = new CountDownLatch(1);
  private String underWay = "";
  private long sent;
  private int count;
  private boolean wrong;

  Pings(int bytes, long millis, Consumer<String> send) {
    this.texts = Texts.of(bytes);
    this.send = send;
    this.until = System.nanoTime() + millis * 1_000_000;
  }

  void start() {
    next();
  }

  /** Something came back. */
  void back(String text) {
    long now = System.nanoTime();
    nanos[count++] = now - sent;
    wrong |= !text.equals(underWay);
    if (wrong || now - until >= 0 || count == MAX) {
      over.countDown();
    } else {
      next();
    }
  }

  /** Waits for the end; returns the median in nanoseconds, and how many there were. */
  long[] await(long millis) throws InterruptedException {
    if (!over.await(millis + PATIENCE_SECONDS * 1000L, TimeUnit.MILLISECONDS)) {
      throw new IllegalStateException("a text did not come back, after " + count + " that did");
    }
    if (wrong) {
      throw new IllegalStateException("not the text that was sent, after " + count + " that were");
    }
    Arrays.sort(nanos, 0, count);
    return new long[] {nanos[count / 2], count};
  }

  private void next() {
    underWay = texts.next();
    sent = System.nanoTime();
    send.accept(underWay);
  }
}
