package io.p2pchat.internal.net.tls;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks one at a time, and the owners take turns. An owner with many tasks delays the others
 * by one task only. Thread-safe.
 *
 * @param <K> an owner
 */
final class FairExecutor<K> {
  private static final Logger LOG = LoggerFactory.getLogger(FairExecutor.class);

  private final Executor executor;

  // The owner with the next turn comes first.
  private final Map<K, Set<Runnable>> waiting = new LinkedHashMap<>();
  private boolean running;

  FairExecutor(Executor executor) {
    this.executor = executor;
  }

  /**
   * Queues a task until its owner's turn.
   *
   * @throws RejectedExecutionException if the executor rejects it; the task does not run
   */
  void execute(K owner, Runnable task) {
    synchronized (waiting) {
      waiting.computeIfAbsent(owner, any -> new LinkedHashSet<>()).add(task);
      if (running) {
        return;
      }
      running = true;
    }
    try {
      executor.execute(this::runAll);
    } catch (RuntimeException | Error e) {
      synchronized (waiting) {
        running = false;
        waiting.clear();
      }
      throw e;
    }
  }

  /** Drops a queued task. */
  void drop(K owner, Runnable task) {
    synchronized (waiting) {
      Set<Runnable> own = waiting.get(owner);
      if (own != null && own.remove(task) && own.isEmpty()) {
        waiting.remove(owner);
      }
    }
  }

  /** Returns the number of queued tasks. */
  int size() {
    synchronized (waiting) {
      return waiting.values().stream().mapToInt(Set::size).sum();
    }
  }

  private void runAll() {
    for (Runnable task = next(); task != null; task = next()) {
      try {
        task.run();
      } catch (Throwable e) {
        // Also an Error: later tasks need this thread.
        LOG.error("A task failed; the others go on", e);
      }
    }
  }

  private @Nullable Runnable next() {
    synchronized (waiting) {
      Iterator<Map.Entry<K, Set<Runnable>>> owners = waiting.entrySet().iterator();
      if (!owners.hasNext()) {
        running = false;
        return null;
      }
      Map.Entry<K, Set<Runnable>> first = owners.next();
      K owner = first.getKey();
      Set<Runnable> own = first.getValue();
      owners.remove();
      Iterator<Runnable> tasks = own.iterator();
      Runnable task = tasks.next();
      tasks.remove();
      if (!own.isEmpty()) {
        waiting.put(owner, own);
      }
      return task;
    }
  }
}
