package io.p2pchat.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Actions to run when a signal ends the process. Close it only after the normal end has run the
 * same actions. Otherwise a signal in between would interrupt them.
 */
final class ShutdownHook implements AutoCloseable {
  private @Nullable Thread thread;

  void install(Runnable... actions) {
    thread = new Thread(() -> List.of(actions).forEach(Runnable::run), "p2pchat-signal");
    Runtime.getRuntime().addShutdownHook(thread);
  }

  /** Removes the hook, unless it is running. */
  @Override
  public void close() {
    if (thread == null) {
      return;
    }
    try {
      Runtime.getRuntime().removeShutdownHook(thread);
    } catch (IllegalStateException e) {
      // The hook is running, and ends the process.
    }
  }
}
