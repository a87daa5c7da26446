package io.p2pchat.internal.discovery;

import io.p2pchat.discovery.PeerCandidate;
import io.p2pchat.discovery.Sink;
import io.p2pchat.internal.event.ThrottledLogger;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes the candidates of one source, and keeps them until they are worked on. Bounds how many new
 * and changed candidates it takes, of the source and of one host. Renewals cost nothing.
 * Thread-safe.
 */
final class SourceSink implements Sink {
  private static final int MOST_WAITING = DiscoveredPeers.MOST;
  private static final int MOST_HOSTS = 1024;
  private static final Rate OF_SOURCE = new Rate(DiscoveredPeers.MOST, 256);
  private static final Rate OF_HOST = new Rate(2 * DiscoveredPeers.MOST_OF_HOST, 8);

  private final DiscoveredPeers peers;
  private final ThrottledLogger log;
  private final LongSupplier clock;
  private final Runnable wake;
  private final Map<String, Waiting> waiting = new LinkedHashMap<>();
  private final Bucket all;
  // The host that was heard of longest ago comes first.
  private final Map<Object, Bucket> hosts = new LinkedHashMap<>(16, 0.75f, true);
  private boolean closed;

  /** The source. */
  final DiscoveredPeers.Source source;

  /**
   * Creates an empty sink.
   *
   * @param wake called when candidates wait
   */
  SourceSink(
      DiscoveredPeers.Source source,
      DiscoveredPeers peers,
      ThrottledLogger log,
      LongSupplier clock,
      Runnable wake) {
    this.source = source;
    this.peers = peers;
    this.log = log;
    this.clock = clock;
    this.wake = wake;
    this.all = new Bucket(OF_SOURCE, clock.getAsLong());
  }

  /** A candidate that is to be compared with the known keys. */
  record Waiting(PeerCandidate candidate, HintCheck check, long until) {}

  private record Rate(int burst, int perSecond) {}

  private static final class Bucket {
    private final Rate rate;
    private double left;
    private long filled;

    Bucket(Rate rate, long now) {
      this.rate = rate;
      this.left = rate.burst;
      this.filled = now;
    }

    boolean hasOne(long now) {
      double seconds = (double) (now - filled) / TimeUnit.SECONDS.toNanos(1);
      left = Math.min(rate.burst, left + seconds * rate.perSecond);
      filled = now;
      return left >= 1;
    }

    void take() {
      left--;
    }
  }

  @Override
  public void found(PeerCandidate candidate, Duration lease) {
    if (lease.isNegative() || lease.isZero()) {
      throw new IllegalArgumentException("a lease is longer than zero, not " + lease);
    }
    long now = clock.getAsLong();
    long until = DiscoveredPeers.end(now, lease);
    String dropped;
    synchronized (this) {
      if (closed) {
        return;
      }
      Waiting before = waiting.get(candidate.id());
      if (before != null && before.candidate.equals(candidate)) {
        waiting.put(candidate.id(), new Waiting(candidate, before.check, until));
        return;
      }
      if (before == null && peers.renew(source, candidate, until)) {
        return;
      }
      dropped = add(candidate, now, until, before != null);
    }
    if (dropped == null) {
      wake.run();
    } else {
      log.warn("The source " + source.name() + " finds too many peers; " + dropped);
    }
  }

  private @Nullable String add(PeerCandidate candidate, long now, long until, boolean replaces) {
    if (!replaces && waiting.size() >= MOST_WAITING) {
      return MOST_WAITING + " wait already";
    }
    Object host = DiscoveredPeers.host(candidate.addresses().get(0));
    Bucket ofHost = hosts.computeIfAbsent(host, any -> new Bucket(OF_HOST, now));
    if (hosts.size() > MOST_HOSTS) {
      Iterator<Object> oldest = hosts.keySet().iterator();
      oldest.next();
      oldest.remove();
    }
    if (!all.hasOne(now)) {
      return "more than " + OF_SOURCE.perSecond + " a second are left out";
    }
    if (!ofHost.hasOne(now)) {
      return "more than " + OF_HOST.perSecond + " a second of one host are left out";
    }
    all.take();
    ofHost.take();
    HintCheck check =
        new HintCheck(candidate.node().orElse(null), candidate.keyHint().orElse(null));
    waiting.put(candidate.id(), new Waiting(candidate, check, until));
    return null;
  }

  @Override
  public void lost(String id) {
    synchronized (this) {
      if (closed) {
        return;
      }
      waiting.remove(Objects.requireNonNull(id, "id"));
      peers.lost(source, id);
    }
    wake.run();
  }

  /** Returns the candidate that waits longest, or null. */
  synchronized @Nullable Waiting first() {
    Iterator<Waiting> all = waiting.values().iterator();
    return all.hasNext() ? all.next() : null;
  }

  /** Takes a candidate into the list, unless it has changed or was lost since. */
  synchronized void take(Waiting done, KnownKeys keys) {
    Waiting now = waiting.get(done.candidate.id());
    if (now != null && now.check == done.check) {
      waiting.remove(done.candidate.id());
      PeerCandidate candidate = now.candidate;
      peers.take(
          source,
          candidate,
          now.check,
          keys.peer(now.check, candidate.teamName().orElse(null)),
          now.until);
    }
  }

  /** Drops a candidate. */
  synchronized void drop(Waiting unwanted) {
    if (waiting.remove(unwanted.candidate.id(), unwanted)) {
      peers.lost(source, unwanted.candidate.id());
    }
  }

  /** Takes nothing any more. */
  synchronized void close() {
    closed = true;
    waiting.clear();
  }
}
