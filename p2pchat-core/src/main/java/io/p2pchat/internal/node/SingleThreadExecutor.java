package io.p2pchat.internal.node;

import io.p2pchat.internal.event.ThrottledLogger;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.LoggerFactory;

/**
 * An executor with one thread that ends when idle. If the system can create no thread, the tasks
 * stay queued until a later attempt succeeds. Its users bound its queue. Thread-safe.
 */
final class SingleThreadExecutor extends ThreadPoolExecutor {
  private static final int IDLE_SECONDS = 10;

  private final ThrottledLogger log =
      new ThrottledLogger(LoggerFactory.getLogger(SingleThreadExecutor.class));
  private final Consumer<Runnable> later;
  private final AtomicBoolean retrying = new AtomicBoolean();

  /**
   * Creates an executor without a thread.
   *
   * @param threads creates the thread
   * @param later schedules another attempt to create it
   */
  SingleThreadExecutor(ThreadFactory threads, Consumer<Runnable> later) {
    super(1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), threads);
    this.later = later;
    allowCoreThreadTimeOut(true);
  }

  @Override
  public void execute(Runnable task) {
    // Queued first: the task must outlive a thread that does not start.
    boolean queued = !isShutdown() && getQueue().add(task);
    if (!queued || (isShutdown() && remove(task))) {
      getRejectedExecutionHandler().rejectedExecution(task, this);
      return;
    }
    startThread();
  }

  private void startThread() {
    try {
      prestartCoreThread();
    } catch (OutOfMemoryError e) {
      log.error("No thread could be created; it is tried again", e);
      if (!retrying.getAndSet(true)) {
        later.accept(this::retry);
      }
    }
  }

  private void retry() {
    retrying.set(false);
    if (!getQueue().isEmpty()) {
      startThread();
    }
  }
}
