package io.p2pchat.internal.node;

import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Runs code of the application on the event loop, after what the loop does at the moment. Warns of
 * a task that takes long. Thread-safe.
 */
final class InlineExecutor implements Executor {
  private static final long LONG_MILLIS = 10;

  private final Executor loop;
  private final LongSupplier clock;
  private final Consumer<String> warning;

  /**
   * Creates an executor.
   *
   * @param loop the event loop
   * @param clock a steady clock in nanoseconds
   * @param warning gets a line about each task of more than 10 ms
   */
  InlineExecutor(Executor loop, LongSupplier clock, Consumer<String> warning) {
    this.loop = loop;
    this.clock = clock;
    this.warning = warning;
  }

  @Override
  public void execute(Runnable task) {
    loop.execute(() -> run(task));
  }

  private void run(Runnable task) {
    long start = clock.getAsLong();
    try {
      task.run();
    } finally {
      long millis = TimeUnit.NANOSECONDS.toMillis(clock.getAsLong() - start);
      if (millis > LONG_MILLIS) {
        warning.accept(
            "The inline listener, or a stage of a future, kept the event loop for "
                + millis
                + " ms. It must not block: use a listener with a thread of its own");
      }
    }
  }
}
