package io.p2pchat.internal.peer;

import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.Function;
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

  private final Function<PeerAddress, @Nullable SessionStatus> links;

  PeerRecord(PeerAddress address, Function<PeerAddress, @Nullable SessionStatus> links) {
    this.address = address;
    this.links = links;
  }

  void heard(Instant time) {
    lastHeard = time;
  }

  Peer snapshot() {
    Peer.State state = reachable ? Peer.State.REACHABLE : Peer.State.UNREACHABLE;
    SessionStatus talk = links.apply(address);
    return new Peer(
        address,
        teamName,
        connected,
        state,
        Optional.ofNullable(lastHeard),
        talk == null ? Peer.Level.PLAIN : talk.level(),
        talk == null ? Optional.empty() : talk.fingerprint(),
        talk == null ? Optional.empty() : talk.roundTrip(),
        talk == null ? 0 : talk.unacknowledged());
  }
}
