package io.p2pchat.internal.peer;

import io.p2pchat.Fingerprint;
import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerEvent;
import io.p2pchat.PeerEvent.MessageDelivered;
import io.p2pchat.PeerEvent.MessageFailed;
import io.p2pchat.PeerEvent.MessageReceived;
import io.p2pchat.PeerEvent.PeerPinned;
import io.p2pchat.PeerEvent.PeerRefused;
import io.p2pchat.PeerEvent.PeerRenamed;
import io.p2pchat.PeerEvent.ProtocolViolation;
import io.p2pchat.StoredMessage;
import io.p2pchat.TooManyPeersException;
import io.p2pchat.TrustException;
import io.p2pchat.TrustException.Refusal;
import io.p2pchat.internal.event.ConsumedCallback;
import io.p2pchat.internal.event.EventDispatcher;
import io.p2pchat.internal.event.FlowWindow;
import io.p2pchat.internal.event.OwnSendsWindow;
import io.p2pchat.internal.net.ConnectionInfo;
import io.p2pchat.internal.net.NodeCounters;
import io.p2pchat.internal.protocol.ChatLine;
import io.p2pchat.internal.protocol.NodeInfo;
import io.p2pchat.internal.protocol.ReservedText;
import io.p2pchat.internal.registry.PeerId;
import io.p2pchat.internal.registry.PeerRegistry;
import io.p2pchat.internal.registry.SessionStatus;
import io.p2pchat.internal.security.PeerClaim;
import io.p2pchat.internal.security.TrustDecision;
import io.p2pchat.internal.security.TrustService;
import io.p2pchat.internal.session.KeptSend;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Updates the peer registry with messages received and sent, and publishes the resulting events.
 * Used on the event loop.
 */
public final class PeerEventPublisher {
  /** The cost of an event and its objects, without its text. */
  private static final int EVENT_BYTES = 256;

  /**
   * The cost of a session's message, without its text. Messages of a burst share the other objects.
   */
  private static final int MESSAGE_BYTES = 96;

  private final PeerRegistry registry;
  private final EventDispatcher dispatcher;
  private final InstantSource clock;
  private final NodeCounters counters;
  private final OwnSendsWindow ownSends;
  private final UnreachablePeers unreachable;

  /** Gives one page of stored messages at a time, so it needs no stopping. */
  private final FlowWindow redelivered =
      new FlowWindow() {
        @Override
        protected boolean isStoppable() {
          return false;
        }

        @Override
        protected void set(boolean open) {}
      };

  /**
   * Creates a publisher.
   *
   * @param sessionTimeout how long a connected peer without a session may be unreachable
   */
  public PeerEventPublisher(
      PeerRegistry registry,
      EventDispatcher dispatcher,
      InstantSource clock,
      NodeCounters counters,
      NodeExecutors executors,
      Duration sessionTimeout) {
    this.registry = registry;
    this.dispatcher = dispatcher;
    this.ownSends = new OwnSendsWindow(executors::complete);
    this.clock = clock;
    this.counters = counters;
    this.unreachable =
        new UnreachablePeers(executors, sessionTimeout, peer -> givenUp(peer, ownSends));
  }

  /** Returns the source of the events that this node's own sends cause. */
  public OwnSendsWindow ownSends() {
    return ownSends;
  }

  /** Received lines wait to be committed. They count as queued events do. */
  void waits(FlowWindow source, long bytes) {
    dispatcher.hold(source, bytes);
  }

  /** Received lines are committed. */
  void committed(FlowWindow source, long bytes) {
    dispatcher.free(source, bytes);
  }

  /** Adds the status of an endpoint. Thread-safe. */
  void attach(SessionStatus node) {
    registry.attach(node);
  }

  /** Removes the status of an endpoint. Thread-safe. */
  void detach(SessionStatus node) {
    registry.detach(node);
  }

  /** The session of an endpoint has ended. The next peer is whoever is at the address. */
  void unbound(SessionStatus node) {
    registry.unbound(node);
  }

  /** Returns whether a node of the peer has a session. Thread-safe. */
  boolean isInSession(PeerId id) {
    return registry.isInSession(id);
  }

  /**
   * Returns where a peer can be dialed, the newest address first. Thread-safe.
   *
   * @param answered whether to return those where it has answered, or else those it only claims
   */
  List<PeerAddress> dialable(PeerId id, boolean answered) {
    return registry.dialable(id, answered);
  }

