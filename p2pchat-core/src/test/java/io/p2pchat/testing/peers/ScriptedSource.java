package io.p2pchat.testing.peers;

import static io.p2pchat.testing.Eventually.result;

import io.p2pchat.discovery.Advertisement;
import io.p2pchat.discovery.PeerCandidate;
import io.p2pchat.discovery.PeerDiscovery;
import io.p2pchat.discovery.Sink;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** A source of discovery that finds what a test says. */
public final class ScriptedSource implements PeerDiscovery {
  private final String name;
  private final CompletableFuture<Advertisement> started = new CompletableFuture<>();
  private final CompletableFuture<Sink> sink = new CompletableFuture<>();
  private final AtomicInteger closed = new AtomicInteger();

  /** Makes a source with a name. */
  public ScriptedSource(String name) {
    this.name = name;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void start(Advertisement self, Sink to) {
    sink.complete(to);
    started.complete(self);
  }

  @Override
  public void close() {
    closed.incrementAndGet();
  }

  /** Waits for the start, and returns what may be announced. */
  public Advertisement awaitStart() {
    return result(started);
  }

  /** Finds a candidate. */
  public void found(PeerCandidate candidate, Duration lease) {
    result(sink).found(candidate, lease);
  }

  /** Loses a candidate. */
  public void lost(String id) {
    result(sink).lost(id);
  }

  /** How often it was closed. */
  public int closed() {
    return closed.get();
  }
}
