package io.p2pchat.internal.keep;

import io.p2pchat.Conversation;
import io.p2pchat.Fingerprint;
import io.p2pchat.StoreException;
import io.p2pchat.StoreState;
import io.p2pchat.internal.store.StoreListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether the store is this node's, and why it is not. Thread-safe. */
final class StoreClaim implements StoreListener {
  private static final Logger LOG = LoggerFactory.getLogger(StoreClaim.class);

  /**
   * The keys with unhandled messages of earlier runs, which the listener gets first, and the tasks
   * that wait for that. The values are only used on the event loop.
   */
  final Map<Fingerprint, List<Runnable>> catchingUp = new ConcurrentHashMap<>();

  private final CompletableFuture<Void> done = new CompletableFuture<>();
  private final CompletableFuture<Boolean> tried = new CompletableFuture<>();

  /** What the store had kept, until it is taken: it can be much. */
  private final AtomicReference<@Nullable StoreState> state = new AtomicReference<>();

  /** Why the store could not be claimed the last time. */
  private final AtomicReference<@Nullable StoreException> failure = new AtomicReference<>();

  private final AtomicReference<@Nullable Damage> damage = new AtomicReference<>();

  /** The last row that was committed of what is kept. */
  private final AtomicLong lastKept = new AtomicLong();

  /** A store has begun anew. It does not have what was kept up to a row. */
  private record Damage(StoreException failure, long lastRow) {}

  /** Runs the thread of the store. The start does not wait for one that a defect has ended. */
  void run(Runnable writer) {
    try {
      writer.run();
    } finally {
      tried.complete(false);
    }
  }

  @Override
  public void claimed(StoreState now) {
    for (Conversation conversation : now.untaken()) {
      conversation.key().ifPresent(key -> catchingUp.put(key, new ArrayList<>()));
    }
    lastKept.set(now.lastRow());
    state.set(now);
    done.complete(null);
    tried.complete(true);
  }

  @Override
  public void failing(StoreException e) {
    LOG.warn("The store cannot be used; it is tried again: {}", e.getMessage());
    failure.set(e);
    if (e.reason() == StoreException.Reason.CORRUPT) {
      damage.set(new Damage(e, lastKept.get()));
    }
    tried.complete(false);
  }

  @Override
  public void working() {
    LOG.info("The store can be used again");
  }

  @Override
  public void hangs(boolean now) {
    if (now) {
      LOG.warn("The store has not answered for 10 s; what is to be stored waits");
    } else {
      LOG.info("The store answers again");
    }
  }

  /** Waits for the first attempt, as {@link MessageKeeper#awaitFirst} says. */
  void awaitFirst(Duration slow, Duration most) {
    if (isTried(slow)) {
      return;
    }
    LOG.warn("The store is slow to open; the start of the node waits for it");
    if (!isTried(most)) {
      LOG.warn("The store does not answer; the node starts without it");
      failure.compareAndSet(
          null,
          new StoreException(StoreException.Reason.OTHER, "The store does not answer.", null));
    }
  }

  /** An interrupt does not end this: the node would start without its store. */
  private boolean isTried(Duration most) {
    return tried
        .thenApply(claimed -> true)
        .completeOnTimeout(false, most.toNanos(), TimeUnit.NANOSECONDS)
        .join();
  }

  boolean isDone() {
    return done.isDone();
  }

  /** Completes when the store is this node's. */
  CompletableFuture<Void> whenDone() {
    return done.copy();
  }

  /** Returns what the store had kept, once it is this node's. Returned only once. */
  StoreState takeState() {
    return Objects.requireNonNull(state.getAndSet(null));
  }

  /**
   * Returns why the store could never be claimed. Null if that is only because it is another
   * process's.
   */
  @Nullable StoreException failure() {
    StoreException last = done.isDone() ? null : failure.get();
    return last == null || last.reason() == StoreException.Reason.LOCKED ? null : last;
  }

  /** A row of what is kept was committed. */
  void kept(long row) {
    lastKept.set(row);
  }

  /** Returns why the store does not have a committed row any more, or null if it has it. */
  @Nullable StoreException lost(long row) {
    Damage last = damage.get();
    return last != null && row <= last.lastRow ? last.failure : null;
  }
}
