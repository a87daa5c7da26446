package io.p2pchat.internal.store;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells when a call has not returned for a long time, and when it has. A call costs no timer of its
 * own: one looks at those of the next while. Thread-safe.
 */
final class HangWatch {
  private static final Logger LOG = LoggerFactory.getLogger(HangWatch.class);

  private final long most;
  private final Listener listener;
  private final LongSupplier clock;
  private final Scheduler scheduler;
  private boolean calls;
  private long since;
  private boolean hangs;
  private boolean looks;

  /** Hears of a hanging call. Called in turn, on another thread or on that of the call. */
  interface Listener {
    /** The call hangs, or does not any more. */
    void hangs(boolean now);
  }

  /** Runs a task later, on another thread. */
  interface Scheduler {
    void schedule(Runnable task, long nanos);
  }

  HangWatch(Duration most, Listener listener) {
    this(
        most,
        listener,
        System::nanoTime,
        (task, nanos) ->
            CompletableFuture.delayedExecutor(nanos, TimeUnit.NANOSECONDS).execute(task));
  }

  /** For tests. The clock counts nanoseconds. */
  HangWatch(Duration most, Listener listener, LongSupplier clock, Scheduler scheduler) {
    this.most = most.toNanos();
    this.listener = listener;
    this.clock = clock;
    this.scheduler = scheduler;
  }

  /** A call begins. */
  synchronized void begin() {
    calls = true;
    since = clock.getAsLong();
    if (!looks) {
      lookLater(most);
    }
  }

  /** The call has returned. */
  synchronized void end() {
    calls = false;
    if (hangs) {
      hangs = false;
      tell(false);
    }
  }

  /** Without memory for a timer, the next call tries again. */
  private void lookLater(long nanos) {
    try {
      looks = true;
      scheduler.schedule(this::look, nanos);
    } catch (Throwable e) {
      looks = false;
      LOG.error("It is not watched whether the store hangs.", e);
    }
  }

  private void tell(boolean now) {
    try {
      listener.hangs(now);
    } catch (Throwable e) {
      LOG.error("A listener for a hanging store failed.", e);
    }
  }

  private synchronized void look() {
    looks = false;
    if (!calls) {
      return;
    }
    long left = most - (clock.getAsLong() - since);
    if (left > 0) {
      lookLater(left);
    } else {
      hangs = true;
      tell(true);
    }
  }
}
