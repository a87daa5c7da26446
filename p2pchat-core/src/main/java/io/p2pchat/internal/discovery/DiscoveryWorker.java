package io.p2pchat.internal.discovery;

import io.p2pchat.Fingerprint;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerEvent;
import io.p2pchat.discovery.Advertisement;
import io.p2pchat.discovery.PeerCandidate;
import io.p2pchat.internal.event.EventDispatcher;
import io.p2pchat.internal.event.FlowWindow;
import io.p2pchat.internal.security.KnownPeerSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that puts what the sources find into the {@link DiscoveredPeers}: it compares the
 * hints with the known keys, ends leases, and publishes the events. Methods are thread-safe.
 */
public final class DiscoveryWorker {
  private static final Logger LOG = LoggerFactory.getLogger(DiscoveryWorker.class);
  private static final int EVENT_BYTES = 1024;
  private static final long TICK_MILLIS = 1000;
  private static final long PAUSE_MILLIS = 50;

  /** How many candidates are taken before another task of the thread has its turn. */
  private static final int BATCH = 256;

  private final DiscoveredPeers peers;
  private final Advertisement self;
  private final EventDispatcher dispatcher;
  private final Node node;
  private final KnownKeys keys;
  private final ScheduledThreadPoolExecutor thread;
  private final FlowWindow window = new Window();
  private final AtomicBoolean woken = new AtomicBoolean();
  private List<SourceSink> sinks = List.of();
  private List<PeerAddress> own = List.of();
  private boolean recheck;

  /** What a node does about what is found. Called on the thread. */
  public interface Node {
    /** Receives the addresses that the user has chosen, each second. */
    void chosen(Set<PeerAddress> addresses);

    /** Receives the known keys of which something was found. */
    void hinted(Set<Fingerprint> keys);

    /** Receives the candidates of peer exchange that have gone, as another source says. */
    void gone(Set<PeerCandidate> candidates);
  }

  /**
   * Creates a worker that has not started.
   *
   * @param known returns the known peers
   * @param self what the sources may announce
   * @param threads creates the thread
   */
  public DiscoveryWorker(
      DiscoveredPeers peers,
      Supplier<KnownPeerSet> known,
      Advertisement self,
      EventDispatcher dispatcher,
      Node node,
      ThreadFactory threads) {
    this.peers = peers;
    this.self = self;
    this.dispatcher = dispatcher;
    this.node = node;
    this.keys = new KnownKeys(known, System.nanoTime());
    this.thread = new ScheduledThreadPoolExecutor(1, threads);
  }

  /** The source of the events. When the listener is behind, changes wait in the list. */
  private final class Window extends FlowWindow {
    @Override
    protected void set(boolean open) {
      if (open) {
        wake();
      }
    }
  }

  /** Works for these sinks from now on. Called once. */
  void start(List<SourceSink> ofSources) {
    execute(() -> sinks = List.copyOf(ofSources), 0);
    execute(this::tick, 0);
  }

  /** There is something to do. */
  void wake() {
    if (!woken.getAndSet(true)) {
      execute(this::work, 0);
    }
  }

  /** Does nothing any more. */
  void stop() {
    thread.shutdownNow();
  }

  private void execute(Runnable task, long millis) {
    try {
      thread.schedule(() -> run(task), millis, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.trace("The node has closed", e);
    } catch (OutOfMemoryError e) {
      LOG.error("No thread could be created", e);
    }
  }

  private static void run(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      LOG.error("Discovery failed", e);
    }
  }

  private void tick() {
    execute(this::tick, TICK_MILLIS);
    long now = System.nanoTime();
    own = self.addresses();
    peers.expire(now);
    boolean changed = keys.refresh(() -> peers.checks().forEach(check -> check.compared = 0));
    recheck |= changed;
    if (changed) {
      peers.recognize(keys::peer);
    }
    peers.applyAnswers(keys::peer);
    node.chosen(peers.chosen());
    wake();
  }

  private void work() {
    woken.set(false);
    long now = System.nanoTime();
    boolean left = recheck(now);
    int taken = 0;
    for (SourceSink sink : sinks) {
      left |= take(sink, now, BATCH / sinks.size() + 1);
      taken++;
    }
    Set<Fingerprint> hinted = peers.takeHinted();
    if (!hinted.isEmpty()) {
      node.hinted(hinted);
    }
    Set<PeerCandidate> gone = peers.takeGone();
    if (!gone.isEmpty()) {
      node.gone(gone);
    }
    publish();
    if (left && taken > 0) {
      execute(this::wake, PAUSE_MILLIS);
    }
  }

  /** Compares the peers in the list with new keys. Returns whether some are left. */
  private boolean recheck(long now) {
    if (!recheck) {
      return false;
    }
    boolean matched = false;
    recheck = false;
    for (HintCheck check : peers.checks()) {
      boolean before = check.match != null;
      recheck |= !keys.compare(check, now);
      matched |= !before && check.match != null;
    }
    if (matched) {
      peers.recognize(keys::peer);
    }
    return recheck;
  }

  /** Takes the next candidates of a source. Returns whether some are left. */
  private boolean take(SourceSink sink, long now, int most) {
    for (int i = 0; i < most; i++) {
      SourceSink.Waiting next = sink.first();
      if (next == null) {
        return false;
      }
      if (isSelf(next.candidate())) {
        sink.drop(next);
      } else if (keys.compare(next.check(), now)) {
        sink.take(next, keys);
      } else {
        return true;
      }
    }
    return sink.first() != null;
  }

  private boolean isSelf(PeerCandidate candidate) {
    return candidate.node().map(self.node()::equals).orElse(own.containsAll(candidate.addresses()));
  }

  private void publish() {
    while (window.isOpen()) {
      PeerEvent event = peers.nextEvent();
      if (event == null) {
        return;
      }
      dispatcher.publish(event, window, EVENT_BYTES);
    }
  }
}
