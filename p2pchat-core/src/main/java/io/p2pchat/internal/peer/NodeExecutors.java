package io.p2pchat.internal.peer;

import io.netty.channel.EventLoop;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs tasks on a node's event loop and on its completion thread. Thread-safe. */
public final class NodeExecutors {
  private static final Logger LOG = LoggerFactory.getLogger(NodeExecutors.class);

  final EventLoop loop;
  private final Executor completions;
  private final long clockStart;

  /**
   * Creates the executors, and starts their clock.
   *
   * @param completions completes futures
   */
  public NodeExecutors(EventLoop loop, Executor completions) {
    this.loop = loop;
    this.completions = completions;
    this.clockStart = loop.ticker().nanoTime();
  }

  /** Returns the time of one steady clock, in nanoseconds. */
  public long now() {
    return loop.ticker().nanoTime() - clockStart;
  }

  /** Runs a task on the event loop. Returns false if the node has closed. */
  boolean onLoop(Runnable task) {
    try {
      loop.execute(task);
      return true;
    } catch (RejectedExecutionException e) {
      LOG.trace("The node has closed", e);
      return false;
    }
  }

  /** Completes futures on their own thread, or on this one if the node has closed. */
  public void complete(Runnable completion) {
    try {
      completions.execute(completion);
    } catch (RejectedExecutionException e) {
      completion.run();
    }
  }

  /**
   * Fails a future. Uses the completion thread if the application may have chained code to the
   * future.
   */
  void fail(CompletableFuture<?> future, RuntimeException reason) {
    if (loop.inEventLoop()) {
      complete(() -> future.completeExceptionally(reason));
    } else {
      future.completeExceptionally(reason);
    }
  }
}
