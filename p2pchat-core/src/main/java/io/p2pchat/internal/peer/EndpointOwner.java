package io.p2pchat.internal.peer;

import io.p2pchat.Fingerprint;
import io.p2pchat.PeerAddress;
import io.p2pchat.internal.net.handshake.PeerLevels;
import io.p2pchat.internal.net.plain.PlainListener;
import io.p2pchat.internal.peer.EndpointPeer.PeerIdentity;
import io.p2pchat.internal.protocol.NodeInfo;
import io.p2pchat.internal.security.HostPrefix;
import io.p2pchat.internal.session.KeptSend;
import io.p2pchat.internal.session.SendQueue;
import io.p2pchat.internal.session.Session;
import io.p2pchat.internal.session.SessionEffects;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The owner of endpoints. Called on the event loop, except {@link #newSession}. */
interface EndpointOwner extends PlainListener {
  /** Creates a session for this queue, with a peer of this host. */
  Session newSession(HostPrefix host, SendQueue queue, SessionEffects effects);

  /** Returns the limit on the messages of all endpoints. */
  OutboundBudget budget();

  /** Returns what the dialed addresses turned out to speak. */
  PeerLevels levels();

  /**
   * Returns where discovery says that a key is and it may be dialed, without the known addresses.
   */
  List<PeerAddress> hints(Fingerprint key, Collection<PeerAddress> known);

  /** Returns whether discovery says that a node of a key is at none of the known addresses. */
  boolean isElsewhere(Fingerprint key, Collection<PeerAddress> known);

  /** Returns whether to dial an address only because discovery says that a key is there. */
  boolean dialsHint(PeerAddress address);

  /** A program at a dialed address said nothing. */
  void silent(PeerAddress address);

  /** Returns the endpoint whose peer has shown this identity last, or null. */
  @Nullable PeerEndpoint find(PeerIdentity identity);

  /** The peer of an endpoint has shown this identity. */
  void shown(PeerIdentity identity, PeerEndpoint endpoint);

  /**
   * A session is open with the holder of a key, or of none, at an address. Returns whether bare
   * messages to that address are for this peer.
   */
  boolean placed(PeerEndpoint endpoint, PeerAddress at, @Nullable Fingerprint key);

  /** Another peer is at an address of this one. What was sent to whoever is there goes there. */
  void replaced(PeerEndpoint endpoint, PeerAddress at);

  /** The session has ended. The endpoint is for whoever is there again, if it can be. */
  void unbound(PeerEndpoint endpoint);

  /** Returns another endpoint of the same peer that has a session, or null. */
  @Nullable PeerEndpoint otherThan(PeerEndpoint endpoint);

  /** Returns whether messages to this address go at level 0 without a handshake. */
  boolean speaksPlain(long now, PeerAddress address);

  /**
   * Returns whether {@code exit} goes at level 0 without a handshake, because a closing node has no
   * time for one.
   */
  boolean leavesPlain();

  /** A dialed address turned out to be one of a known peer, whose session goes on there. */
  void alias(PeerEndpoint from, PeerEndpoint known, PeerAddress answered);

  /** A session is open. What waits while the peer is looked for goes there. */
  void found(PeerEndpoint known, NodeInfo peer);

  /** Returns what the store keeps for the peers of all endpoints. */
  Kept kept();

  /** Drops the endpoint if it is unused. */
  void dropIfUnused(PeerEndpoint endpoint);

  /** Returns whether the node is closing or closed. */
  boolean isClosing();

  /** Returns whether the node has stopped sending. */
  boolean isStopped();

  /** What the store keeps for the peers of endpoints. */
  interface Kept {
    /** Returns the outboxes of the unsettled messages to a key, in order. */
    Set<String> outboxes(Fingerprint key);

    /**
     * The peer of an endpoint asks how far its outboxes are stored. Other connections of its key on
     * which messages of these outboxes may be on their way end.
     */
    void asked(PeerEndpoint by, Fingerprint key, List<String> outboxes);

    /** Moves the messages that are kept for a key to the endpoint of its best session. */
    void carry(Fingerprint key);

    /** Returns whether messages are kept for a key wherever its holder is. */
    boolean keepsFor(Fingerprint key);

    /**
     * Keeps loose messages of an endpoint for a key, because it is now known that they are for its
     * holder. {@link KeptSend} says what loose means.
     *
     * @param which the messages
     */
    void bind(PeerEndpoint endpoint, Fingerprint key, Predicate<KeptSend> which);

    /**
     * Another key, or a program without a key, answers at an address of the peer. Fails the kept
     * messages that were sent to that address, if it is that of a known peer.
     */
    void changedHands(PeerEndpoint endpoint, PeerAddress address, @Nullable Fingerprint shown);

    /**
     * The user may have accepted other keys at addresses. Fails the kept messages of this key that
     * were sent to such an address. If the key is not known any more, fails those to its peer too.
     */
    void failAccepted(PeerEndpoint endpoint, Fingerprint key);
  }
}
