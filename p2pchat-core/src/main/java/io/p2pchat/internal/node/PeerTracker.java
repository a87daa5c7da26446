package io.p2pchat.internal.node;

import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerEvent;
import io.p2pchat.PeerEvent.MessageReceived;
import io.p2pchat.PeerEvent.ProtocolViolation;
import io.p2pchat.internal.event.Account;
import io.p2pchat.internal.event.HandOver;
import io.p2pchat.internal.message.ChatLine;
import io.p2pchat.internal.message.Message;
import io.p2pchat.internal.message.RawLine;
import io.p2pchat.internal.message.ReservedText;
import io.p2pchat.internal.peers.PeerRegistry;
import io.p2pchat.internal.transport.Inbound;
import io.p2pchat.internal.transport.Remote;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Enters what is received and sent into the peer registry, and publishes the events that this
 * makes. Used on the event loop.
 */
final class PeerTracker implements Inbound {
  /** What an event and the objects around it weigh, beside its text. */
  private static final int EVENT_BYTES = 256;

  private final PeerRegistry registry;
  private final HandOver handOver;
  private final Account ownDoing;
  private final Self self;
  private final InstantSource clock;

  /**
   * Makes a tracker.
   *
   * @param ownDoing the account of events that this node's own sends make
   */
  PeerTracker(
      PeerRegistry registry, HandOver handOver, Account ownDoing, Self self, InstantSource clock) {
    this.registry = registry;
    this.handOver = handOver;
    this.ownDoing = ownDoing;
    this.self = self;
    this.clock = clock;
  }

  @Override
  public void received(Message message, Remote remote) {
    if (message instanceof ChatLine line && !self.isSender(remote, line.port())) {
      PeerAddress dialed = remote.dialed();
      PeerAddress sender =
          dialed == null ? PeerAddress.of(new InetSocketAddress(ip(remote), line.port())) : dialed;
      publish(registry.received(sender, line), remote.account(), line.text());
    } else {
      String text = message instanceof ChatLine line ? line.text() : ((RawLine) message).text();
      publish(List.of(raw(text, remote)), remote.account(), text);
    }
  }

  @Override
  public void violated(String description, Remote remote) {
    PeerAddress address = PeerAddress.of(remote.socket());
    PeerEvent event = new ProtocolViolation(address, description, clock.instant());
    publish(List.of(event), remote.account(), description);
  }

  /** A line is about to be written to a peer. */
  void sending(PeerAddress peer, @Nullable ReservedText reserved) {
    publish(registry.sending(peer, reserved), ownDoing, "");
  }

  /** A line could not be brought to a peer. */
  void unreachable(PeerAddress peer, @Nullable ReservedText reserved) {
    publish(registry.unreachable(peer, reserved), ownDoing, "");
  }

  private void publish(List<PeerEvent> events, Account account, String text) {
    for (PeerEvent event : events) {
      handOver.publish(event, account, EVENT_BYTES + 2 * text.length());
    }
  }

  private PeerEvent raw(String text, Remote remote) {
    Peer sender =
        new Peer(
            PeerAddress.of(remote.socket()),
            Peer.UNKNOWN_TEAM,
            false,
            Peer.State.REACHABLE,
            Optional.of(clock.instant()));
    return new MessageReceived(sender, text, true, clock.instant());
  }

  private static InetAddress ip(Remote remote) {
    return remote.socket().getAddress();
  }
}
