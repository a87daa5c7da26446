package io.p2pchat.internal.node;

import io.netty.util.NetUtil;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shuts the node down, once and on a thread of its own, whichever thread asks and however often.
 * Thread-safe.
 */
final class NodeShutdown {
  private static final Logger LOG = LoggerFactory.getLogger(NodeShutdown.class);
  private static final Duration LAST_EVENTS = Duration.ofMillis(100);

  /** A source closes within a second, and begins when the node does. */
  private static final Duration SOURCES_END = Duration.ofSeconds(1);

  static final Duration STORE_CLOSES = Duration.ofSeconds(5);

  private final NodeAssembly node;
  private final AtomicBoolean begun = new AtomicBoolean();
  private final CompletableFuture<Void> done = new CompletableFuture<>();

  NodeShutdown(NodeAssembly node) {
    this.node = node;
  }

  boolean hasBegun() {
    return begun.get();
  }

  /** Shuts down and waits for the end. Does not wait on a thread of the node or in its listener. */
  void close() {
    boolean mayBlock = !node.threads.isCurrent() && !node.dispatcher.isListenerThread();
    if (begun.compareAndSet(false, true)) {
      begin(mayBlock);
    }
    if (mayBlock) {
      done.join();
    }
  }

  private void begin(boolean mayBlock) {
    try {
      node.threads.factory("close").newThread(this::run).start();
    } catch (OutOfMemoryError e) {
      // The system can create no thread now.
      if (!mayBlock) {
        begun.set(false);
        throw e;
      }
      run();
    }
  }

  private void run() {
    long deadline = System.nanoTime() + node.settings.closeTimeout().toNanos();
    try {
      node.discovery.close();
      sayExit(deadline);
      node.threads.loop.submit(this::disconnect).await();
      // Only after the connections have reported how they ended.
      node.threads.loop.submit(node.endpoints::close).await();
      dispatchTheRest(deadline);
      closeStore();
      node.discovery.awaitClosed(SOURCES_END);
      node.resolver.close();
      node.threads.end();
    } catch (InterruptedException | RuntimeException e) {
      LOG.error("Closing the node failed", e);
    } finally {
      LOG.info(
          "The node on {} is closed",
          NetUtil.toSocketAddressString(node.context.identity().bound()));
      done.complete(null);
    }
  }

  private void sayExit(long deadline) throws InterruptedException {
    CompletableFuture<Void> allSent = new CompletableFuture<>();
    node.threads.loop.execute(
        () -> {
          node.listener.close();
          node.router.sayExit(node.registry.connected(), () -> allSent.complete(null));
        });
    try {
      allSent.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      LOG.debug("Closing goes on: not all was sent in time");
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private void closeStore() {
    if (node.keeper != null) {
      node.keeper.close(STORE_CLOSES);
    }
  }

  private void disconnect() {
    node.dialer.stop();
    node.router.stop();
    node.connections.closeAll();
  }

  private void dispatchTheRest(long deadline) throws InterruptedException {
    node.dispatcher.close();
    long left = Math.max(LAST_EVENTS.toNanos(), deadline - System.nanoTime());
    int dropped = node.dispatcher.awaitIdle(Duration.ofNanos(left));
    if (dropped > 0) {
      LOG.warn("{} events were dropped: the listener did not take them in time", dropped);
    }
  }
}
