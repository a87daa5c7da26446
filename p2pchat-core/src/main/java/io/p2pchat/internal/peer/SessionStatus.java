package io.p2pchat.internal.peer;

import io.p2pchat.Fingerprint;
import io.p2pchat.Peer;
import io.p2pchat.internal.session.SendQueue;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The public status of an endpoint's session. Changed on the event loop, and thread-safe to read.
 */
final class SessionStatus {
  private final SendQueue queue;
  private volatile @Nullable Fingerprint key;
  private volatile boolean open;
  private volatile boolean ended = true;
  private volatile long roundTripNanos = -1;

  SessionStatus(SendQueue queue) {
    this.queue = queue;
  }

  /** A connection is open, with a peer that holds this key, or unencrypted if the key is null. */
  void opened(@Nullable Fingerprint newKey) {
    key = newKey;
    open = true;
    ended = false;
  }

  /** The session has no connection now. */
  void closed() {
    open = false;
  }

  /** The session has ended. */
  void ended() {
    ended = true;
  }

  void setRoundTrip(long nanos) {
    roundTripNanos = nanos;
  }

  /** Returns the key of the peer on the last connection, or null if that was not encrypted. */
  @Nullable Fingerprint key() {
    return key;
  }

  /** Returns how the node talks to the peer. */
  Peer.Level level() {
    return open ? Peer.Level.SESSION : Peer.Level.PLAIN;
  }

  /**
   * Returns the key of the session, with or without a connection. Returns null if there is no
   * session or it is not encrypted.
   */
  @Nullable Fingerprint fingerprint() {
    return ended ? null : key;
  }

  /** Returns the last round-trip time, or null if none was measured. */
  @Nullable Duration roundTrip() {
    long nanos = roundTripNanos;
    return nanos < 0 ? null : Duration.ofNanos(nanos);
  }

  /** Returns the number of messages not yet sent or acknowledged. */
  int unacknowledged() {
    return queue.heldLines();
  }
}
