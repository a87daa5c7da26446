package io.p2pchat.internal.peer;

import io.p2pchat.Fingerprint;
import io.p2pchat.Peer;
import io.p2pchat.internal.session.SendQueue;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What others may see of a contact's session. Changed on the event loop; thread-safe to read. */
final class SessionView implements SessionStatus {
  private final SendQueue queue;
  private volatile @Nullable Fingerprint key;
  private volatile boolean open;
  private volatile long roundTripNanos = -1;

  SessionView(SendQueue queue) {
    this.queue = queue;
  }

  /** A connection is open, with a peer that holds this key, or without encryption. */
  void opened(@Nullable Fingerprint newKey) {
    key = newKey;
    open = true;
  }

  void closed() {
    open = false;
  }

  void setRoundTrip(long nanos) {
    roundTripNanos = nanos;
  }

  /** The key of the peer on the last connection, or null if that was not encrypted. */
  @Nullable Fingerprint key() {
    return key;
  }

  @Override
  public Peer.Level level() {
    return open ? Peer.Level.SESSION : Peer.Level.PLAIN;
  }

  @Override
  public Optional<Fingerprint> fingerprint() {
    return open ? Optional.ofNullable(key) : Optional.empty();
  }

  @Override
  public Optional<Duration> roundTrip() {
    long nanos = roundTripNanos;
    return nanos < 0 ? Optional.empty() : Optional.of(Duration.ofNanos(nanos));
  }

  @Override
  public int unacknowledged() {
    return queue.heldLines();
  }
}
