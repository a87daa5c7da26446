package io.p2pchat.internal.peer;

import io.p2pchat.Fingerprint;
import io.p2pchat.PeerAddress;
import io.p2pchat.internal.discovery.Sought;
import io.p2pchat.internal.net.session.SessionChannelHandler;
import io.p2pchat.internal.protocol.NodeInfo;
import io.p2pchat.internal.registry.SessionStatus;
import io.p2pchat.internal.session.SendQueue;
import io.p2pchat.internal.session.Session;
import io.p2pchat.internal.session.SessionPhase;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who the peer of one endpoint is, and where. Used on the event loop. */
final class EndpointPeer {
  /**
   * The identity that a peer has shown. A {@code NODE} alone proves nothing, because every peer
   * that dials it can copy it. Identities that differ in any part belong to different peers.
   *
   * @param node the {@code NODE} that it names
   * @param key the fingerprint of its key, or null without encryption
   * @param ip its IP address if it has no key, else null
   */
  record PeerIdentity(String node, @Nullable Fingerprint key, @Nullable InetAddress ip) {
    /** Returns the identity shown on a connection. */
    static PeerIdentity of(String node, SessionChannelHandler channel) {
      Fingerprint key = channel.peer();
      return new PeerIdentity(node, key, key == null ? channel.ip() : null);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof PeerIdentity that
          && node.equals(that.node)
          && Objects.equals(key, that.key)
          && Objects.equals(ip, that.ip);
    }

    @Override
    public int hashCode() {
      return 31 * (31 * node.hashCode() + Objects.hashCode(key)) + Objects.hashCode(ip);
    }
  }

  /**
   * Whom the messages of an endpoint are for: wherever that is by its key, else at one address.
   *
   * @param key the key that the peer must have, or null where keys change
   * @param team the team that it must have, or null for any
   */
  record Expected(@Nullable Fingerprint key, @Nullable String team) {
    /** Returns whether a node can be the peer, by the team that it names. */
    boolean fits(String named) {
      return team == null || team.equals(named);
    }
  }

  final PeerAddresses addresses = new PeerAddresses();

  /**
   * Whom the messages are for while the peer is looked for, or null if they are for whoever is
   * there. Changed by the table. Read by any thread.
   */
  volatile @Nullable Expected expected;

  /** The discovered peer that the messages are for until there is a session, or null. */
  final @Nullable Sought sought;

  /** The key of the peer of the session, or null. Changed by the table. Read by any thread. */
  volatile @Nullable Fingerprint key;

  /** Where the user has sent a message to it, as it was discovered there. Tried before hints. */
  List<PeerAddress> announced = List.of();

  /** What the peer has shown last, or null before it did. Changed by the index. */
  @Nullable PeerIdentity identity;

  private final SessionStatus status;
  private final Session session;
  private final SendQueue queue;
  private final PeerContext context;

  /** Lines below this number were queued when an encrypted session ended. */
  private long secretTo;

  EndpointPeer(
      SessionStatus status,
      Session session,
      SendQueue queue,
      PeerContext context,
      @Nullable Expected expected,
      @Nullable Sought sought) {
    this.status = status;
    this.session = session;
    this.queue = queue;
    this.context = context;
    this.expected = expected;
    this.sought = sought;
  }

  /** Returns the discovered peer that whoever answers must be, or null. */
  @Nullable Sought seeks() {
    return session.exists() ? null : sought;
  }

  /** Returns whether the messages are for a peer that encrypts, whoever is at the addresses. */
  boolean isForKey() {
    Sought peer = seeks();
    return isBound() || (peer != null && peer.hint() != null);
  }

  /** The session has ended. The messages queued until now were for its peer. */
  void ended() {
    if (status.key() != null) {
      secretTo = queue.accepted();
    }
  }

  boolean hasSession() {
    return session.exists();
  }

  /**
   * Returns whether the session is with this {@code NODE}, rather than with the peer before a
   * restart.
   */
  boolean hasSessionWith(String node) {
    NodeInfo peer = session.peer();
    return session.exists() && peer != null && peer.node().equals(node);
  }

