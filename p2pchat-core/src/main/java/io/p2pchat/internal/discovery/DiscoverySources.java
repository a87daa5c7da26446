package io.p2pchat.internal.discovery;

import io.p2pchat.discovery.Advertisement;
import io.p2pchat.discovery.PeerDiscovery;
import io.p2pchat.discovery.PeerExchange;
import io.p2pchat.internal.event.ThrottledLogger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts and closes the sources of discovery of one node, each on a thread of its own. A source
 * that fails does not hurt the node or the other sources. Thread-safe.
 */
public final class DiscoverySources {
  private static final Logger LOG = LoggerFactory.getLogger(DiscoverySources.class);

  private final List<Running> running = new ArrayList<>();
  private final DiscoveryWorker worker;
  private final Advertisement self;
  private final ThreadFactory threads;
  private boolean begun;

  /**
   * Creates sources that have not started.
   *
   * @param worker takes what they find
   * @param self what they may announce
   * @param threads creates the threads
   */
  public DiscoverySources(
      List<PeerDiscovery> sources,
      DiscoveredPeers peers,
      DiscoveryWorker worker,
      Advertisement self,
      ThreadFactory threads) {
    this.worker = worker;
    this.self = self;
    this.threads = threads;
    ThrottledLogger log = new ThrottledLogger(LOG);
    for (PeerDiscovery each : sources) {
      DiscoveredPeers.Source source =
          new DiscoveredPeers.Source(running.size(), name(each), each instanceof PeerExchange);
      running.add(
          new Running(each, new SourceSink(source, peers, log, System::nanoTime, worker::wake)));
    }
  }

  private static String name(PeerDiscovery source) {
    try {
      String name = source.name();
      if (name != null && !name.isEmpty()) {
        return name;
      }
    } catch (RuntimeException e) {
      LOG.debug("A source of discovery cannot tell its name", e);
    }
    return source.getClass().getName();
  }

  /** A source with its sink. */
  private static final class Running {
    final PeerDiscovery source;
    final SourceSink sink;
    final CountDownLatch started = new CountDownLatch(1);
    final CountDownLatch closed = new CountDownLatch(1);
    private volatile boolean works;

    Running(PeerDiscovery source, SourceSink sink) {
      this.source = source;
      this.sink = sink;
    }

    void start(Advertisement self) {
      try {
        source.start(self, sink);
        works = true;
      } catch (Throwable e) {
        sink.close();
        LOG.warn(
            "Nothing is found through {}: {}",
            sink.source.name(),
            String.valueOf(e.getMessage()),
            e);
      } finally {
        started.countDown();
      }
    }

    void close() {
      sink.close();
      try {
        started.await();
        if (works) {
          source.close();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (Throwable e) {
        LOG.warn("The source {} of discovery could not be closed", sink.source.name(), e);
      } finally {
        closed.countDown();
      }
    }
  }

  /** Starts the sources, unless they were closed. Does not wait for them. */
  public synchronized void start() {
    if (begun || running.isEmpty()) {
      return;
    }
    begun = true;
    worker.start(running.stream().map(each -> each.sink).toList());
    for (Running each : running) {
      run(() -> each.start(self), each.started);
    }
  }

  /** Begins to close the sources, so that they say goodbye. Does not wait for them. */
  public synchronized void close() {
    if (!begun) {
      begun = true;
      running.forEach(each -> each.closed.countDown());
    } else {
      for (Running each : running) {
        run(each::close, each.closed);
      }
    }
    worker.stop();
  }

  private void run(Runnable task, CountDownLatch otherwise) {
    try {
      threads.newThread(task).start();
    } catch (OutOfMemoryError e) {
      otherwise.countDown();
      LOG.error("No thread could be created for a source of discovery", e);
    }
  }

  /** Waits until the sources are closed, for this time at most. */
  public void awaitClosed(Duration time) throws InterruptedException {
    long deadline = System.nanoTime() + time.toNanos();
    for (Running each : running) {
      if (!each.closed.await(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS)) {
        LOG.warn("The source {} of discovery is not closed in time", each.sink.source.name());
      }
    }
  }
}