  /** Returns where the peers with a key can be dialed. Thread-safe. */
  List<PeerAddress> dialable(Fingerprint key, boolean answered) {
    return registry.dialable(key, answered);
  }

  /**
   * A chat line arrived at level 0.
   *
   * @param mayConnect whether the peer can become connected by its own word
   */
  void received(PeerAddress sender, ChatLine line, FlowWindow source, boolean mayConnect) {
    publish(
        registry.received(PeerId.at(sender), line.team(), line.text(), line.reserved(), mayConnect),
        source,
        line.text());
  }

  /** A level-0 line arrived whose sender is unknown, or claims an identity that it cannot have. */
  void receivedRaw(String text, ConnectionInfo connection) {
    publish(List.of(raw(text, connection)), connection.source(), text);
  }

  /**
   * Chat lines arrived in a session.
   *
   * @param node the status of the endpoint
   * @param from the peer
   * @param texts their texts, as on the wire
   * @param claimed when the peer claims to have sent the first message, or null
   * @param consumed called after the listener has taken each line
   * @return whether one of them was {@code exit}
   */
  boolean chat(
      SessionStatus node,
      NodeInfo from,
      List<String> texts,
      @Nullable Instant claimed,
      FlowWindow source,
      ConsumedCallback consumed) {
    boolean left = false;
    Instant time = claimed;
    int start = 0;
    for (int i = 0; i < texts.size(); i++) {
      ReservedText reserved = ReservedText.of(texts.get(i));
      if (reserved != null) {
        messages(node, from, texts.subList(start, i), time, source, consumed);
        time = i > start ? null : time;
        publish(registry.commanded(node, from.team(), reserved), source, "");
        dispatcher.publish(List.of(), source, EVENT_BYTES, consumed.ofOneLine());
        left |= reserved == ReservedText.EXIT;
        start = i + 1;
      }
    }
    messages(node, from, texts.subList(start, texts.size()), time, source, consumed);
    return left;
  }

  private void messages(
      SessionStatus node,
      NodeInfo from,
      List<String> texts,
      @Nullable Instant claimed,
      FlowWindow source,
      ConsumedCallback consumed) {
    if (texts.isEmpty()) {
      return;
    }
    PeerRegistry.Heard heard = registry.heard(node, from.team());
    publish(heard.events(), source, "");
    publish(heard.peer(), from, texts, claimed, source, consumed);
  }

  private void publish(
      Peer sender,
      NodeInfo from,
      List<String> texts,
      @Nullable Instant claimed,
      FlowWindow source,
      ConsumedCallback consumed) {
    Instant now = clock.instant();
    List<PeerEvent> events = new ArrayList<>(texts.size());
    long cost = 0;
    for (String wire : texts) {
      String text = from.text(wire);
      MessageReceived event = MessageReceived.of(sender, text, false, now);
      events.add(claimed == null || !events.isEmpty() ? event : event.withClaimedTime(claimed));
      cost += MESSAGE_BYTES + 2L * text.length();
    }
    dispatcher.publish(events, source, cost, consumed);
  }

  /**
   * Messages arrived in a session that has ended before they were committed. They change no list.
   *
   * @param sender who the peer was then
   * @param claimed when it claims to have sent the first, or null
   */
  void late(
      PeerId sender,
      NodeInfo from,
      List<String> texts,
      @Nullable Instant claimed,
      FlowWindow source,
      ConsumedCallback consumed) {
    if (!texts.isEmpty()) {
      Peer peer =
          Peer.builder(sender.address()).teamName(sender.team()).fingerprint(sender.key()).build();
      publish(peer, from, texts, claimed, source, consumed);
    }
  }

  /** A peer had said {@code exit} in a session that has ended before that was committed. */
  void lateExit(PeerId sender, FlowWindow source) {
    if (!registry.isInSession(sender)) {
      publish(registry.received(sender, sender.team(), "", ReservedText.EXIT, false), source, "");
    }
  }

