package io.p2pchat;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened at a node. The nested classes are all the kinds.
 *
 * <p>Later versions may add kinds and accessors. So a {@code switch} over the kinds needs a {@code
 * default}:
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
 * <p>A listener for one kind needs no switch: use {@link PeerNodeBuilder#on}. For tests of
 * listeners, each kind has a factory method {@code of}. Only this library can subclass this class.
 *
 * <p>Events are immutable and thread-safe. Two events are equal only if they are the same object.
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
   * The kinds of events. Later versions may add kinds, so a {@code switch} over them needs a {@code
   * default}, as {@link PeerEvent} shows.
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
    /** A {@link ConnectionLost}. */
    CONNECTION_LOST,
    /** A {@link ConnectionRestored}. */
    CONNECTION_RESTORED,
    /** A {@link PeerStalled}. */
    PEER_STALLED,
    /** A {@link SessionReset}. */
    SESSION_RESET,
    /** A {@link PeerPinned}. */
    PEER_PINNED,
    /** A {@link PeerRenamed}. */
    PEER_RENAMED,
    /** A {@link PeerRefused}. */
    PEER_REFUSED,
    /** A {@link ProtocolViolation}. */
    PROTOCOL_VIOLATION,
    /** A {@link PeerDiscovered}. */
    PEER_DISCOVERED,
    /** A {@link PeerVanished}. */
    PEER_VANISHED,
    /** A {@link MessageDelivered}. */
    MESSAGE_DELIVERED,
    /** A {@link MessageFailed}. */
    MESSAGE_FAILED
  }

  /**
   * Returns the kind of the event. Each class has one.
   *
   * @return the kind
   */
  public final Kind kind() {
    return kind;
  }

  /**
   * Returns the peer that the event is about, as it was at that time. If the node does not know the
   * peer, only the facts that the event's class lists are set.
   *
   * @return the peer
   */
  public final Peer peer() {
    return peer;
  }

  /**
   * Returns when the node noticed the event, by the system clock.
   *
   * @return the time
   */
  public final Instant time() {
    return time;
  }

  /** Returns a description for logs. Its format may change. It may contain peer text unescaped. */
  @Override
  public String toString() {
    return getClass().getSimpleName() + "[" + time + ", " + peer + details() + "]";
  }

  String details() {
    return "";
  }

  /**
   * A message arrived. Reserved texts ({@code exit} and the two connection messages) are not
   * messages. They appear as {@link PeerLeft} and {@link PeerConnected}.
   */
  public static final class MessageReceived extends PeerEvent {
    private final String text;
    private final boolean raw;
    private final boolean redelivered;
    private final @Nullable Instant claimedTime;

    private MessageReceived(
        Peer peer,
        String text,
        boolean raw,
        boolean redelivered,
        Instant time,
        @Nullable Instant claimedTime) {
      super(Kind.MESSAGE_RECEIVED, peer, time);
      this.text = Objects.requireNonNull(text, "text");
      this.raw = raw;
      this.redelivered = redelivered;
      this.claimedTime = claimedTime;
    }

    /**
     * Creates an event.
     *
     * @param peer the sender
     * @param text the text
     * @param raw whether the line was not a chat line
     * @param time when the message arrived
     * @return the event
     */
    public static MessageReceived of(Peer peer, String text, boolean raw, Instant time) {
      return new MessageReceived(peer, text, raw, false, time, null);
    }

    /**
     * Creates an event of a message that arrived before the last start of the node.
     *
     * @param peer the sender
     * @param text the text
     * @param time when the message arrived
     * @return the event
     */
    public static MessageReceived redelivered(Peer peer, String text, Instant time) {
      return new MessageReceived(peer, text, false, true, time, null);
    }

    /**
     * Returns this event with the time at which the sender claims to have sent the message.
     *
     * @param sent the time, or null if the sender claims none
     * @return the event
     */
    public MessageReceived withClaimedTime(@Nullable Instant sent) {
      return new MessageReceived(peer(), text, raw, redelivered, time(), sent);
    }

    /**
     * Returns when the message was sent, as the sender claims. Only a sender with a store does, of
     * a message that has waited for over a minute (PROTOCOL.md section 9). {@link #time} is when it
     * arrived.
     *
     * @return the time, or empty if the sender claims none
     */
    public Optional<Instant> claimedTime() {
      return Optional.ofNullable(claimedTime);
    }

    /**
     * Returns whether the message arrived before the last start of the node. According to the
     * store, the listener did not return from it, but it may have handled the message.
     *
     * @return true for a message that is given again
     */
    public boolean redelivered() {
      return redelivered;
    }

    /**
     * Returns the text, with line breaks as {@code \n}. It may contain any other control character,
     * so escape it before you write it to a terminal.
     *
     * @return the text
     */
    public String text() {
      return text;
    }

    /**
     * Returns whether the line was not a chat line, or claimed a sender that it cannot have. The
     * peer is then {@link Peer#UNKNOWN_TEAM} at the connection's remote address, and is not
     * remembered. Use this method to recognize such a line, and not the team name: a peer can name
     * itself {@code unknown_team}.
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

  /** A message was exchanged with a peer that was not active before. */
  public static final class PeerActive extends PeerEvent {
    private PeerActive(Peer peer, Instant time) {
      super(Kind.PEER_ACTIVE, peer, time);
    }

    /**
     * Creates an event.
     *
     * @param peer the new active peer
     * @param time when it became active
     * @return the event
     */
    public static PeerActive of(Peer peer, Instant time) {
      return new PeerActive(peer, time);
    }
  }

  /** A peer became connected, initiated by either side. */
  public static final class PeerConnected extends PeerEvent {
    private final boolean manual;
    private final boolean incoming;

    private PeerConnected(Peer peer, boolean manual, boolean incoming, Instant time) {
      super(Kind.PEER_CONNECTED, peer, time);
      this.manual = manual;
      this.incoming = incoming;
    }

    /**
     * Creates an event.
     *
     * @param peer the newly connected peer
     * @param manual whether the connection was made by hand
     * @param incoming whether the peer initiated it
     * @param time when it happened
     * @return the event
     */
    public static PeerConnected of(Peer peer, boolean manual, boolean incoming, Instant time) {
      return new PeerConnected(peer, manual, incoming, time);
    }

    /**
     * Returns whether the connection was made by hand.
     *
     * @return true for a connection to one address by hand, false for an automatic one
     */
    public boolean manual() {
      return manual;
    }

    /**
     * Returns whether the peer initiated the connection.
     *
     * @return true if the peer initiated it, false if this node did
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
   * A peer was removed from the active and the connected peers. With reason {@link Reason#GIVEN_UP}
   * or {@link Reason#RESTARTED} it was removed from the connected peers only. The event holds the
   * peer as it was before.
   */
  public static final class PeerLeft extends PeerEvent {
    private final Reason reason;

    private PeerLeft(Peer peer, Reason reason, Instant time) {
      super(Kind.PEER_LEFT, peer, time);
      this.reason = Objects.requireNonNull(reason, "reason");
    }

    /** Why a peer was removed. Later versions may add reasons. */
    public enum Reason {
      /** The peer said {@code exit}. */
      SAID_EXIT,
      /** This node said {@code exit} to it. */
      DISCONNECTED,
      /**
       * More peers became active than the node remembers, of this peer's host or in all, and this
       * one was the longest-silent. See {@link NodeSettings#maxPeersPerHost}.
       */
      FORGOTTEN,
      /**
       * The peer could not be reached, or it took no message of those that wait, for {@link
       * NodeSettings#sessionTimeout}. It stays active, in state {@link Peer.State#UNREACHABLE},
       * until it is heard from again.
       */
      GIVEN_UP,
      /**
       * The peer was restarted, and only the peer had connected. So it knows of no connection any
       * more. It stays active.
       */
      RESTARTED
    }

    /**
     * Creates an event.
     *
     * @param peer the peer as it was before
     * @param reason why
     * @param time when it happened
     * @return the event
     */
    public static PeerLeft of(Peer peer, Reason reason, Instant time) {
      return new PeerLeft(peer, reason, time);
    }

    /**
     * Returns why the peer was removed.
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
   * An attempt to reach an active peer without a session failed. The peer stays in the lists, in
   * state {@link Peer.State#UNREACHABLE}. For a peer with a session see {@link ConnectionLost}.
   */
  public static final class PeerUnreachable extends PeerEvent {
    private PeerUnreachable(Peer peer, Instant time) {
      super(Kind.PEER_UNREACHABLE, peer, time);
    }

    /**
     * Creates an event.
     *
     * @param peer the peer
     * @param time when the attempt failed
     * @return the event
     */
    public static PeerUnreachable of(Peer peer, Instant time) {
      return new PeerUnreachable(peer, time);
    }
  }

  /**
   * An unreachable peer was reached or heard from again. It is in state {@link
   * Peer.State#REACHABLE}.
   */
  public static final class PeerReachable extends PeerEvent {
    private PeerReachable(Peer peer, Instant time) {
      super(Kind.PEER_REACHABLE, peer, time);
    }

    /**
     * Creates an event.
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
   * The last connection with a peer was lost, and its session waits to be resumed. Both sides
   * notice that. Messages to the peer wait. The peer stays in the lists, in state {@link
   * Peer.State#UNREACHABLE}, and keeps its level and fingerprint.
   */
  public static final class ConnectionLost extends PeerEvent {
    private ConnectionLost(Peer peer, Instant time) {
      super(Kind.CONNECTION_LOST, peer, time);
    }

    /**
     * Creates an event.
     *
     * @param peer the peer
     * @param time when the loss was noticed
     * @return the event
     */
    public static ConnectionLost of(Peer peer, Instant time) {
      return new ConnectionLost(peer, time);
    }
  }

  /**
   * A peer whose connection was lost is connected again. It is in state {@link
   * Peer.State#REACHABLE}, perhaps at another address.
   */
  public static final class ConnectionRestored extends PeerEvent {
    private ConnectionRestored(Peer peer, Instant time) {
      super(Kind.CONNECTION_RESTORED, peer, time);
    }

    /**
     * Creates an event.
     *
     * @param peer the peer
     * @param time when it happened
     * @return the event
     */
    public static ConnectionRestored of(Peer peer, Instant time) {
      return new ConnectionRestored(peer, time);
    }
  }

  /**
   * A peer is connected by a session, but has taken no message for {@link
   * NodeSettings#stallTimeout} although some wait: it has acknowledged nothing. Its application may
   * be blocked, or the network may lose long packets. {@link Peer#unacknowledged} says how many
   * messages wait. The event comes once, and again only after the peer has taken a message
   * meanwhile. After {@link NodeSettings#sessionTimeout} without progress, the session ends and the
   * waiting messages fail.
   */
  public static final class PeerStalled extends PeerEvent {
    private PeerStalled(Peer peer, Instant time) {
      super(Kind.PEER_STALLED, peer, time);
    }

    /**
     * Creates an event.
     *
     * @param peer the peer
     * @param time when it was noticed
     * @return the event
     */
    public static PeerStalled of(Peer peer, Instant time) {
      return new PeerStalled(peer, time);
    }
  }

  /**
   * A peer with a session was restarted. Messages that it had not acknowledged are sent again in a
   * new session, so it may receive some of them twice.
   */
  public static final class SessionReset extends PeerEvent {
    private SessionReset(Peer peer, Instant time) {
      super(Kind.SESSION_RESET, peer, time);
    }

    /**
     * Creates an event.
     *
     * @param peer the peer
     * @param time when the restart was noticed
     * @return the event
     */
    public static SessionReset of(Peer peer, Instant time) {
      return new SessionReset(peer, time);
    }
  }

  /**
   * A node with {@link Trust#pinned pinned} trust met a new peer and pinned its key. Of the peer,
   * the address, the team and the fingerprint are set.
   */
  public static final class PeerPinned extends PeerEvent {
    private final Fingerprint fingerprint;
    private final List<KnownPeer> known;
    private final List<KnownPeer> lookAlikes;
    private final boolean suspiciousName;
    private final boolean temporary;

    private PeerPinned(
        Peer peer,
        List<KnownPeer> known,
        List<KnownPeer> lookAlikes,
        boolean suspiciousName,
        boolean temporary,
        Instant time) {
      super(Kind.PEER_PINNED, peer, time);
      this.fingerprint =
          peer.fingerprint()
              .orElseThrow(() -> new IllegalArgumentException("a pinned peer has a fingerprint"));
      this.known = List.copyOf(known);
      this.lookAlikes = List.copyOf(lookAlikes);
      this.suspiciousName = suspiciousName;
      this.temporary = temporary;
    }

    /**
     * Creates an event.
     *
     * @param peer the peer, with a fingerprint
     * @param known where the same team name is known with other keys
     * @param time when the peer was seen
     * @return the event
     * @throws IllegalArgumentException if the peer has no fingerprint
     */
    public static PeerPinned of(Peer peer, List<KnownPeer> known, Instant time) {
      return of(peer, known, false, time);
    }

    /**
     * Creates an event.
     *
     * @param peer the peer, with a fingerprint
     * @param known where the same team name is known with other keys
     * @param temporary whether the peer has a new key at each start
     * @param time when the peer was seen
     * @return the event
     * @throws IllegalArgumentException if the peer has no fingerprint
     */
    public static PeerPinned of(Peer peer, List<KnownPeer> known, boolean temporary, Instant time) {
      return of(peer, known, List.of(), false, temporary, time);
    }

    /**
     * Creates an event.
     *
     * @param peer the peer, with a fingerprint
     * @param known where the same team name is known with other keys
     * @param lookAlikes known peers with other keys, whose team names look like this one
     * @param suspiciousName whether the team name hides something
     * @param temporary whether the peer has a new key at each start
     * @param time when the peer was seen
     * @return the event
     * @throws IllegalArgumentException if the peer has no fingerprint
     */
    public static PeerPinned of(
        Peer peer,
        List<KnownPeer> known,
        List<KnownPeer> lookAlikes,
        boolean suspiciousName,
        boolean temporary,
        Instant time) {
      return new PeerPinned(peer, known, lookAlikes, suspiciousName, temporary, time);
    }

    /**
     * Returns the fingerprint of the key pinned for the peer.
     *
     * @return the fingerprint
     */
    public Fingerprint fingerprint() {
      return fingerprint;
    }

    /**
     * Returns where the same team name is known with other keys. That may be several people with
     * one name, or an impostor. Names are the same if they differ only in the case of letters, or
     * in compatible forms of Unicode, such as full-width letters.
     *
     * @return an immutable list
     */
    public List<KnownPeer> known() {
      return known;
    }

    /**
     * Returns the known peers with other keys whose team name is another one, but looks like this
     * one to a person, such as {@code Bob} for {@code B0b}.
     *
     * @return an immutable list
     */
    public List<KnownPeer> lookAlikes() {
      return lookAlikes;
    }

    /**
     * Returns whether the team name has invisible characters, or letters of scripts that no
     * language mixes, such as Latin and Cyrillic.
     *
     * @return true for such a name
     */
    public boolean suspiciousName() {
      return suspiciousName;
    }

    /**
     * Returns whether the peer has said that it has a new key at each start. Such a key is pinned
     * in memory only. A node with {@link Trust#any} has one.
     *
     * @return true for a temporary key
     */
    public boolean temporary() {
      return temporary;
    }

    @Override
    String details() {
      return ", "
          + fingerprint
          + (temporary ? ", temporary" : "")
          + ", known elsewhere: "
          + known
          + names(lookAlikes, suspiciousName);
    }
  }

  private static String names(List<KnownPeer> lookAlikes, boolean suspiciousName) {
    return (lookAlikes.isEmpty() ? "" : ", looks like: " + lookAlikes)
        + (suspiciousName ? ", suspicious name" : "");
  }

  /**
   * A known key came with a team name under which it was not known. At a node with {@link
   * Trust#pinned pinned} trust, at most once a minute for a key. Of the peer, the address, the new
   * team and the fingerprint are set. A node that runs {@linkplain PeerNodeBuilder#brief only to
   * send something} renames nobody. It causes this event only if its name is one to warn of.
   *
   * <p>A peer may change its name. But it may also take the name of another, so compare {@link
   * #otherKeys} and {@link #lookAlikes}.
   */
  public static final class PeerRenamed extends PeerEvent {
    private final Fingerprint fingerprint;
    private final List<String> previousNames;
    private final List<KnownPeer> otherKeys;
    private final List<KnownPeer> lookAlikes;
    private final boolean suspiciousName;

    private PeerRenamed(
        Peer peer,
        List<String> previousNames,
        List<KnownPeer> otherKeys,
        List<KnownPeer> lookAlikes,
        boolean suspiciousName,
        Instant time) {
      super(Kind.PEER_RENAMED, peer, time);
      this.fingerprint =
          peer.fingerprint()
              .orElseThrow(() -> new IllegalArgumentException("a renamed peer has a fingerprint"));
      this.previousNames = List.copyOf(previousNames);
      this.otherKeys = List.copyOf(otherKeys);
      this.lookAlikes = List.copyOf(lookAlikes);
      this.suspiciousName = suspiciousName;
    }

    /**
     * Creates an event.
     *
     * @param peer the peer with its new team name and a fingerprint
     * @param previousNames the team names under which its key is known, the last recorded first
     * @param otherKeys where the new team name is known with other keys
     * @param lookAlikes known peers with other keys, whose team names look like the new one
     * @param suspiciousName whether the new team name hides something
     * @param time when the peer was seen
     * @return the event
     * @throws IllegalArgumentException if the peer has no fingerprint
     */
    public static PeerRenamed of(
        Peer peer,
        List<String> previousNames,
        List<KnownPeer> otherKeys,
        List<KnownPeer> lookAlikes,
        boolean suspiciousName,
        Instant time) {
      return new PeerRenamed(peer, previousNames, otherKeys, lookAlikes, suspiciousName, time);
    }

    /**
     * Returns the fingerprint of the peer's key, which has not changed.
     *
     * @return the fingerprint
     */
    public Fingerprint fingerprint() {
      return fingerprint;
    }

    /**
     * Returns the team names under which the key is known, the last recorded first.
     *
     * @return an immutable list
     */
    public List<String> previousNames() {
      return previousNames;
    }

    /**
     * Returns where the new team name is known with other keys, as {@link PeerPinned#known} does.
     *
     * @return an immutable list
     */
    public List<KnownPeer> otherKeys() {
      return otherKeys;
    }

    /**
     * Returns the known peers with other keys whose team name looks like the new one, as {@link
     * PeerPinned#lookAlikes} does.
     *
     * @return an immutable list
     */
    public List<KnownPeer> lookAlikes() {
      return lookAlikes;
    }

    /**
     * Returns whether the new team name hides something, as {@link PeerPinned#suspiciousName} does.
     *
     * @return true for such a name
     */
    public boolean suspiciousName() {
      return suspiciousName;
    }

    @Override
    String details() {
      return ", "
          + fingerprint
          + ", was: "
          + previousNames
          + ", known elsewhere: "
          + otherKeys
          + names(lookAlikes, suspiciousName);
    }
  }

  /**
   * A peer was refused because of {@link Trust}, and nothing was accepted from it. Of the peer, the
   * address is set, with the team and the fingerprint that it presented. If it presented no team,
   * the team known at that address is set. An impostor may have used the peer's name.
   */
  public static final class PeerRefused extends PeerEvent {
    private final TrustException reason;

    private PeerRefused(Peer peer, TrustException reason, Instant time) {
      super(Kind.PEER_REFUSED, peer, time);
      this.reason = Objects.requireNonNull(reason, "reason");
    }

    /**
     * Creates an event.
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
     * Returns why the peer was refused.
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
   * A connection violated the protocol and was closed. No other connection is affected. The peer is
   * {@link Peer#UNKNOWN_TEAM} at the connection's remote address.
   */
  public static final class ProtocolViolation extends PeerEvent {
    private static final String UNENCRYPTED = "no TLS, which this node requires";

    private final String description;
    private final boolean unencrypted;

    private ProtocolViolation(Peer peer, String description, boolean unencrypted, Instant time) {
      super(Kind.PROTOCOL_VIOLATION, peer, time);
      this.description = Objects.requireNonNull(description, "description");
      this.unencrypted = unencrypted;
    }

    /**
     * Creates an event.
     *
     * @param peer the peer at the connection's remote address
     * @param description what was wrong
     * @param time when it happened
     * @return the event
     */
    public static ProtocolViolation of(Peer peer, String description, Instant time) {
      return new ProtocolViolation(peer, description, false, time);
    }

    /**
     * Creates an event of a connection that was not encrypted.
     *
     * @param peer the peer at the connection's remote address
     * @param time when it happened
     * @return the event, of which {@link #unencrypted} is true
     */
    public static ProtocolViolation ofUnencrypted(Peer peer, Instant time) {
      return new ProtocolViolation(peer, UNENCRYPTED, true, time);
    }

    /**
     * Returns what was wrong. The description never contains peer text.
     *
     * @return the description
     */
    public String description() {
      return description;
    }

    /**
     * Returns whether the connection was refused only because it was not encrypted. The policy of
     * this node is {@link Security#required required}. The program there may be of the plain format
     * (docs/PROTOCOL.md, section 2), or a node with the policy {@link Security#plaintext
     * plaintext}.
     *
     * @return true if encryption was missing
     */
    public boolean unencrypted() {
      return unencrypted;
    }

    @Override
    String details() {
      return ", " + description;
    }
  }

  /**
   * The sources of discovery have found a peer, or know more about it than before: another event of
   * this kind for the same peer replaces the first. Of the peer, only the addresses and the
   * announced team are set. Nothing of it is proven, and it is not active.
   */
  public static final class PeerDiscovered extends PeerEvent {
    private final DiscoveredPeer discovered;

    private PeerDiscovered(DiscoveredPeer discovered, Instant time) {
      super(Kind.PEER_DISCOVERED, announced(discovered), time);
      this.discovered = discovered;
    }

    /**
     * Creates an event.
     *
     * @param discovered what was found
     * @param time when it was found
     * @return the event
     */
    public static PeerDiscovered of(DiscoveredPeer discovered, Instant time) {
      return new PeerDiscovered(discovered, time);
    }

    /**
     * Returns what was found.
     *
     * @return the peer, for {@link PeerNode#send(DiscoveredPeer, String)}
     */
    public DiscoveredPeer discovered() {
      return discovered;
    }

    @Override
    String details() {
      return ", " + discovered;
    }
  }

  /**
   * No source of discovery knows a peer any more that a {@link PeerDiscovered} has told of. That
   * changes no session and no list of active peers. Of the peer, only the addresses and the
   * announced team are set.
   */
  public static final class PeerVanished extends PeerEvent {
    private final DiscoveredPeer discovered;

    private PeerVanished(DiscoveredPeer discovered, Instant time) {
      super(Kind.PEER_VANISHED, announced(discovered), time);
      this.discovered = discovered;
    }

    /**
     * Creates an event.
     *
     * @param discovered the peer, as it was last
     * @param time when it vanished
     * @return the event
     */
    public static PeerVanished of(DiscoveredPeer discovered, Instant time) {
      return new PeerVanished(discovered, time);
    }

    /**
     * Returns the peer, as it was last.
     *
     * @return the peer of the last {@link PeerDiscovered}
     */
    public DiscoveredPeer discovered() {
      return discovered;
    }

    @Override
    String details() {
      return ", " + discovered;
    }
  }

  /**
   * A message that the store of the node kept was delivered. It was sent by {@link
   * PeerNode#submit}, or in any way before the last start of the node. Of the peer, the key and an
   * address are set, and the team if it is known. If the node was killed before its store had
   * recorded this, the event comes again after the next start.
   *
   * <p>Specification: docs/PROTOCOL.md, section 9.
   */
  public static final class MessageDelivered extends PeerEvent {
    private final String id;

    private MessageDelivered(Peer peer, String id, Instant time) {
      super(Kind.MESSAGE_DELIVERED, peer, time);
      this.id = Objects.requireNonNull(id, "id");
    }

    /**
     * Creates an event.
     *
     * @param peer the recipient
     * @param id the identifier of the message
     * @param time when the node learned it
     * @return the event
     */
    public static MessageDelivered of(Peer peer, String id, Instant time) {
      return new MessageDelivered(peer, id, time);
    }

    /**
     * Returns which message was delivered.
     *
     * @return the identifier, as {@link Submission#id} and {@link StoredMessage#id} return it
     */
    public String id() {
      return id;
    }

    @Override
    String details() {
      return ", " + id;
    }
  }

  /**
   * A message that the store of the node kept has failed. It was sent by {@link PeerNode#submit},
   * or in any way before the last start of the node. It was withdrawn, it has expired, its peer
   * cannot accept it, or its address or the key of its peer belongs to another peer now. Of the
   * peer, the key and an address are set, and the team if it is known. If the node was killed
   * before its store had recorded this, the event comes again after the next start.
   *
   * <p>Specification: docs/PROTOCOL.md, section 9.
   */
  public static final class MessageFailed extends PeerEvent {
    private final String id;
    private final Throwable reason;

    private MessageFailed(Peer peer, String id, Throwable reason, Instant time) {
      super(Kind.MESSAGE_FAILED, peer, time);
      this.id = Objects.requireNonNull(id, "id");
      this.reason = Objects.requireNonNull(reason, "reason");
    }

    /**
     * Creates an event.
     *
     * @param peer the recipient
     * @param id the identifier of the message
     * @param reason why it has failed
     * @param time when it has failed
     * @return the event
     */
    public static MessageFailed of(Peer peer, String id, Throwable reason, Instant time) {
      return new MessageFailed(peer, id, reason, time);
    }

    /**
     * Returns which message has failed.
     *
     * @return the identifier, as {@link Submission#id} and {@link StoredMessage#id} return it
     */
    public String id() {
      return id;
    }

    /**
     * Returns why the message has failed. With {@link DeliveryUnknownException} it may arrive all
     * the same.
     *
     * @return a {@link PeerNodeException}, or what the application has completed the future of the
     *     message with
     */
    public Throwable reason() {
      return reason;
    }

    @Override
    String details() {
      return ", " + id + ", " + reason.getMessage();
    }
  }

  private static Peer announced(DiscoveredPeer discovered) {
    Peer.Builder peer =
        Peer.builder(discovered.addresses().get(0)).addresses(discovered.addresses());
    discovered.teamName().ifPresent(peer::teamName);
    return peer.build();
  }
}
