package io.p2pchat.internal.peer;

import io.p2pchat.Fingerprint;
import io.p2pchat.Peer;
import java.time.Duration;
import java.util.Optional;

/** What a peer's snapshot says of how the node talks with it. Thread-safe. */
public interface SessionStatus {
  /** How the node talks with it. */
  Peer.Level level();

  /** Who it has shown to be, or empty if the connection is not encrypted. */
  Optional<Fingerprint> fingerprint();

  /** The time of the last round trip. */
  Optional<Duration> roundTrip();

  /** Messages that wait to be sent or acknowledged. */
  int unacknowledged();
}
