package io.p2pchat.internal.peer;

import io.p2pchat.internal.event.ConsumedCallback;
import io.p2pchat.internal.session.Session;
import io.p2pchat.internal.session.SessionTimeouts;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Tells a session which of its lines the application has taken. The listener's thread counts; the
 * event loop collects when what came together is taken, and at times in between.
 */
final class Receipts implements ConsumedCallback {
  private static final long COLLECT_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final AtomicLong taken = new AtomicLong();
  private final AtomicBoolean told = new AtomicBoolean();
  private final Runnable tell;
  private final Queue<Burst> bursts = new ArrayDeque<>(2);
  private long collected;
  private long due;

  /** Lines that came together; used on the event loop. */
  private static final class Burst {
    final long epoch;
    final long bytes;
    int left;

    Burst(long epoch, int lines, long bytes) {
      this.epoch = epoch;
      this.left = lines;
      this.bytes = bytes;
    }
  }

  /** Makes receipts; {@code tell} is called on the listener's thread when there is to collect. */
  Receipts(Runnable tell) {
    this.tell = tell;
  }

  /** Lines were handed over that are taken one by one. On the event loop. */
  void expect(long now, long epoch, int lines, long bytes) {
    if (bursts.isEmpty()) {
      due = now + COLLECT_NANOS;
    }
    bursts.add(new Burst(epoch, lines, bytes));
  }

  /** A receipt for a line that made no event of its own, or several. */
  ConsumedCallback forOneLine() {
    return () -> {
      taken();
      takenAll();
    };
  }

  /**
   * When it is to be collected at the latest, or {@link SessionTimeouts#NEVER}. On the event loop.
   */
  long due() {
    return bursts.isEmpty() ? SessionTimeouts.NEVER : due;
  }

  /** Whether all lines were taken and collected. On the event loop. */
  boolean isEmpty() {
    return bursts.isEmpty();
  }

  /** Tells the session what was taken since. On the event loop. */
  void collect(Session session, long now) {
    told.set(false);
    due = now + COLLECT_NANOS;
    long fresh = taken.get() - collected;
    collected += fresh;
    while (fresh > 0) {
      Burst first = bursts.element();
      int lines = (int) Math.min(fresh, first.left);
      first.left -= lines;
      fresh -= lines;
      if (first.left == 0) {
        bursts.remove();
      }
      session.taken(now, first.epoch, lines, first.left == 0 ? first.bytes : 0);
    }
  }

  // One thread at a time takes events, so there is nothing to add up atomically.
  @Override
  public void taken() {
    taken.lazySet(taken.get() + 1);
  }

  @Override
  public void takenAll() {
    if (!told.getAndSet(true)) {
      tell.run();
    }
  }
}