  /**
   * Gives the listener messages that a store holds.
   *
   * @param before the last row of before this start
   */
  void stored(List<StoredMessage> messages, long before, ConsumedCallback consumed) {
    List<PeerEvent> events = new ArrayList<>(messages.size());
    long cost = 0;
    for (StoredMessage message : messages) {
      Peer.Builder sender =
          Peer.builder(message.address().orElseThrow())
              .fingerprint(message.conversation().key().orElse(null));
      message.teamName().ifPresent(sender::teamName);
      Peer peer = sender.build();
      MessageReceived event =
          message.row() <= before
              ? MessageReceived.redelivered(peer, message.text(), message.time())
              : MessageReceived.of(peer, message.text(), false, message.time());
      events.add(event.withClaimedTime(message.claimedTime().orElse(null)));
      cost += EVENT_BYTES + 2L * message.text().length();
    }
    dispatcher.publish(events, redelivered, cost, consumed);
  }

  /**
   * A message that a store has kept until now.
   *
   * @param failure why it has failed, or null if it was delivered
   */
  record EndedSend(PeerId peer, KeptSend future, @Nullable Throwable failure) {}

  /**
   * Messages that a store has kept have ended.
   *
   * @param trust knows the names of their peers
   */
  void ended(List<EndedSend> sends, TrustService trust) {
    Instant now = clock.instant();
    List<PeerEvent> events = new ArrayList<>(sends.size());
    PeerId last = null;
    Peer peer = null;
    for (EndedSend send : sends) {
      if (peer == null || !send.peer().equals(last)) {
        last = send.peer();
        peer = recipient(last, trust);
      }
      String id = send.future().id();
      Throwable failure = send.failure();
      events.add(
          failure == null
              ? MessageDelivered.of(peer, id, now)
              : MessageFailed.of(peer, id, failure, now));
    }
    dispatcher.publish(
        events, ownSends, (long) MESSAGE_BYTES * events.size(), ConsumedCallback.NONE);
  }

  private static Peer recipient(PeerId id, TrustService trust) {
    Fingerprint key = id.key();
    String team = key == null ? id.team() : trust.names(key).stream().findFirst().orElse(id.team());
    return Peer.builder(id.address()).teamName(team).fingerprint(key).build();
  }

  /** A connection violated the protocol and is closing. */
  void violated(String description, ConnectionInfo connection) {
    counters.violations.increment();
    PeerEvent event = ProtocolViolation.of(stranger(connection), description, clock.instant());
    publish(List.of(event), connection.source(), description);
  }

  /** A connection without encryption was refused, because this node requires it. */
  void unencrypted(ConnectionInfo connection) {
    counters.violations.increment();
    PeerEvent event = ProtocolViolation.ofUnencrypted(stranger(connection), clock.instant());
    publish(List.of(event), connection.source(), "");
  }

  /** A peer was refused because of trust. {@code source} is null if this node dialed it. */
  void refused(PeerAddress peer, TrustException reason, @Nullable FlowWindow source) {
    Peer.Builder refused =
        Peer.builder(peer).fingerprint(reason.refusal().presented().orElse(null));
    Refusal refusal = reason.refusal();
    refusal.presentedTeamName().or(refusal::teamName).ifPresent(refused::teamName);
    PeerEvent event = PeerRefused.of(refused.build(), reason, clock.instant());
    publish(
        List.of(event), source == null ? ownSends : source, String.valueOf(reason.getMessage()));
  }

  /** The key of a new peer was pinned. */
  void pinned(PeerClaim claim, TrustDecision.AcceptedNew decision, FlowWindow source) {
    PeerEvent event =
        PeerPinned.of(
            claimant(claim),
            decision.warnings().otherKeys(),
            decision.warnings().lookAlikes(),
            decision.warnings().suspicious(),
            claim.temporaryKey(),
            clock.instant());
    publish(List.of(event), source, "");
  }

  /** Returns a peer as it has introduced itself. */
  private static Peer claimant(PeerClaim claim) {
    return Peer.builder(claim.address())
        .teamName(claim.team())
        .fingerprint(claim.fingerprint())
        .build();
  }

  /** A known key came with another name. */
  void renamed(PeerClaim claim, TrustDecision.VerifiedRenamed decision, FlowWindow source) {
    PeerEvent event =
        PeerRenamed.of(
            claimant(claim),
            decision.previousNames(),
            decision.warnings().otherKeys(),
            decision.warnings().lookAlikes(),
            decision.warnings().suspicious(),
            clock.instant());
    publish(List.of(event), source, "");
  }

