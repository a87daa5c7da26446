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
 * Runs tasks one at a time, those of different owners in turns: who has many keeps others waiting
 * for one of them. Thread-safe.
 *
 * @param <K> an owner
 */
final class FairExecutor<K> {
  private static final Logger LOG = LoggerFactory.getLogger(FairExecutor.class);

  private final Executor executor;

  // Those whose turn comes next, first.
  private final Map<K, Set<Runnable>> waiting = new LinkedHashMap<>();
  private boolean running;

  FairExecutor(Executor executor) {
    this.executor = executor;
  }

  /**
   * Has a task run when it is its turn.
   *
   * @throws RejectedExecutionException if the executor takes no more; the task is not run
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
    } catch (RejectedExecutionException e) {
      synchronized (waiting) {
        running = false;
        waiting.clear();
      }
      throw e;
    }
  }

  /** Drops a task that still waits. */
  void drop(K owner, Runnable task) {
    synchronized (waiting) {
      Set<Runnable> own = waiting.get(owner);
      if (own != null && own.remove(task) && own.isEmpty()) {
        waiting.remove(owner);
      }
    }
  }

  /** How many tasks wait. */
  int size() {
    synchronized (waiting) {
      return waiting.values().stream().mapToInt(Set::size).sum();
    }
  }

  private void runAll() {
    for (Runnable task = next(); task != null; task = next()) {
      try {
        task.run();
      } catch (RuntimeException e) {
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
