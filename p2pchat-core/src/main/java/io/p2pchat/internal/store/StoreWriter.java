package io.p2pchat.internal.store;

import io.p2pchat.MessageStore;
import io.p2pchat.StoreException;
import io.p2pchat.StoreException.Reason;
import io.p2pchat.StoreState;
import io.p2pchat.StoreTransaction;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that changes a store. Changes are committed in the order in which they were given.
 * All that wait are one transaction, of at most 4,096 changes or 1 MiB. After a failure the same
 * changes are tried again every 5 s. A lazy change waits at most 1 s for another one to be
 * committed with, and less if there are enough for a transaction.
 *
 * <p>The store is claimed first, and this is repeated too. Meanwhile changes wait.
 *
 * <p>The queue of this class has no bound. Its callers limit what they submit.
 *
 * <p>Thread-safe. No method but {@link #close} blocks.
 */
public final class StoreWriter {
  private static final Logger LOG = LoggerFactory.getLogger(StoreWriter.class);

  static final int BATCH_CHANGES = 4_096;
  static final int BATCH_BYTES = 1 << 20;

  private static final long PAUSE_BEFORE_IDLE = TimeUnit.MILLISECONDS.toNanos(200);
  private static final long FOREVER = Long.MAX_VALUE;

  private final MessageStore store;
  private final StoreListener listener;
  private final Times times;
  private final Thread thread;
  private final HangWatch watch;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<StoreChange> waiting = new ArrayDeque<>();
  private int eager;
  private long lazyUntil;
  private boolean closing;

  /** Of this writer's thread only. */
  private boolean failing;

  /** The reason that was told last. */
  private @Nullable Reason reason;

  /**
   * When failed changes are tried again, how long a lazy one waits, and after which time the store
   * hangs.
   */
  public record Times(Duration retry, Duration lazy, Duration hang) {
    /** The times of a node. */
    public static final Times DEFAULT =
        new Times(Duration.ofSeconds(5), Duration.ofSeconds(1), Duration.ofSeconds(10));
  }

  /** Creates a writer. The caller starts it. */
  public StoreWriter(
      MessageStore store, StoreListener listener, ThreadFactory threads, Times times) {
    this.store = store;
    this.listener = listener;
    this.times = times;
    this.thread = threads.newThread(this::run);
    this.watch = new HangWatch(times.hang, this::hangs);
  }

  /** Starts the thread, which claims the store. */
  public void start() {
    thread.start();
  }

  /**
   * Takes a change.
   *
   * @return false if the writer is closed; the change is then not made
   */
  public boolean submit(StoreChange change) {
    return take(change, true);
  }

  /** Takes a change that need not cause a commit, as {@link #submit}. */
  public boolean submitLazily(StoreChange change) {
    return take(change, false);
  }

  private boolean take(StoreChange change, boolean now) {
    lock.lock();
    try {
      if (closing) {
        return false;
      }
      boolean first = waiting.isEmpty();
      waiting.add(change);
      if (now && eager++ == 0) {
        changed.signal();
      } else if (!now && first) {
        lazyUntil = System.nanoTime() + times.lazy.toNanos();
        changed.signal();
      } else if (!now && waiting.size() == BATCH_CHANGES) {
        changed.signal();
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Commits what waits, if that is possible at once, and closes the store. Returns when the thread
   * has ended or the time is over. On the writer's own thread it returns at once.
   */
  public void close(Duration most) {
    lock.lock();
    try {
      closing = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    if (Thread.currentThread() == thread || thread.getState() == Thread.State.NEW) {
      return;
    }
    try {
      TimeUnit.NANOSECONDS.timedJoin(thread, Math.max(1, most.toNanos()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      StoreState state = claim();
      if (state == null) {
        return;
      }
      listener.claimed(state);
      for (List<StoreChange> batch = next(); !batch.isEmpty(); batch = next()) {
        store(batch);
      }
    } finally {
      end();
    }
  }

  private @Nullable StoreState claim() {
    while (true) {
      StoreException failure;
      try {
        StoreState state = store.claim();
        works();
        return state;
      } catch (Throwable e) {
        failure = known(e);
      }
      fails(failure);
      if (pause(List.of(), failure)) {
        return null;
      }
    }
  }

  /** Waits for changes, and meanwhile lets the store do its work. Empty when closed. */
  private List<StoreChange> next() {
    long pause = PAUSE_BEFORE_IDLE;
    while (true) {
      lock.lock();
      try {
        long until = System.nanoTime() + pause;
        while (!isDue() && (pause == FOREVER || until - System.nanoTime() > 0)) {
          long work = pause == FOREVER ? FOREVER : until - System.nanoTime();
          long lazy = waiting.isEmpty() ? FOREVER : lazyUntil - System.nanoTime();
          changed.awaitNanos(Math.min(work, lazy));
        }
        if (isDue()) {
          return batch();
        }
      } catch (InterruptedException e) {
        closing = true;
        continue;
      } finally {
        lock.unlock();
      }
      pause = idle() ? 0 : FOREVER;
    }
  }

  private boolean isDue() {
    return closing
        || eager > 0
        || waiting.size() >= BATCH_CHANGES
        || (!waiting.isEmpty() && lazyUntil - System.nanoTime() <= 0);
  }

  private List<StoreChange> batch() {
    List<StoreChange> batch = new ArrayList<>();
    int length = 0;
    while (!waiting.isEmpty() && batch.size() < BATCH_CHANGES && length < BATCH_BYTES) {
      StoreChange change = waiting.remove();
      batch.add(change);
      length += change.bytes();
    }
    // Which of the rest are lazy is not known. Some may then be committed a little early.
    eager = waiting.isEmpty() ? 0 : Math.max(1, eager - batch.size());
    return batch;
  }

  private boolean idle() {
    watch.begin();
    try {
      return store.idle();
    } catch (Throwable e) {
      fails(known(e));
      return false;
    } finally {
      watch.end();
    }
  }

  private void store(List<StoreChange> batch) {
    StoreException failure = commit(batch);
    if (failure == null) {
      works();
      batch.forEach(StoreWriter::committed);
    } else if (fails(failure) && failure.reason() == Reason.CORRUPT) {
      giveBack(hold(batch, failure)); // The store begins anew, so that is tried at once.
    } else if (pause(batch, failure)) {
      lastTry();
    }
  }

  /** Tries what waits once more, all together, because the writer closes. */
  private void lastTry() {
    List<StoreChange> rest = all();
    StoreException failure = commit(rest);
    if (failure == null) {
      rest.forEach(StoreWriter::committed);
    } else {
      rest.forEach(change -> dropped(change, failure));
    }
  }

  private @Nullable StoreException commit(List<StoreChange> changes) {
    watch.begin();
    try (StoreTransaction transaction = store.begin()) {
      for (StoreChange change : changes) {
        change.apply(transaction);
      }
      transaction.commit();
      return null;
    } catch (Throwable e) {
      return known(e);
    } finally {
      watch.end();
    }
  }

  /**
   * Waits until the changes are tried again. Those that come meanwhile are told of the failure too.
   *
   * @return whether the writer closes
   */
  private boolean pause(List<StoreChange> batch, StoreException failure) {
    List<StoreChange> held = hold(batch, failure);
    long until = System.nanoTime() + times.retry.toNanos();
    boolean over = false;
    while (!over) {
      held.addAll(hold(all(), failure));
      lock.lock();
      try {
        while (!closing && waiting.isEmpty() && until - System.nanoTime() > 0) {
          changed.awaitNanos(until - System.nanoTime());
        }
        over = closing || until - System.nanoTime() <= 0;
      } catch (InterruptedException e) {
        closing = true;
      } finally {
        lock.unlock();
      }
    }
    giveBack(held);
    lock.lock();
    try {
      return closing;
    } finally {
      lock.unlock();
    }
  }

  /** Tells changes of a failure. Returns those to be tried again. */
  private List<StoreChange> hold(List<StoreChange> changes, StoreException failure) {
    List<StoreChange> held = new ArrayList<>();
    for (StoreChange change : changes) {
      if (keeps(change, failure)) {
        held.add(change);
      }
    }
    return held;
  }

  private List<StoreChange> all() {
    lock.lock();
    try {
      List<StoreChange> all = List.copyOf(waiting);
      waiting.clear();
      eager = 0;
      return all;
    } finally {
      lock.unlock();
    }
  }

  /** Puts changes back before those that came meanwhile. */
  private void giveBack(List<StoreChange> held) {
    lock.lock();
    try {
      for (int i = held.size() - 1; i >= 0; i--) {
        waiting.addFirst(held.get(i));
      }
      eager += held.size();
    } finally {
      lock.unlock();
    }
  }

  private void works() {
    if (failing) {
      failing = false;
      reason = null;
      listener.working();
    }
  }

  /** Returns whether this is the first failure of a series. */
  private boolean fails(StoreException e) {
    boolean first = !failing;
    if (first || reason != e.reason()) {
      failing = true;
      reason = e.reason();
      listener.failing(e);
    }
    return first;
  }

  private void hangs(boolean now) {
    listener.hangs(now);
    store.hangs(now);
  }

  private void end() {
    try {
      store.close();
    } catch (Throwable e) {
      LOG.warn("The store could not be closed: {}", e.getMessage());
    }
    lock.lock();
    try {
      closing = true;
    } finally {
      lock.unlock();
    }
    StoreException closed = new StoreException(Reason.CLOSED, "The store is closed.", null);
    all().forEach(change -> dropped(change, closed));
  }

  private static StoreException known(Throwable e) {
    return e instanceof StoreException known
        ? known
        : new StoreException(Reason.OTHER, "The store has a defect: " + e, e);
  }

  // What a change throws is a defect of this library, and must not end the thread. Nor must an
  // error, as of memory that is used up: all that waits would wait for ever.

  private static void committed(StoreChange change) {
    try {
      change.committed();
    } catch (Throwable e) {
      LOG.error("A stored change failed.", e);
    }
  }

  private static boolean keeps(StoreChange change, StoreException failure) {
    try {
      return change.failed(failure);
    } catch (Throwable e) {
      LOG.error("A change that was not stored failed.", e);
      return false;
    }
  }

  private static void dropped(StoreChange change, StoreException failure) {
    try {
      change.dropped(failure);
    } catch (Throwable e) {
      LOG.error("A dropped change failed.", e);
    }
  }
}
