package io.p2pchat.internal.node;

import io.netty.channel.EventLoop;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.FastThreadLocalThread;
import io.p2pchat.internal.event.ThrottledLogger;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The named daemon threads of one node (docs/THREADING.md). Recognizes them, and ends them.
 * Thread-safe.
 */
final class NodeThreads {
  private static final Logger LOG = LoggerFactory.getLogger(NodeThreads.class);
  private static final AtomicInteger NODES = new AtomicInteger();
  private static final long RETRY_MILLIS = 100;
  private static final Duration THREAD_END = Duration.ofMillis(200);
  private static final Duration LAST_TASKS = Duration.ofSeconds(1);

  /** The event loop. */
  final EventLoop loop;

  /** Runs the listener. */
  final ThreadPoolExecutor events;

  /** Completes futures. */
  final ThreadPoolExecutor completions;

  /** Runs the listeners and completes futures on the event loop, if the application wants that. */
  final Executor inline;

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
    EventLoop loop =
        new SingleThreadIoEventLoop(null, factory(prefix + "io", own), NioIoHandler.newFactory());
    this.loop = loop;
    this.inline = new InlineExecutor(loop, System::nanoTime, new ThrottledLogger(LOG)::warn);
    Consumer<Runnable> later = task -> later(loop, task);
    this.events = new SingleThreadExecutor(factory(prefix + "events", own), later);
    this.completions = new SingleThreadExecutor(factory(prefix + "completions", own), later);
    this.tls = new SingleThreadExecutor(factory(prefix + "tls", own), later);
    this.files = new SingleThreadExecutor(factory(prefix + "files", own), later);
    this.records = new SingleThreadExecutor(factory(prefix + "records", own), later);
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

  /** Runs a task on the event loop, unless the node closes before. */
  void soon(Runnable task) {
    try {
      loop.execute(task);
    } catch (RejectedExecutionException e) {
      LOG.debug("The node has closed", e);
    }
  }

  /** Runs a task on the event loop a little later, unless the node closes before. */
  void later(Runnable task) {
    later(loop, task);
  }

  private static void later(EventLoop loop, Runnable task) {
    try {
      loop.schedule(task, RETRY_MILLIS, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("The node has closed; nothing is tried again", e);
    }
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

  private void end(ThreadPoolExecutor executor) throws InterruptedException {
    List<Runnable> left = stop(executor);
    if (!left.isEmpty()) {
      // A blocked thread left them behind. Futures must complete, and the next one may block too.
      Thread rest = factory("rest").newThread(() -> left.forEach(Runnable::run));
      rest.start();
      rest.join(LAST_TASKS.toMillis());
    }
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
