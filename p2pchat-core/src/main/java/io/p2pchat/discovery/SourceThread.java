package io.p2pchat.discovery;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The daemon thread of a source, and that a source lives once. The thread starts with the first
 * task. Thread-safe.
 */
final class SourceThread {
  private static final Logger LOG = LoggerFactory.getLogger(SourceThread.class);
  private static final long END_MILLIS = 900;

  private final ScheduledThreadPoolExecutor executor;
  private boolean begun;
  private boolean ended;

  SourceThread(String name) {
    this.executor =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "p2pchat-discovery-" + name);
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * The source starts.
   *
   * @throws IllegalStateException if it was started or closed before
   */
  synchronized void begin() {
    if (begun || ended) {
      throw new IllegalStateException("a source starts once; create another one");
    }
    begun = true;
  }

  synchronized boolean hasEnded() {
    return ended;
  }

  /** Runs a task after a time, unless the source is closed before. A failure is logged. */
  void run(Runnable task, long delayMillis) {
    try {
      executor.schedule(() -> runNow(task), delayMillis, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.trace("The source is closed", e);
    }
  }

  private void runNow(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      if (!hasEnded()) {
        LOG.warn("A source of discovery failed", e);
      }
    }
  }

  /** Ends the thread, and waits for it a moment. Returns whether this was the first call. */
  boolean end() {
    synchronized (this) {
      if (ended) {
        return false;
      }
      ended = true;
    }
    executor.shutdownNow();
    try {
      if (!executor.awaitTermination(END_MILLIS, TimeUnit.MILLISECONDS)) {
        LOG.debug("A source of discovery still runs a task");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return true;
  }
}
