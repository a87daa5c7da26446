package io.p2pchat;

import java.time.Instant;
import java.util.List;

/**
 * Something that happened at a node. All kinds are listed here.
 *
 * <p>Events are immutable and thread-safe. Specification: docs/PROTOCOL.md, sections 1 and 5.
 */
public sealed interface PeerEvent {

  /**
   * When the node noticed it, by the system's clock.
   *
   * @return the time
   */
  Instant time();

  /**
   * A message arrived. Reserved texts ({@code exit} and the two connection messages) are not
   * messages: they show as {@link PeerLeft} and {@link PeerConnected}.
   *
   * @param peer who sent it
   * @param text the text, with line breaks as {@code \n}; it may hold any other control character,
   *     so escape it before it reaches a terminal
   * @param raw true if it was not a chat line, or claims a sender that it cannot have; the peer is
   *     then {@link Peer#UNKNOWN_TEAM} at the connection's remote address and is not remembered
   * @param time when it arrived
   */
  record MessageReceived(Peer peer, String text, boolean raw, Instant time) implements PeerEvent {}

  /**
   * A message was exchanged with a peer that was not known before.
   *
   * @param peer the new active peer
   * @param time when it became active
   */
  record PeerActive(Peer peer, Instant time) implements PeerEvent {}

  /**
   * A peer became connected, by either side's wish.
   *
   * @param peer the newly connected peer
   * @param manual true for a connection to one address by hand, false for an automatic one
   * @param incoming true if the peer asked for it, false if this node did
   * @param time when it happened
   */
  record PeerConnected(Peer peer, boolean manual, boolean incoming, Instant time)
      implements PeerEvent {}

  /**
   * A peer was removed from the active and the connected peers, or, where its session was given up,
   * from the connected peers only.
   *
   * @param peer as it was known until then
   * @param reason why
   * @param time when it happened
   */
  record PeerLeft(Peer peer, Reason reason, Instant time) implements PeerEvent {
    /** Why a peer is known no more. */
    public enum Reason {
      /** The peer said {@code exit}. */
      SAID_EXIT,
      /** This node said {@code exit} to it. */
      DISCONNECTED,
      /** More peers became active than are remembered, and this one was silent for longest. */
      FORGOTTEN,
      /**
       * It could not be reached for {@link NodeSettings#sessionTimeout}. It stays active, in state
       * {@link Peer.State#UNREACHABLE}, until it is heard again.
       */
      GIVEN_UP
    }
  }

  /**
   * An attempt to reach an active peer failed; it stays in the lists.
   *
   * @param peer the peer, in state {@link Peer.State#UNREACHABLE}
   * @param time when it failed
   */
  record PeerUnreachable(Peer peer, Instant time) implements PeerEvent {}

  /**
   * A peer that was unreachable was reached or heard again.
   *
   * @param peer the peer, in state {@link Peer.State#REACHABLE}
   * @param time when it happened
   */
  record PeerReachable(Peer peer, Instant time) implements PeerEvent {}

  /**
   * A peer with whom there was a session was restarted: messages that it had received and not
   * acknowledged are sent again in a new session, so it may get them twice.
   *
   * @param peer the peer
   * @param time when it showed
   */
  record SessionReset(Peer peer, Instant time) implements PeerEvent {}

  /**
   * A peer was seen for the first time by a node with {@link Trust#pinned pinned} trust, and is
   * known by its key from now on.
   *
   * @param peer its address
   * @param teamName its team
   * @param fingerprint of its key
   * @param known where the same team name is known by other keys: that may be several people of one
   *     name, or an impostor
   * @param time when it was seen
   */
  record PeerPinned(
      PeerAddress peer,
      String teamName,
      Fingerprint fingerprint,
      List<KnownPeer> known,
      Instant time)
      implements PeerEvent {
    /**
     * Keeps a list that does not change.
     *
     * @param peer as above
     * @param teamName as above
     * @param fingerprint as above
     * @param known as above
     * @param time as above
     */
    public PeerPinned {
      known = List.copyOf(known);
    }
  }

  /**
   * A peer, or somebody in its name, was refused for {@link Trust}; nothing was taken from it.
   *
   * @param peer its address
   * @param reason why, with both keys
   * @param time when it was refused
   */
  record PeerRefused(PeerAddress peer, TrustException reason, Instant time) implements PeerEvent {}

  /**
   * A connection broke the protocol and was closed; no other was disturbed.
   *
   * @param remote the connection's remote address
   * @param description what was wrong, in words of this library only
   * @param time when it happened
   */
  record ProtocolViolation(PeerAddress remote, String description, Instant time)
      implements PeerEvent {}
}
