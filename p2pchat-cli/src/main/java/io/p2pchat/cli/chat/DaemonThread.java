package io.p2pchat.cli.chat;

import java.time.Duration;

/** Threads for what may hang. They do not hold up the end of the process. */
public final class DaemonThread {
  private DaemonThread() {}

  /** Creates a thread, and does not start it. */
  static Thread of(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Runs a task, and waits for its end.
   *
   * @param patience how long to wait at most, at least a millisecond
   * @return whether it has ended
   */
  public static boolean run(String name, Runnable task, Duration patience) {
    Thread thread = of(name, task);
    thread.start();
    try {
      thread.join(patience.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return !thread.isAlive();
  }
}
