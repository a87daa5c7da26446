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
 * Hands events to the listener: in order, one at a time, on the executor (PROTOCOL.md section 6).
 * {@link FlowController} bounds what waits.
 *
 * <p>Thread-safe. Nothing here blocks but {@link #awaitIdle}.
 */
public final class EventDispatcher {
  private static final Logger LOG = LoggerFactory.getLogger(EventDispatcher.class);
  private static final int BATCH = 256;

  // A peer may be able to make the listener fail with each line.
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
   * Makes a dispatcher.
   *
   * @param listener takes the events
   * @param executor runs the listener
   * @param later runs a task after a while, for when the executor rejects one
   * @param sourceLimit what one source may have waiting
   * @param totalLimit what all together may
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

  /** What waits for the listener, as it was weighed. */
  public synchronized long waiting() {
    return flow.total();
  }

  /** Whether the source has nothing waiting. */
  public synchronized boolean isIdle(FlowWindow source) {
    return source.waiting == 0;
  }

  /** Adds an event that weighs {@code cost}. After {@link #close} it is dropped. */
  public void publish(PeerEvent event, FlowWindow source, int cost) {
    publish(List.of(event), source, cost, ConsumedCallback.NONE);
  }

  /**
   * Adds events that come together. After {@link #close} they are dropped.
   *
   * @param cost what they weigh together
   * @param consumed told, on the thread of the listener, as it takes them
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

  /** Whether the calling thread is the one in the listener. */
  public boolean isListenerThread() {
    return Thread.currentThread() == running;
  }

  /** Takes no more events; those that wait still reach the listener. */
  public synchronized void close() {
    closed = true;
  }

  /**
   * Waits until all events were taken.
   *
   * @return how many were still waiting when the time was over; they are dropped
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
      // Mostly a rejection; but whatever an executor throws, the events must not be forgotten.
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
      // Bounded, so that a shared executor gets on with its other work.
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

  /** Lets the listener take the events that came together next. */
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
