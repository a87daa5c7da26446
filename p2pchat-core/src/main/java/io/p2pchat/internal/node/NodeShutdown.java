package io.p2pchat.internal.node;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one closing of a node, on a thread of its own, however often and from where it is asked for.
 */
final class NodeShutdown {
  private static final Logger LOG = LoggerFactory.getLogger(NodeShutdown.class);
  private static final Duration LAST_EVENTS = Duration.ofMillis(100);
  private static final Duration THREAD_END = Duration.ofMillis(200);

  private final NodeAssembly wiring;
  private final NodeThreads threads;
  private final AtomicBoolean begun = new AtomicBoolean();
  private final CompletableFuture<Void> done = new CompletableFuture<>();

  NodeShutdown(NodeAssembly wiring, NodeThreads threads) {
    this.wiring = wiring;
    this.threads = threads;
  }

  boolean hasBegun() {
    return begun.get();
  }

  void close() {
    if (begun.compareAndSet(false, true)) {
      threads.factory("close").newThread(this::run).start();
    }
    if (!threads.isCurrent() && !wiring.handOver.isListenerThread()) {
      done.join();
    }
  }

  /** Ends a node that could not begin to listen. */
  void abandon() {
    begun.set(true);
    done.complete(null);
    wiring.loop.shutdownGracefully(0, THREAD_END.toMillis(), TimeUnit.MILLISECONDS);
    wiring.keys.handshakes.shutdown();
    wiring.keys.files.shutdown();
    wiring.keys.records.shutdown();
  }

  private void endThreads() throws InterruptedException {
    wiring.resolver.close();
    endLoop();
    end(wiring.completions);
    end(wiring.ownEvents);
    end(wiring.keys.handshakes);
    // What is not written yet is for connections that are gone.
    stop(wiring.keys.records);
    end(wiring.keys.files);
  }

  private void endLoop() throws InterruptedException {
    wiring
        .loop
        .shutdownGracefully(0, THREAD_END.toMillis(), TimeUnit.MILLISECONDS)
        .await(2 * THREAD_END.toMillis());
  }

  private void run() {
    long deadline = System.nanoTime() + wiring.settings.closeTimeout().toNanos();
    try {
      sayGoodbye(deadline);
      wiring.loop.submit(this::disconnect).await();
      // After the connections have told how they ended.
      wiring.loop.submit(wiring.contacts::close).await();
      handOverTheRest(deadline);
      endThreads();
    } catch (InterruptedException | RuntimeException e) {
      LOG.error("Closing the node failed", e);
    } finally {
      done.complete(null);
    }
  }

  private void sayGoodbye(long deadline) throws InterruptedException {
    CompletableFuture<Void> allSent = new CompletableFuture<>();
    wiring.loop.execute(
        () -> {
          wiring.transport.stopListening();
          wiring.sayExit();
          wiring.contacts.whenEmpty(() -> allSent.complete(null));
        });
    try {
      allSent.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      LOG.debug("Closing goes on: not all was sent in time");
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private void disconnect() {
    wiring.transport.stopDialing();
    wiring.contacts.stop();
    wiring.connections.closeAll();
  }

  private void handOverTheRest(long deadline) throws InterruptedException {
    wiring.handOver.close();
    long left = Math.max(LAST_EVENTS.toNanos(), deadline - System.nanoTime());
    int dropped = wiring.handOver.awaitIdle(Duration.ofNanos(left));
    if (dropped > 0) {
      LOG.warn("{} events were dropped: the listener did not take them in time", dropped);
    }
  }

  private static void end(ThreadPoolExecutor executor) throws InterruptedException {
    // What a blocked thread has kept waiting: futures must complete all the same.
    stop(executor).forEach(Runnable::run);
    executor.awaitTermination(THREAD_END.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Returns what was not run. */
  private static List<Runnable> stop(ThreadPoolExecutor executor) throws InterruptedException {
    executor.shutdown();
    return executor.awaitTermination(THREAD_END.toMillis(), TimeUnit.MILLISECONDS)
        ? List.of()
        : executor.shutdownNow();
  }
}
