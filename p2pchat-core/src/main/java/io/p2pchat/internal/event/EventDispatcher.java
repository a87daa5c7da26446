package io.p2pchat.internal.event;

import io.p2pchat.PeerEvent;
import io.p2pchat.PeerListener;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers events to the listener: in order, one at a time, on the executor (PROTOCOL.md section
 * 6). {@link FlowController} bounds the queue.
 *
 * <p>Thread-safe. Only {@link #awaitIdle} blocks.
 */
public final class EventDispatcher {
  private static final Logger LOG = LoggerFactory.getLogger(EventDispatcher.class);
  private static final int BATCH = 256;

  // Throttled, because a peer may be able to make the listener fail with each line.
  private final ThrottledLogger failures = new ThrottledLogger(LOG);

  private final PeerListener listener;
  private final Executor executor;
  private final Consumer<Runnable> later;
  private final FlowController flow;

  private final Queue<Entry> queue = new ArrayDeque<>();
  private boolean scheduled;
  private boolean retrying;
  private boolean closed;
  private volatile @Nullable Thread running;

  private record Entry(
      List<? extends PeerEvent> events, FlowWindow source, long cost, ConsumedCallback consumed) {}

  /**
   * Creates a dispatcher.
   *
   * @param listener handles the events
   * @param executor runs the listener
   * @param later schedules a retry when the executor rejects a task
   * @param sourceLimit the limit on the queued cost of one source
   * @param totalLimit the limit on the queued cost of all sources
   */
  public EventDispatcher(
      PeerListener listener,
      Executor executor,
      Consumer<Runnable> later,
      long sourceLimit,
      long totalLimit) {
    this.listener = listener;
    this.executor = executor;
    this.later = later;
    this.flow = new FlowController(sourceLimit, totalLimit);
  }

  /** Returns the total cost of the queued events. */
  public synchronized long waiting() {
    return flow.total();
  }

  /** Returns whether the source has no queued events. */
  public synchronized boolean isIdle(FlowWindow source) {
    return source.waiting == 0;
  }

  /** Queues an event with this cost. Drops it after {@link #close}. */
  public void publish(PeerEvent event, FlowWindow source, int cost) {
    publish(List.of(event), source, cost, ConsumedCallback.NONE);
  }

  /**
   * Queues events that belong together. Drops them after {@link #close}.
   *
   * @param cost their total cost
   * @param consumed called on the listener's thread as the listener handles them
   */
  public synchronized void publish(
      List<? extends PeerEvent> events, FlowWindow source, long cost, ConsumedCallback consumed) {
    if (closed) {
      return;
    }
    queue.add(new Entry(events, source, cost, consumed));
    flow.add(source, cost);
    schedule();
  }

  /** Returns whether the calling thread runs the listener. */
  public boolean isListenerThread() {
    return Thread.currentThread() == running;
  }

  /** Accepts no more events. Queued events still reach the listener. */
  public synchronized void close() {
    closed = true;
  }

  /**
   * Waits until the listener has handled all events.
   *
   * @return how many were still queued after that time; they are dropped
   */
  public synchronized int awaitIdle(Duration time) throws InterruptedException {
    long deadline = System.nanoTime() + time.toNanos();
    long left = time.toNanos();
    while ((scheduled || !queue.isEmpty()) && left > 0) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
      left = deadline - System.nanoTime();
    }
    int dropped = queue.stream().mapToInt(entry -> entry.events.size()).sum();
    queue.clear();
    return dropped;
  }

  private synchronized void schedule() {
    if (scheduled || queue.isEmpty()) {
      return;
    }
    try {
      scheduled = true;
      executor.execute(this::drain);
    } catch (RuntimeException e) {
      // Usually a rejection. Whatever the executor throws, the events must not be lost.
      scheduled = false;
      offerAgain(e);
    }
  }

  private void offerAgain(RuntimeException reason) {
    if (!retrying) {
      retrying = true;
      LOG.warn("The executor did not take the events; they are offered again", reason);
      later.accept(this::retry);
    }
  }

  private synchronized void retry() {
    retrying = false;
    schedule();
  }

  private void drain() {
    running = Thread.currentThread();
    try {
      // Bounded, so that a shared executor can run its other tasks.
      int taken = 0;
      for (Entry entry = next(); entry != null; entry = taken < BATCH ? next() : null) {
        taken += entry.events.size();
        take(entry);
      }
    } finally {
      running = null;
      finish();
    }
  }

  /** Delivers the next group of events to the listener. */
  void runOne() {
    Entry entry = next();
    if (entry != null) {
      take(entry);
    }
  }

  private void take(Entry entry) {
    try {
      for (PeerEvent event : entry.events) {
        tell(event);
        entry.consumed.taken();
      }
    } finally {
      taken(entry);
      entry.consumed.takenAll();
    }
  }

  private void tell(PeerEvent event) {
    try {
      listener.onEvent(event);
    } catch (Throwable e) {
      failures.error("The listener failed at a " + event.getClass().getSimpleName(), e);
    }
  }

  private synchronized @Nullable Entry next() {
    return queue.poll();
  }

  private synchronized void taken(Entry entry) {
    flow.remove(entry.source, entry.cost);
  }

  private synchronized void finish() {
    scheduled = false;
    schedule();
    notifyAll();
  }
}
