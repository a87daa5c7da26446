package io.p2pchat.internal.peer;

import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is known of one peer. Guarded by its registry. */
final class PeerRecord {
  static final Comparator<PeerRecord> LONGEST_SILENT =
      Comparator.comparing(
          (PeerRecord peer) -> peer.lastHeard, Comparator.nullsFirst(Comparator.naturalOrder()));

  final PeerAddress address;
  String teamName = Peer.UNKNOWN_TEAM;
  boolean connected;
  boolean reachable = true;
  private @Nullable Instant lastHeard;

  PeerRecord(PeerAddress address) {
    this.address = address;
  }

  void heard(Instant time) {
    lastHeard = time;
  }

  /**
   * The peer as it is now.
   *
   * @param session what is seen of its session; null if there is no endpoint
   */
  Peer snapshot(@Nullable SessionStatus session) {
    Peer.State state = reachable ? Peer.State.REACHABLE : Peer.State.UNREACHABLE;
    return new Peer(
        address,
        teamName,
        connected,
        state,
        Optional.ofNullable(lastHeard),
        session == null ? Peer.Level.PLAIN : session.level(),
        session == null ? Optional.empty() : session.fingerprint(),
        session == null ? Optional.empty() : session.roundTrip(),
        session == null ? 0 : session.unacknowledged());
  }
}
