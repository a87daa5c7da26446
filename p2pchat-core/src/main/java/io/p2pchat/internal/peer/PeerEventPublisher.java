package io.p2pchat.internal.peer;

import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerEvent;
import io.p2pchat.PeerEvent.MessageReceived;
import io.p2pchat.PeerEvent.PeerPinned;
import io.p2pchat.PeerEvent.PeerRefused;
import io.p2pchat.PeerEvent.ProtocolViolation;
import io.p2pchat.TrustException;
import io.p2pchat.internal.event.ConsumedCallback;
import io.p2pchat.internal.event.EventDispatcher;
import io.p2pchat.internal.event.FlowWindow;
import io.p2pchat.internal.net.ConnectionInfo;
import io.p2pchat.internal.net.NodeCounters;
import io.p2pchat.internal.protocol.ChatLine;
import io.p2pchat.internal.protocol.ReservedText;
import io.p2pchat.internal.security.PeerClaim;
import io.p2pchat.internal.security.TrustDecision;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Enters what is received and sent into the peer registry, and publishes the events that this
 * makes. Used on the event loop.
 */
public final class PeerEventPublisher {
  /** What an event and the objects around it weigh, beside its text. */
  private static final int EVENT_BYTES = 256;

  /** What a message of a session weighs, beside its text: others share the rest. */
  private static final int MESSAGE_BYTES = 96;

  private final PeerRegistry registry;
  private final EventDispatcher dispatcher;
  private final InstantSource clock;
  private final NodeCounters counters;
  private final FlowWindow ownSends = FlowWindow.ofOwnSends();

  /** Makes a publisher. */
  public PeerEventPublisher(
      PeerRegistry registry,
      EventDispatcher dispatcher,
      InstantSource clock,
      NodeCounters counters) {
    this.registry = registry;
    this.dispatcher = dispatcher;
    this.clock = clock;
    this.counters = counters;
  }

  /** The source of the events that this node's own sends make. */
  public FlowWindow ownSends() {
    return ownSends;
  }

  /** There is an endpoint for the address: what is seen of its session. Thread-safe. */
  void attach(PeerAddress address, SessionStatus session) {
    registry.attach(address, session);
  }

  /** There is no such endpoint for the address any more. Thread-safe. */
  void detach(PeerAddress address, SessionStatus session) {
    registry.detach(address, session);
  }

  /** A chat line of a peer arrived at level 0. */
  void received(PeerAddress sender, ChatLine line, FlowWindow source) {
    publish(
        registry.received(sender, line.team(), line.text(), line.reserved()), source, line.text());
  }

  /** A line arrived at level 0 whose sender is not known, or claims what it cannot be. */
  void receivedRaw(String text, ConnectionInfo connection) {
    publish(List.of(raw(text, connection)), connection.source(), text);
  }

  /**
   * Chat lines arrived in a session.
   *
   * @param team how the peer has named itself
   * @param consumed told of each line as the listener has taken it
   * @return whether one of them was {@code exit}
   */
  boolean chat(
      PeerAddress address,
      String team,
      List<String> texts,
      FlowWindow source,
      ConsumedCallback consumed) {
    boolean left = false;
    int from = 0;
    for (int i = 0; i < texts.size(); i++) {
      ReservedText reserved = ReservedText.of(texts.get(i));
      if (reserved != null) {
        messages(address, team, texts.subList(from, i), source, consumed);
        publish(registry.received(address, team, texts.get(i), reserved), source, "");
        dispatcher.publish(List.of(), source, EVENT_BYTES, consumed.ofOneLine());
        left |= reserved == ReservedText.EXIT;
        from = i + 1;
      }
    }
    messages(address, team, texts.subList(from, texts.size()), source, consumed);
    return left;
  }

  private void messages(
      PeerAddress address,
      String team,
      List<String> texts,
      FlowWindow source,
      ConsumedCallback consumed) {
    if (texts.isEmpty()) {
      return;
    }
    PeerRegistry.Heard heard = registry.heard(address, team);
    publish(heard.events(), source, "");
    Instant now = clock.instant();
    List<PeerEvent> events = new ArrayList<>(texts.size());
    long cost = 0;
    for (String text : texts) {
      events.add(MessageReceived.of(heard.peer(), text, false, now));
      cost += MESSAGE_BYTES + 2L * text.length();
    }
    dispatcher.publish(events, source, cost, consumed);
  }

  /** A connection broke the protocol and is being closed. */
  void violated(String description, ConnectionInfo connection) {
    counters.violations.increment();
    PeerEvent event = ProtocolViolation.of(stranger(connection), description, clock.instant());
    publish(List.of(event), connection.source(), description);
  }

  /** A peer was refused for trust; {@code source} is null where this node had dialed it. */
  void refused(PeerAddress peer, TrustException reason, @Nullable FlowWindow source) {
    Peer refused =
        Peer.builder(peer)
            .teamName(reason.refusal().teamName().orElse(Peer.UNKNOWN_TEAM))
            .fingerprint(reason.refusal().presented().orElse(null))
            .build();
    PeerEvent event = PeerRefused.of(refused, reason, clock.instant());
    publish(
        List.of(event), source == null ? ownSends : source, String.valueOf(reason.getMessage()));
  }

  /** A peer is known by its key from now on. */
  void pinned(PeerClaim claim, TrustDecision.AcceptedNew decision, FlowWindow source) {
    Peer peer =
        Peer.builder(claim.address())
            .teamName(claim.team())
            .fingerprint(claim.fingerprint())
            .build();
    PeerEvent event = PeerPinned.of(peer, decision.otherKeys(), clock.instant());
    publish(List.of(event), source, "");
  }

  /** A connection with the peer is there again. */
  void reachable(PeerAddress peer, FlowWindow source) {
    publish(registry.reachable(peer), source, "");
  }

  /** The peer was restarted, and messages to it go again. */
  void reset(PeerAddress peer, FlowWindow source) {
    publish(registry.reset(peer), source, "");
  }

  /** The peer could not be reached for too long. */
  void givenUp(PeerAddress peer, FlowWindow source) {
    publish(registry.givenUp(peer), source, "");
  }

  /** A line is about to be written to a peer, that has named itself so, or not. */
  void sending(PeerAddress peer, @Nullable ReservedText reserved, @Nullable String team) {
    publish(registry.sending(peer, reserved, team), ownSends, "");
  }

  /** A line could not be brought to a peer. */
  void unreachable(PeerAddress peer, @Nullable ReservedText reserved) {
    publish(registry.unreachable(peer, reserved), ownSends, "");
  }

  private void publish(List<PeerEvent> events, FlowWindow source, String text) {
    for (PeerEvent event : events) {
      dispatcher.publish(event, source, EVENT_BYTES + 2 * text.length());
    }
  }

  private PeerEvent raw(String text, ConnectionInfo connection) {
    return MessageReceived.of(stranger(connection), text, true, clock.instant());
  }

  /** A peer that has not said who it is. */
  private Peer stranger(ConnectionInfo connection) {
    return Peer.builder(PeerAddress.of(connection.socket())).lastHeard(clock.instant()).build();
  }
}
