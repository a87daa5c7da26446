package io.p2pchat.internal.peer;

import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import io.p2pchat.internal.security.HostPrefix;
import java.time.Instant;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/** The known facts about one peer. Guarded by its registry. */
final class PeerRecord {
  /** Not by the time of the system clock, which can be set back. */
  static final Comparator<PeerRecord> LONGEST_SILENT =
      Comparator.comparingLong(peer -> peer.lastHeardOrder);

  final PeerAddress address;
  final HostPrefix host;
  @Nullable String teamName;
  boolean connected;

  /** The application has connected to it. False if only the peer has. */
  boolean wanted;

  boolean reachable = true;
  private @Nullable Instant lastHeard;
  private long lastHeardOrder;

  PeerRecord(PeerAddress address) {
    this.address = address;
    this.host = HostPrefix.of(address);
  }

  /**
   * The peer was heard from.
   *
   * @param order a number that is higher each time any peer of the registry is heard from
   */
  void heard(Instant time, long order) {
    lastHeard = time;
    lastHeardOrder = order;
  }

  /**
   * Returns the peer as it is now.
   *
   * @param session the status of its session; null if there is no endpoint
   */
  Peer snapshot(@Nullable SessionStatus session) {
    Peer.Builder peer =
        Peer.builder(address)
            .connected(connected)
            .state(reachable ? Peer.State.REACHABLE : Peer.State.UNREACHABLE)
            .lastHeard(lastHeard);
    if (teamName != null) {
      peer.teamName(teamName);
    }
    if (session != null) {
      peer.level(session.level())
          .fingerprint(session.fingerprint())
          .roundTrip(session.roundTrip())
          .unacknowledged(session.unacknowledged());
    }
    return peer.build();
  }
}
