package io.p2pchat.internal.node;

import io.netty.channel.EventLoop;
import io.p2pchat.internal.event.ThrottledLogger;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;

/**
 * Runs code of the application on the event loop, after what the loop does at the moment. Logs a
 * warning about a task that takes long. Thread-safe.
 */
final class InlineExecutor implements Executor {
  private static final long LONG_MILLIS = 10;

  private final ThrottledLogger log =
      new ThrottledLogger(LoggerFactory.getLogger(InlineExecutor.class));
  private final EventLoop loop;

  InlineExecutor(EventLoop loop) {
    this.loop = loop;
  }

  @Override
  public void execute(Runnable task) {
    loop.execute(() -> run(task));
  }

  private void run(Runnable task) {
    long start = System.nanoTime();
    try {
      task.run();
    } finally {
      long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
      if (millis > LONG_MILLIS) {
        log.warn(
            "The inline listener, or a stage of a future, kept the event loop for "
                + millis
                + " ms; it must not block");
      }
    }
  }
}