  /** Returns whether the session is encrypted, or messages queued for an encrypted one remain. */
  boolean isSecret() {
    return status.key() != null && (session.exists() || queue.settled() < secretTo);
  }

  /**
   * Returns the key that the messages here are for, whatever answers at the addresses of the peer.
   * Null if they are for whoever answers.
   */
  @Nullable Fingerprint boundKey() {
    Expected wanted = expected;
    if (wanted != null) {
      return wanted.key();
    }
    // A message can come that was for the peer of a session that has just ended.
    return key != null && context.authenticator().keysBind() ? key : queue.key();
  }

  /**
   * Returns whether the messages here are for a peer that encrypts, by its key or its team, rather
   * than for whoever answers.
   */
  boolean isBound() {
    return boundKey() != null || boundTeam() != null;
  }

  /** Returns the team that the messages here are for before there is a session, or null. */
  private @Nullable String boundTeam() {
    Expected wanted = expected;
    return wanted != null ? wanted.team() : session.exists() ? null : queue.team();
  }

  /** Returns whether the messages here may go to a node with this team. */
  boolean fits(String team) {
    String wanted = boundTeam();
    return wanted == null || wanted.equals(team);
  }

  /** Returns the team that the messages for the key may be for, or null if they are for any. */
  @Nullable String teamOfKeyed() {
    Expected wanted = expected;
    if (wanted != null && wanted.team() != null) {
      return wanted.team();
    }
    NodeInfo peer = status.peer();
    return peer == null ? null : peer.team();
  }

  /**
   * Returns the addresses to dial, in order.
   *
   * @param hints where the peer may be too, though nobody has proven it
   */
  Collection<PeerAddress> toDial(List<PeerAddress> hints) {
    Sought peer = seeks();
    if (peer != null) {
      return peer.addresses();
    }
    Fingerprint bound = boundKey();
    if (bound == null) {
      PeerAddress at = status.id().address();
      List<PeerAddress> last = at.isIp() ? List.of(at) : List.of();
      return session.exists() && key != null ? addresses.toDial(last, List.of()) : last;
    }
    PeerEventPublisher listed = context.publisher();
    List<PeerAddress> known = new ArrayList<>(listed.dialable(status.id(), true));
    known.addAll(listed.dialable(bound, true));
    known.addAll(context.authenticator().trust().addresses(bound));
    known.addAll(listed.dialable(status.id(), false));
    known.addAll(listed.dialable(bound, false));
    return addresses.toDial(known, hints);
  }

  /**
   * Returns whether the connection has the session's key, or, without a key, the same IP address.
   */
  boolean isSecuredAs(SessionChannelHandler channel) {
    Fingerprint shown = status.key();
    return shown == null
        ? channel.peer() == null && status.id().address().ip().equals(Optional.of(channel.ip()))
        : shown.equals(channel.peer());
  }

  /** Returns whether the connection uses the peer's {@code NODE} with another key or IP address. */
  boolean isPosedAsBy(SessionChannelHandler channel, String node) {
    PeerIdentity known = identity;
    return (hasSessionWith(node) && !isSecuredAs(channel))
        || (known != null
            && known.node().equals(node)
            && !known.equals(PeerIdentity.of(node, channel)));
  }

  /** Returns the key of the peer's session, or the last key it has shown if there is no session. */
  @Nullable Fingerprint knownKey() {
    PeerIdentity known = identity;
    return session.exists() || known == null ? status.key() : known.key();
  }

  /** Returns whether nobody has been greeted or dialed for the messages here. */
  boolean isFree() {
    return session.phase() == SessionPhase.IDLE && !isBound();
  }

  /**
   * Returns whether a node that claims the address of this peer can be this peer after a restart,
   * though with another key: only where keys change, and after the old connection has ended.
   */
  boolean isRestartedAs(NodeInfo other) {
    NodeInfo peer = session.peer();
    return session.phase() != SessionPhase.OPEN
        && peer != null
        && peer.team().equals(other.team())
        && boundKey() == null;
  }

  boolean isOpen() {
    return session.phase() == SessionPhase.OPEN;
  }
}
