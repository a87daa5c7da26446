package io.p2pchat.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is done when a signal ends the process, until it is taken back. To be closed after what it
 * does is done anyway: a signal that comes in between would end the process in the midst of it.
 */
final class ShutdownHook implements AutoCloseable {
  private @Nullable Thread thread;

  void install(Runnable... actions) {
    thread = new Thread(() -> List.of(actions).forEach(Runnable::run), "p2pchat-signal");
    Runtime.getRuntime().addShutdownHook(thread);
  }

  /** Takes the hook back, unless it is running already. */
  @Override
  public void close() {
    if (thread == null) {
      return;
    }
    try {
      Runtime.getRuntime().removeShutdownHook(thread);
    } catch (IllegalStateException e) {
      // The signal came first, and the hook decides how the process ends.
    }
  }
}