  /**
   * A session is open on a connection.
   *
   * @return whether the restarted peer has to be told that it is connected
   */
  boolean opened(
      SessionStatus node,
      PeerId id,
      NodeInfo peer,
      boolean isHolder,
      boolean keysChange,
      FlowWindow source) {
    PeerRegistry.Opened opened = registry.opened(node, id, peer, isHolder, keysChange);
    publish(opened.events(), source, "");
    return opened.reconnects();
  }

  /**
   * The connection of a session was lost. Returns whether that is an event.
   *
   * @param consumed called after the listener has handled the event
   */
  boolean lost(SessionStatus node, FlowWindow source, ConsumedCallback consumed) {
    List<PeerEvent> events = registry.lost(node);
    if (!events.isEmpty()) {
      dispatcher.publish(events, source, EVENT_BYTES, consumed);
    }
    return !events.isEmpty();
  }

  /** The peer has acknowledged lines. */
  void acknowledged(SessionStatus node) {
    registry.acknowledged(node);
  }

  /**
   * The peer was restarted, and messages to it are sent again.
   *
   * @param consumed called after the listener has handled the event
   */
  void reset(SessionStatus node, FlowWindow source, ConsumedCallback consumed) {
    dispatcher.publish(registry.reset(node), source, EVENT_BYTES, consumed);
  }

  /** The connected peer takes nothing while messages wait. */
  void stalled(SessionStatus node, FlowWindow source) {
    publish(registry.stalled(node), source, "");
  }

  /** The peer made no progress, or was not reached, for too long. */
  void givenUp(PeerId peer, FlowWindow source) {
    publish(registry.givenUp(peer), source, "");
  }

  /**
   * A line is about to be written to a peer. Returns false if it is to connect to the peer, and the
   * lists have no room.
   *
   * @param team the team that the peer has named, or null if it has named none
   */
  boolean sending(SessionStatus node, @Nullable ReservedText reserved, @Nullable String team) {
    publish(registry.sending(node, reserved, team), ownSends, "");
    return reserved == null || !reserved.connects() || hasRoomFor(node.id());
  }

  /** Returns whether the peer is in the lists, or could enter them by a connect. Thread-safe. */
  boolean hasRoomFor(PeerId peer) {
    return registry.hasRoomFor(peer);
  }

  /** Creates the failure of a connect to a peer for which the lists have no room. Thread-safe. */
  TooManyPeersException notListed(PeerAddress peer) {
    return new TooManyPeersException(
        peer + " was not connected: the node has " + registry.limitFor(peer) + " already", peer);
  }

  /**
   * A line could not be sent to a peer without a session. If it stays unreachable, it does not stay
   * connected.
   */
  void notReached(PeerId peer, @Nullable ReservedText reserved) {
    publish(registry.unreachable(peer, reserved), ownSends, "");
    withoutSession(peer);
  }

  /** A peer has no session. If it is unreachable and stays so, it does not stay connected. */
  void withoutSession(PeerId peer) {
    PeerId unreached = registry.withoutSession(peer);
    if (unreached != null) {
      unreachable.add(unreached);
    }
  }

  /** An {@code exit} could not be sent to a peer. */
  void exitFailed(PeerId peer) {
    publish(registry.unreachable(peer, ReservedText.EXIT), ownSends, "");
  }

  /** An {@code exit} could not be sent to one node of a peer. */
  void exitFailed(SessionStatus node) {
    publish(registry.sending(node, ReservedText.EXIT, null), ownSends, "");
  }

  private void publish(List<PeerEvent> events, FlowWindow source, String text) {
    for (PeerEvent event : events) {
      if (event.kind() == PeerEvent.Kind.PEER_REACHABLE
          || event.kind() == PeerEvent.Kind.CONNECTION_RESTORED
          || event.kind() == PeerEvent.Kind.PEER_LEFT) {
        unreachable.remove(PeerId.of(event.peer()));
      }
      dispatcher.publish(event, source, EVENT_BYTES + 2 * text.length());
    }
  }

  private PeerEvent raw(String text, ConnectionInfo connection) {
    return MessageReceived.of(stranger(connection), text, true, clock.instant());
  }

  /** Returns a peer that has not introduced itself. */
  private Peer stranger(ConnectionInfo connection) {
    return Peer.builder(PeerAddress.of(connection.socket())).lastHeard(clock.instant()).build();
  }
}
