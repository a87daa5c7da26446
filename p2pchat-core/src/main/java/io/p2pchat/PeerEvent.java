package io.p2pchat;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * Something that happened at a node. All kinds are listed here.
 *
 * <p>Kinds, and what an event tells, may be added in later versions. Code that tells the kinds
 * apart has to say what it does with the others, so write {@code default}:
 *
 * <pre>{@code
 * switch (event.kind()) {
 *   case MESSAGE_RECEIVED -> print((PeerEvent.MessageReceived) event);
 *   case PEER_LEFT -> forget(event.peer());
 *   default -> {
 *     // Other kinds, also those of later versions.
 *   }
 * }
 * }</pre>
 *
 * <p>A listener for one kind needs no switch: {@link PeerNodeBuilder#on}. For tests of listeners
 * each kind has a method {@code of}. Only this library has subclasses.
 *
 * <p>Events are immutable and thread-safe; two events are equal only if they are the same object.
 * Specification: docs/PROTOCOL.md, sections 1 and 5.
 */
public abstract class PeerEvent {
  private final Kind kind;
  private final Peer peer;
  private final Instant time;

  PeerEvent(Kind kind, Peer peer, Instant time) {
    this.kind = kind;
    this.peer = Objects.requireNonNull(peer, "peer");
    this.time = Objects.requireNonNull(time, "time");
  }

  /**
   * The kinds of events. Kinds may be added: a {@code switch} over them needs a {@code default}, as
   * {@link PeerEvent} shows.
   */
  public enum Kind {
    /** A {@link MessageReceived}. */
    MESSAGE_RECEIVED,
    /** A {@link PeerActive}. */
    PEER_ACTIVE,
    /** A {@link PeerConnected}. */
    PEER_CONNECTED,
    /** A {@link PeerLeft}. */
    PEER_LEFT,
    /** A {@link PeerUnreachable}. */
    PEER_UNREACHABLE,
    /** A {@link PeerReachable}. */
    PEER_REACHABLE,
    /** A {@link SessionReset}. */
    SESSION_RESET,
    /** A {@link PeerPinned}. */
    PEER_PINNED,
    /** A {@link PeerRefused}. */
    PEER_REFUSED,
    /** A {@link ProtocolViolation}. */
    PROTOCOL_VIOLATION
  }

  /**
   * The kind of event, which is that of its class.
   *
   * @return the kind
   */
  public final Kind kind() {
    return kind;
  }

  /**
   * The peer it is about, as it was known at that time. Of a peer that is not among the known ones
   * only what the kind of event says is told.
   *
   * @return the peer
   */
  public final Peer peer() {
    return peer;
  }

  /**
   * When the node noticed it, by the system's clock.
   *
   * @return the time
   */
  public final Instant time() {
    return time;
  }

  /** What happened, for a log; its form may change. It holds texts of peers as they came. */
  @Override
  public String toString() {
    return getClass().getSimpleName() + "[" + time + ", " + peer + details() + "]";
  }

  String details() {
    return "";
  }

  /**
   * A message arrived. Reserved texts ({@code exit} and the two connection messages) are not
   * messages: they show as {@link PeerLeft} and {@link PeerConnected}.
   */
  public static final class MessageReceived extends PeerEvent {
    private final String text;
    private final boolean raw;

    private MessageReceived(Peer peer, String text, boolean raw, Instant time) {
      super(Kind.MESSAGE_RECEIVED, peer, time);
      this.text = Objects.requireNonNull(text, "text");
      this.raw = raw;
    }

    /**
     * Makes an event.
     *
     * @param peer who sent it
     * @param text the text
     * @param raw whether it was no chat line
     * @param time when it arrived
     * @return the event
     */
    public static MessageReceived of(Peer peer, String text, boolean raw, Instant time) {
      return new MessageReceived(peer, text, raw, time);
    }

    /**
     * The text, with line breaks as {@code \n}; it may hold any other control character, so escape
     * it before it reaches a terminal.
     *
     * @return the text
     */
    public String text() {
      return text;
    }

    /**
     * Whether it was not a chat line, or claims a sender that it cannot have. The peer is then
     * {@link Peer#UNKNOWN_TEAM} at the connection's remote address and is not remembered.
     *
     * @return true for a raw message
     */
    public boolean raw() {
      return raw;
    }

    @Override
    String details() {
      return (raw ? ", raw, " : ", ") + text;
    }
  }

  /** A message was exchanged with a peer that was not known before. */
  public static final class PeerActive extends PeerEvent {
    private PeerActive(Peer peer, Instant time) {
      super(Kind.PEER_ACTIVE, peer, time);
    }

    /**
     * Makes an event.
     *
     * @param peer the new active peer
     * @param time when it became active
     * @return the event
     */
    public static PeerActive of(Peer peer, Instant time) {
      return new PeerActive(peer, time);
    }
  }

  /** A peer became connected, by either side's wish. */
  public static final class PeerConnected extends PeerEvent {
    private final boolean manual;
    private final boolean incoming;

    private PeerConnected(Peer peer, boolean manual, boolean incoming, Instant time) {
      super(Kind.PEER_CONNECTED, peer, time);
      this.manual = manual;
      this.incoming = incoming;
    }

    /**
     * Makes an event.
     *
     * @param peer the newly connected peer
     * @param manual whether it was by hand
     * @param incoming whether the peer asked for it
     * @param time when it happened
     * @return the event
     */
    public static PeerConnected of(Peer peer, boolean manual, boolean incoming, Instant time) {
      return new PeerConnected(peer, manual, incoming, time);
    }

    /**
     * Whether it was by hand.
     *
     * @return true for a connection to one address by hand, false for an automatic one
     */
    public boolean manual() {
      return manual;
    }

    /**
     * Who asked for it.
     *
     * @return true if the peer did, false if this node did
     */
    public boolean incoming() {
      return incoming;
    }

    @Override
    String details() {
      return (manual ? ", manual" : ", automatic") + (incoming ? ", incoming" : ", outgoing");
    }
  }

  /**
   * A peer was removed from the active and the connected peers, or, where its session was given up,
   * from the connected peers only. The peer is as it was known until then.
   */
  public static final class PeerLeft extends PeerEvent {
    private final Reason reason;

    private PeerLeft(Peer peer, Reason reason, Instant time) {
      super(Kind.PEER_LEFT, peer, time);
      this.reason = Objects.requireNonNull(reason, "reason");
    }

    /** Why a peer is known no more. Reasons may be added. */
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

    /**
     * Makes an event.
     *
     * @param peer as it was known until then
     * @param reason why
     * @param time when it happened
     * @return the event
     */
    public static PeerLeft of(Peer peer, Reason reason, Instant time) {
      return new PeerLeft(peer, reason, time);
    }

    /**
     * Why it is known no more.
     *
     * @return the reason
     */
    public Reason reason() {
      return reason;
    }

    @Override
    String details() {
      return ", " + reason;
    }
  }

  /**
   * An attempt to reach an active peer failed; it stays in the lists. The peer is in state {@link
   * Peer.State#UNREACHABLE}.
   */
  public static final class PeerUnreachable extends PeerEvent {
    private PeerUnreachable(Peer peer, Instant time) {
      super(Kind.PEER_UNREACHABLE, peer, time);
    }

    /**
     * Makes an event.
     *
     * @param peer the peer
     * @param time when it failed
     * @return the event
     */
    public static PeerUnreachable of(Peer peer, Instant time) {
      return new PeerUnreachable(peer, time);
    }
  }

  /**
   * A peer that was unreachable was reached or heard again. It is in state {@link
   * Peer.State#REACHABLE}.
   */
  public static final class PeerReachable extends PeerEvent {
    private PeerReachable(Peer peer, Instant time) {
      super(Kind.PEER_REACHABLE, peer, time);
    }

    /**
     * Makes an event.
     *
     * @param peer the peer
     * @param time when it happened
     * @return the event
     */
    public static PeerReachable of(Peer peer, Instant time) {
      return new PeerReachable(peer, time);
    }
  }

  /**
   * A peer with whom there was a session was restarted: messages that it had received and not
   * acknowledged are sent again in a new session, so it may get them twice.
   */
  public static final class SessionReset extends PeerEvent {
    private SessionReset(Peer peer, Instant time) {
      super(Kind.SESSION_RESET, peer, time);
    }

    /**
     * Makes an event.
     *
     * @param peer the peer
     * @param time when it showed
     * @return the event
     */
    public static SessionReset of(Peer peer, Instant time) {
      return new SessionReset(peer, time);
    }
  }

  /**
   * A peer was seen for the first time by a node with {@link Trust#pinned pinned} trust, and is
   * known by its key from now on. Of the peer, the address, the team and the fingerprint are known.
   */
  public static final class PeerPinned extends PeerEvent {
    private final Fingerprint fingerprint;
    private final List<KnownPeer> known;

    private PeerPinned(Peer peer, List<KnownPeer> known, Instant time) {
      super(Kind.PEER_PINNED, peer, time);
      this.fingerprint =
          peer.fingerprint()
              .orElseThrow(() -> new IllegalArgumentException("a pinned peer has a fingerprint"));
      this.known = List.copyOf(known);
    }

    /**
     * Makes an event.
     *
     * @param peer the peer, with a fingerprint
     * @param known where the same team name is known by other keys
     * @param time when it was seen
     * @return the event
     * @throws IllegalArgumentException if the peer has no fingerprint
     */
    public static PeerPinned of(Peer peer, List<KnownPeer> known, Instant time) {
      return new PeerPinned(peer, known, time);
    }

    /**
     * What the peer is known by from now on.
     *
     * @return the fingerprint of its key
     */
    public Fingerprint fingerprint() {
      return fingerprint;
    }

    /**
     * Where the same team name is known by other keys: that may be several people of one name, or
     * an impostor.
     *
     * @return an immutable list
     */
    public List<KnownPeer> known() {
      return known;
    }

    @Override
    String details() {
      return ", " + fingerprint + ", known elsewhere: " + known;
    }
  }

  /**
   * A peer, or somebody in its name, was refused for {@link Trust}; nothing was taken from it. Of
   * the peer, the address is known, and the team and the fingerprint that it has shown, or else the
   * team that is known there.
   */
  public static final class PeerRefused extends PeerEvent {
    private final TrustException reason;

    private PeerRefused(Peer peer, TrustException reason, Instant time) {
      super(Kind.PEER_REFUSED, peer, time);
      this.reason = Objects.requireNonNull(reason, "reason");
    }

    /**
     * Makes an event.
     *
     * @param peer the peer
     * @param reason why
     * @param time when it was refused
     * @return the event
     */
    public static PeerRefused of(Peer peer, TrustException reason, Instant time) {
      return new PeerRefused(peer, reason, time);
    }

    /**
     * Why it was refused.
     *
     * @return the reason, with both keys
     */
    public TrustException reason() {
      return reason;
    }

    @Override
    String details() {
      return ", " + reason.getMessage();
    }
  }

  /**
   * A connection broke the protocol and was closed; no other was disturbed. The peer is {@link
   * Peer#UNKNOWN_TEAM} at the connection's remote address.
   */
  public static final class ProtocolViolation extends PeerEvent {
    private final String description;

    private ProtocolViolation(Peer peer, String description, Instant time) {
      super(Kind.PROTOCOL_VIOLATION, peer, time);
      this.description = Objects.requireNonNull(description, "description");
    }

    /**
     * Makes an event.
     *
     * @param peer who is at the connection's remote address
     * @param description what was wrong
     * @param time when it happened
     * @return the event
     */
    public static ProtocolViolation of(Peer peer, String description, Instant time) {
      return new ProtocolViolation(peer, description, time);
    }

    /**
     * What was wrong, in words of this library only.
     *
     * @return the description
     */
    public String description() {
      return description;
    }

    @Override
    String details() {
      return ", " + description;
    }
  }
}
