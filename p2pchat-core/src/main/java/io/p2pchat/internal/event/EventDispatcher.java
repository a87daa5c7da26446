package io.p2pchat.internal.event;

import io.p2pchat.MessageRefusedException;
import io.p2pchat.PeerEvent;
import io.p2pchat.PeerEvent.MessageReceived;
import io.p2pchat.PeerListener;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers events to the listeners: in order, one at a time, on the executor (PROTOCOL.md section
 * 6). {@link FlowController} bounds the queue.
 *
 * <p>Thread-safe. Only {@link #awaitIdle} blocks.
 */
public final class EventDispatcher {
  private static final Logger LOG = LoggerFactory.getLogger(EventDispatcher.class);
  private static final int BATCH = 256;
  private static final int GIVEN_UP = -1;

  // Throttled, because a peer may be able to make a listener fail with each line.
  private final ThrottledLogger failures = new ThrottledLogger(LOG);
  private final ThrottledLogger rejections = new ThrottledLogger(LOG);

  private final List<PeerListener> listeners;
  private final BiConsumer<? super PeerEvent, ? super Throwable> onFailure;
  private final Executor executor;
  private final Consumer<Runnable> later;
  private final FlowController flow;

  private final Queue<Entry> queue = new ArrayDeque<>();

  /** The number of listener calls for the current entry that have begun, or {@link #GIVEN_UP}. */
  private final AtomicInteger begun = new AtomicInteger();

  private @Nullable Entry current;
  private @Nullable Turn scheduled;
  private boolean rejected;
  private boolean retrying;
  private boolean closed;
  private volatile @Nullable Thread running;

  private record Entry(
      List<? extends PeerEvent> events, FlowWindow source, long cost, ConsumedCallback consumed) {}

  /**
   * Creates a dispatcher.
   *
   * @param listeners handle each event, one after the other
   * @param onFailure called with an event and what a listener threw at it
   * @param executor runs the listeners
   * @param later schedules a retry when the executor rejects a task
   * @param sourceLimit the limit on the queued cost of one source
   * @param totalLimit the limit on the queued cost of all sources
   */
  public EventDispatcher(
      List<PeerListener> listeners,
      BiConsumer<? super PeerEvent, ? super Throwable> onFailure,
      Executor executor,
      Consumer<Runnable> later,
      long sourceLimit,
      long totalLimit) {
    this.listeners = listeners.isEmpty() ? List.of(event -> {}) : List.copyOf(listeners);
    this.onFailure = onFailure;
    this.executor = executor;
    this.later = later;
    this.flow = new FlowController(sourceLimit, totalLimit);
  }

  /** Returns whether the executor runs a task on the thread that submits it. */
  public static boolean isDirect(Executor executor) {
    Thread caller = Thread.currentThread();
    AtomicBoolean direct = new AtomicBoolean();
    try {
      executor.execute(() -> direct.compareAndSet(false, Thread.currentThread() == caller));
    } catch (RuntimeException e) {
      LOG.debug("The executor did not take a task; it gets the events later", e);
    }
    return direct.get();
  }

  /** Returns the total cost of the queued events, and of what is held. */
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
   * @param consumed called on the listener's thread as the listeners handle them
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

  /** Counts what will be events later, to the limits. {@link #free} ends that. */
  public synchronized void hold(FlowWindow source, long cost) {
    flow.add(source, cost);
  }

  /** What was held has become events, or never will. */
  public synchronized void free(FlowWindow source, long cost) {
    flow.remove(source, cost);
  }

  /** Returns whether the calling thread runs the listeners. */
  public boolean isListenerThread() {
    return Thread.currentThread() == running;
  }

  /** Accepts no more events. Queued events still reach the listeners. */
  public synchronized void close() {
    closed = true;
  }

  /**
   * Waits until the listeners have handled all events. No listener call begins after it has
   * returned.
   *
   * @return how many events did not reach all listeners in that time; they are dropped
   */
  public synchronized int awaitIdle(Duration time) throws InterruptedException {
    long deadline = System.nanoTime() + time.toNanos();
    long left = time.toNanos();
    while ((scheduled != null || !queue.isEmpty()) && left > 0) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
      left = deadline - System.nanoTime();
    }
    int told = begun.getAndSet(GIVEN_UP) / listeners.size();
    int dropped = current == null ? 0 : current.events.size() - told;
    dropped += queue.stream().mapToInt(entry -> entry.events.size()).sum();
    queue.clear();
    return dropped;
  }

  private synchronized void schedule() {
    if (scheduled != null || queue.isEmpty()) {
      return;
    }
    Turn turn = new Turn();
    scheduled = turn;
    Throwable reason = null;
    try {
      executor.execute(turn);
    } catch (Throwable e) {
      // A rejection, or no thread can be created. Whatever it is, the events must not be lost.
      reason = e;
    }
    if (turn.refused) {
      reason = new RejectedExecutionException("It ran the task on the calling thread");
    }
    if (reason == null) {
      rejected = false;
    } else {
      scheduled = null;
      offerAgain(reason);
    }
  }

  private void offerAgain(Throwable reason) {
    if (!rejected) {
      rejected = true;
      rejections.warn("The executor did not take the events; they are offered again", reason);
    }
    if (!retrying) {
      retrying = true;
      later.accept(this::retry);
    }
  }

  private synchronized void retry() {
    retrying = false;
    schedule();
  }

  /** One task for the executor. It delivers events only once, and never on the calling thread. */
  private final class Turn implements Runnable {
    boolean refused;

    @Override
    public void run() {
      if (Thread.holdsLock(EventDispatcher.this)) {
        refused = true;
      } else if (begins()) {
        drain();
      }
    }

    private boolean begins() {
      synchronized (EventDispatcher.this) {
        boolean next = scheduled == this && running == null;
        if (next) {
          running = Thread.currentThread();
        }
        return next;
      }
    }
  }

  private void drain() {
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

  /** Delivers the next group of events to the listeners. */
  void runOne() {
    Entry entry = next();
    if (entry != null) {
      take(entry);
    }
  }

  private void take(Entry entry) {
    try {
      for (PeerEvent event : entry.events) {
        boolean over = entry.consumed.isOver();
        if (over ? !begin(listeners.size()) : !tell(event, entry.consumed)) {
          return;
        }
        entry.consumed.taken();
      }
    } finally {
      taken(entry);
      entry.consumed.takenAll();
    }
  }

  /** Returns whether the calls may begin. None begins after {@link #awaitIdle} has returned. */
  private boolean begin(int calls) {
    int before = begun.get();
    return before != GIVEN_UP && begun.compareAndSet(before, before + calls);
  }

  /** Passes an event to all listeners. Returns false if the dispatcher has given up before. */
  private boolean tell(PeerEvent event, ConsumedCallback consumed) {
    boolean refused = false;
    for (PeerListener listener : listeners) {
      if (!begin(1)) {
        return false;
      }
      try {
        listener.onEvent(event);
      } catch (MessageRefusedException e) {
        refused |= event instanceof MessageReceived;
        failures.warn("A listener refused a " + event.getClass().getSimpleName(), e);
      } catch (Throwable e) {
        failed(event, e);
      }
    }
    if (refused) {
      consumed.refused();
    }
    return true;
  }

  private void failed(PeerEvent event, Throwable failure) {
    failures.error("The listener failed at a " + event.getClass().getSimpleName(), failure);
    try {
      onFailure.accept(event, failure);
    } catch (Throwable e) {
      failures.error("The listener of failures failed", e);
    }
  }

  private synchronized @Nullable Entry next() {
    if (begun.get() == GIVEN_UP) {
      return null;
    }
    begun.set(0);
    current = queue.poll();
    return current;
  }

  private synchronized void taken(Entry entry) {
    current = null;
    flow.remove(entry.source, entry.cost);
  }

  private synchronized void finish() {
    scheduled = null;
    schedule();
    notifyAll();
  }
}
