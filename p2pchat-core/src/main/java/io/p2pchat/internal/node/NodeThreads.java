package io.p2pchat.internal.node;

import io.netty.util.concurrent.FastThreadLocalThread;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes the threads of one node, named and daemon, and knows them again. Thread-safe. */
final class NodeThreads {
  private static final AtomicInteger NODES = new AtomicInteger();
  private static final int IDLE_SECONDS = 10;

  private final String prefix = "p2pchat-" + NODES.incrementAndGet() + "-";
  private final ThreadLocal<Boolean> own = ThreadLocal.withInitial(() -> false);

  ThreadFactory factory(String role) {
    return task -> {
      Thread thread =
          new FastThreadLocalThread(
              () -> {
                own.set(true);
                task.run();
              },
              prefix + role);
      thread.setDaemon(true);
      return thread;
    };
  }

  /** One thread that is there while there is work. Who gives it tasks bounds how many. */
  ThreadPoolExecutor single(String role) {
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), factory(role));
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }

  /** Whether the calling thread is one of these. */
  boolean isCurrent() {
    return own.get();
  }
}
