package io.p2pchat.internal.session;

import java.util.Comparator;
import java.util.PriorityQueue;

/** Runs tasks in the order of their virtual times; nothing waits for a real clock. */
final class VirtualTime {
  static final long MILLI = 1_000_000;
  static final long SECOND = 1000 * MILLI;

  private record Task(long time, long order, Runnable action) {}

  private final PriorityQueue<Task> tasks =
      new PriorityQueue<>(Comparator.comparingLong(Task::time).thenComparingLong(Task::order));
  private long now;
  private long order;

  long now() {
    return now;
  }

  void after(long delay, Runnable action) {
    tasks.add(new Task(now + Math.max(0, delay), order++, action));
  }

  /** Runs all that is due until {@code end}, and {@code check} after each task. */
  void runUntil(long end, Runnable check) {
    while (!tasks.isEmpty() && tasks.peek().time <= end) {
      Task task = tasks.remove();
      now = task.time;
      task.action.run();
      check.run();
    }
    now = end;
  }
}
