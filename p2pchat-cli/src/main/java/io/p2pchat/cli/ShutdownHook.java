package io.p2pchat.cli;

/** What is done when a signal ends the process, until it is taken back. */
final class ShutdownHook implements AutoCloseable {
  private final Thread thread;

  ShutdownHook(Runnable action) {
    this.thread = new Thread(action, "p2pchat-signal");
  }

  void install() {
    Runtime.getRuntime().addShutdownHook(thread);
  }

  /** Takes the hook back, unless it is running already. */
  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(thread);
    } catch (IllegalStateException e) {
      // The signal came first, and the hook decides how the process ends.
    }
  }
}
