package io.p2pchat.internal.node;

import io.netty.channel.EventLoop;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The named daemon threads of one node (docs/THREADING.md). Recognizes them, and ends them.
 * Thread-safe.
 */
final class NodeThreads {
  private static final AtomicInteger NODES = new AtomicInteger();
  private static final int IDLE_SECONDS = 10;
  private static final Duration THREAD_END = Duration.ofMillis(200);

  /** The event loop. */
  final EventLoop loop;

  /** Runs the listener. */
  final ThreadPoolExecutor events;

  /** Completes futures. */
  final ThreadPoolExecutor completions;

  /** Loads keys and TLS, and computes handshakes. */
  final ThreadPoolExecutor tls;

  /** Reads the known peers, or asks the application's verifier. */
  final ThreadPoolExecutor files;

  /** Writes the known peers. */
  final ThreadPoolExecutor records;

  private final String prefix = "p2pchat-" + NODES.incrementAndGet() + "-";
  private final ThreadLocal<Boolean> own = ThreadLocal.withInitial(() -> false);

  /** Creates the executors. They start threads when there is work. */
  NodeThreads() {
    this.loop =
        new SingleThreadIoEventLoop(null, factory(prefix + "io", own), NioIoHandler.newFactory());
    this.events = single(prefix + "events", own);
    this.completions = single(prefix + "completions", own);
    this.tls = single(prefix + "tls", own);
    this.files = single(prefix + "files", own);
    this.records = single(prefix + "records", own);
  }

  /** Creates a factory for further threads of the node. */
  ThreadFactory factory(String role) {
    return factory(prefix + role, own);
  }

  private static ThreadFactory factory(String name, ThreadLocal<Boolean> own) {
    return task -> {
      Thread thread =
          new FastThreadLocalThread(
              () -> {
                own.set(true);
                task.run();
              },
              name);
      thread.setDaemon(true);
      return thread;
    };
  }

  /** Creates an executor with one thread that ends when idle. Its users bound its queue. */
  private static ThreadPoolExecutor single(String name, ThreadLocal<Boolean> own) {
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), factory(name, own));
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }

  /** Returns whether the calling thread is one of these. */
  boolean isCurrent() {
    return own.get();
  }

  /** Ends all threads, each before those it needs. */
  void end() throws InterruptedException {
    loop.shutdownGracefully(0, THREAD_END.toMillis(), TimeUnit.MILLISECONDS)
        .await(2 * THREAD_END.toMillis());
    end(completions);
    end(events);
    end(tls);
    // What they have not done yet is for connections that are closed.
    stop(records);
    stop(files);
  }

  /** Ends the threads of a node that failed to start. */
  void abandon() {
    loop.shutdownGracefully(0, THREAD_END.toMillis(), TimeUnit.MILLISECONDS);
    List.of(events, completions, tls, files, records).forEach(ThreadPoolExecutor::shutdown);
  }

  private static void end(ThreadPoolExecutor executor) throws InterruptedException {
    // A blocked thread may have left tasks behind. Run them here: futures must complete.
    stop(executor).forEach(Runnable::run);
    executor.awaitTermination(THREAD_END.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Stops an executor and returns the tasks that did not run. */
  private static List<Runnable> stop(ThreadPoolExecutor executor) throws InterruptedException {
    executor.shutdown();
    return executor.awaitTermination(THREAD_END.toMillis(), TimeUnit.MILLISECONDS)
        ? List.of()
        : executor.shutdownNow();
  }
}
