package io.p2pchat.internal.registry;

import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import io.p2pchat.internal.security.HostPrefix;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The known facts about one peer. Guarded by its registry. */
final class PeerRecord {
  /** The host to which it counts: the one where it was seen first. */
  final HostPrefix host;

  PeerId id;
  @Nullable String teamName;
  boolean connected;

  /** The application has connected to it. False if only the peer has. */
  boolean wanted;

  boolean reachable = true;

  /** It is unreachable because the connection of its session was lost. */
  boolean lost;

  /** The {@code NODE} of its last session, or null before one. Not of a brief one. */
  @Nullable String node;

  /** The messages for its newest address are for it. Otherwise it only claims the address. */
  boolean holder;

  private List<PeerAddress> addresses;

  /** Those of its addresses where this node has dialed it. */
  private final Set<PeerAddress> answered = new HashSet<>(1);

  /** Its only address is one at which it does not stay ({@code BRIEF}). */
  private boolean passing;

  private @Nullable Instant lastHeard;
  private long lastHeardOrder;

  /**
   * Creates the record of a peer.
   *
   * @param passing whether it does not stay at its address
   */
  PeerRecord(PeerId id, boolean passing) {
    this.id = id;
    this.passing = passing;
    this.addresses = List.of(id.address());
    this.host = HostPrefix.of(id.address());
  }

  /** The peer has shown another key, or its first one. Without one, it is at another address. */
  void rename(PeerId newId) {
    id = newId;
    if (newId.key() == null) {
      addresses = List.of(newId.address());
    } else {
      teamName = newId.team();
    }
  }

  /** Returns where it was seen, the newest address first. */
  List<PeerAddress> addresses() {
    return addresses;
  }

  /**
   * Returns where it can be dialed, the newest address first.
   *
   * @param hasAnswered whether to return those where it has answered, or else those it only claims
   */
  List<PeerAddress> dialable(boolean hasAnswered) {
    return passing
        ? List.of()
        : addresses.stream().filter(one -> answered.contains(one) == hasAnswered).toList();
  }

  /**
   * The peer was seen at an address. Claims take the place of no address where it has answered.
   *
   * @param brief whether it does not stay there
   * @param hasAnswered whether this node has dialed it there
   */
  void seen(PeerAddress address, boolean brief, boolean hasAnswered) {
    if (id.key() == null || (brief && !passing)) {
      return;
    }
    List<PeerAddress> all = passing ? new ArrayList<>() : new ArrayList<>(addresses);
    all.remove(address);
    all.add(0, address);
    if (hasAnswered) {
      answered.add(address);
    }
    if (all.size() > PeerRegistry.MOST_ADDRESSES) {
      all.remove(leastUseful(all));
    }
    addresses = List.copyOf(all);
    answered.retainAll(addresses);
    passing = brief;
  }

  /** Returns the index of the oldest address that it only claims, or else of the oldest. */
  private int leastUseful(List<PeerAddress> all) {
    for (int i = all.size() - 1; i > 0; i--) {
      if (!answered.contains(all.get(i))) {
        return i;
      }
    }
    return all.size() - 1;
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
   * Returns a number that is higher the later the peer was heard from. It does not follow the
   * system clock, which can be set back.
   */
  long heardOrder(List<SessionStatus> nodes) {
    return Math.max(
        lastHeardOrder, nodes.stream().mapToLong(SessionStatus::heardOrder).max().orElse(0));
  }

  /**
   * Returns the peer as it is now.
   *
   * @param nodes the status of each of its nodes that has an endpoint
   */
  Peer snapshot(List<SessionStatus> nodes) {
    Peer.Builder peer =
        Peer.builder(id.address())
            .addresses(addresses)
            .connected(connected)
            .state(reachable ? Peer.State.REACHABLE : Peer.State.UNREACHABLE)
            .fingerprint(id.key());
    if (teamName != null) {
      peer.teamName(teamName);
    }
    Instant heard = lastHeard;
    long order = lastHeardOrder;
    int unacknowledged = 0;
    for (SessionStatus node : nodes) {
      unacknowledged += node.unacknowledged();
      if (node.inSession()) {
        peer.level(Peer.Level.SESSION).roundTrip(node.roundTrip());
      }
      if (node.heardOrder() > order) {
        order = node.heardOrder();
        heard = node.heard();
      }
    }
    return peer.lastHeard(heard).unacknowledged(unacknowledged).build();
  }
}
