package io.p2pchat.internal.peer;

import io.p2pchat.KnownPeer;
import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerEvent;
import io.p2pchat.PeerEvent.MessageReceived;
import io.p2pchat.PeerEvent.PeerPinned;
import io.p2pchat.PeerEvent.PeerRefused;
import io.p2pchat.PeerEvent.ProtocolViolation;
import io.p2pchat.TrustException;
import io.p2pchat.internal.event.EventDispatcher;
import io.p2pchat.internal.event.FlowWindow;
import io.p2pchat.internal.net.ConnectionInfo;
import io.p2pchat.internal.net.NodeCounters;
import io.p2pchat.internal.protocol.ChatLine;
import io.p2pchat.internal.protocol.Message;
import io.p2pchat.internal.protocol.NodeInfo;
import io.p2pchat.internal.protocol.RawLine;
import io.p2pchat.internal.protocol.ReservedText;
import io.p2pchat.internal.security.PeerClaim;
import io.p2pchat.internal.security.TrustDecision;
import io.p2pchat.internal.security.TrustService;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
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
  private final EventDispatcher handOver;
  private final FlowWindow ownDoing;
  private final LocalIdentity self;
  private final InstantSource clock;
  private final NodeCounters counters;
  private final TrustService gate;

  /**
   * Makes a tracker.
   *
   * @param ownDoing the account of events that this node's own sends make
   */
  public PeerEventPublisher(
      PeerRegistry registry,
      EventDispatcher handOver,
      FlowWindow ownDoing,
      LocalIdentity self,
      InstantSource clock,
      NodeCounters counters,
      TrustService gate) {
    this.registry = registry;
    this.handOver = handOver;
    this.ownDoing = ownDoing;
    this.self = self;
    this.clock = clock;
    this.counters = counters;
    this.gate = gate;
  }

  /**
   * A message arrived at level 0.
   *
   * @param hasSession tells whether there is a session with a peer, be it without a connection for
   *     a while: the peer says nothing outside of that
   */
  void received(Message message, ConnectionInfo remote, Predicate<PeerAddress> hasSession) {
    if (message instanceof ChatLine line && !self.isSender(remote, line.port())) {
      PeerAddress dialed = remote.dialed();
      PeerAddress sender =
          dialed == null ? PeerAddress.of(new InetSocketAddress(ip(remote), line.port())) : dialed;
      TrustException refusal = gate.refusesPlainLine(line.team(), sender);
      if (refusal != null) {
        refused(sender, refusal, remote.account());
        return;
      }
      List<PeerEvent> events =
          hasSession.test(sender) || gate.isPinned(sender)
              ? List.of(raw(line.text(), remote))
              : registry.received(sender, line);
      publish(events, remote.account(), line.text());
    } else {
      String text = message instanceof ChatLine line ? line.text() : ((RawLine) message).text();
      publish(List.of(raw(text, remote)), remote.account(), text);
    }
  }

  /**
   * Chat lines arrived in a session.
   *
   * @param receipts told of each line as the listener has taken it
   * @return whether one of them was {@code exit}
   */
  boolean chat(
      PeerAddress address,
      NodeInfo peer,
      List<String> texts,
      FlowWindow account,
      Receipts receipts) {
    boolean left = false;
    int from = 0;
    for (int i = 0; i < texts.size(); i++) {
      ReservedText reserved = ReservedText.of(texts.get(i));
      if (reserved != null) {
        messages(address, peer, texts.subList(from, i), account, receipts);
        ChatLine line = new ChatLine(peer.port(), peer.team(), texts.get(i));
        publish(registry.received(address, line), account, "");
        handOver.publish(List.of(), account, EVENT_BYTES, receipts.forOneLine());
        left |= reserved == ReservedText.EXIT;
        from = i + 1;
      }
    }
    messages(address, peer, texts.subList(from, texts.size()), account, receipts);
    return left;
  }

  private void messages(
      PeerAddress address,
      NodeInfo peer,
      List<String> texts,
      FlowWindow account,
      Receipts receipts) {
    if (texts.isEmpty()) {
      return;
    }
    PeerRegistry.Heard heard = registry.heard(address, peer.team());
    publish(heard.events(), account, "");
    Instant now = clock.instant();
    List<PeerEvent> events = new ArrayList<>(texts.size());
    long cost = 0;
    for (String text : texts) {
      events.add(new MessageReceived(heard.peer(), text, false, now));
      cost += MESSAGE_BYTES + 2L * text.length();
    }
    handOver.publish(events, account, cost, receipts);
  }

  /** A connection broke the protocol and is being closed. */
  void violated(String description, ConnectionInfo remote) {
    counters.violations.increment();
    PeerAddress address = PeerAddress.of(remote.socket());
    PeerEvent event = new ProtocolViolation(address, description, clock.instant());
    publish(List.of(event), remote.account(), description);
  }

  /** A peer was refused for trust; {@code account} is null where this node had dialed it. */
  void refused(PeerAddress peer, TrustException reason, @Nullable FlowWindow account) {
    PeerEvent event = new PeerRefused(peer, reason, clock.instant());
    publish(
        List.of(event), account == null ? ownDoing : account, String.valueOf(reason.getMessage()));
  }

  /** A peer is known by its key from now on. */
  void pinned(PeerClaim claim, TrustDecision.AcceptedNew verdict, FlowWindow account) {
    List<KnownPeer> others =
        verdict.otherKeys().stream()
            .map(
                pin -> new KnownPeer(pin.team(), pin.address(), pin.fingerprint(), pin.firstSeen()))
            .toList();
    PeerEvent event =
        new PeerPinned(claim.address(), claim.team(), claim.fingerprint(), others, clock.instant());
    publish(List.of(event), account, "");
  }

  /** A connection with the peer is there again. */
  void reachable(PeerAddress peer, FlowWindow account) {
    publish(registry.reachable(peer), account, "");
  }

  /** The peer was restarted, and messages to it go again. */
  void reset(PeerAddress peer, FlowWindow account) {
    publish(registry.reset(peer), account, "");
  }

  /** The peer could not be reached for too long. */
  void givenUp(PeerAddress peer, FlowWindow account) {
    publish(registry.givenUp(peer), account, "");
  }

  /** A line is about to be written to a peer, that has named itself so, or not. */
  void sending(PeerAddress peer, @Nullable ReservedText reserved, @Nullable String team) {
    publish(registry.sending(peer, reserved, team), ownDoing, "");
  }

  /** A line could not be brought to a peer. */
  void unreachable(PeerAddress peer, @Nullable ReservedText reserved) {
    publish(registry.unreachable(peer, reserved), ownDoing, "");
  }

  private void publish(List<PeerEvent> events, FlowWindow account, String text) {
    for (PeerEvent event : events) {
      handOver.publish(event, account, EVENT_BYTES + 2 * text.length());
    }
  }

  private PeerEvent raw(String text, ConnectionInfo remote) {
    Peer sender =
        new Peer(
            PeerAddress.of(remote.socket()),
            Peer.UNKNOWN_TEAM,
            false,
            Peer.State.REACHABLE,
            Optional.of(clock.instant()),
            Peer.Level.PLAIN,
            Optional.empty(),
            Optional.empty(),
            0);
    return new MessageReceived(sender, text, true, clock.instant());
  }

  private static InetAddress ip(ConnectionInfo remote) {
    return remote.socket().getAddress();
  }
}
