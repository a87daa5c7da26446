package io.p2pchat.internal.peer;

import io.p2pchat.NodeClosedException;
import io.p2pchat.PeerAddress;
import io.p2pchat.SendOptions;
import io.p2pchat.internal.protocol.EncodedText;
import io.p2pchat.internal.protocol.ReservedText;
import io.p2pchat.internal.security.HostPrefix;
import io.p2pchat.internal.session.SendFuture;
import io.p2pchat.internal.session.SendQueue;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * Routes messages to the endpoints of their addresses and wakes the event loop. Messages to host
 * names go to the {@link HostNameQueue}. Thread-safe.
 */
public final class MessageRouter implements HostNameQueue.Destination {
  private final PeerContext context;
  private final EndpointTable table;
  private final HostNameQueue names;
  private final ExpiryTimer expiry;
  private final byte[] header;

  /** Creates a router. */
  public MessageRouter(PeerContext context, EndpointTable table, HostNameQueue names) {
    this.context = context;
    this.table = table;
    this.names = names;
    this.expiry = new ExpiryTimer(context.executors());
    this.header = context.identity().header();
  }

  /** Returns the length of a message's line in its longer form, without its line end. */
  public int lineBytes(EncodedText message) {
    return header.length + message.longest();
  }

  /** Queues a message. Fails it at once if it goes to this node itself or there is no room. */
  @Override
  public void send(PeerAddress address, EncodedText message, SendFuture future) {
    send(address, message, future, PeerEndpoint::wake);
  }

  /** Ends a message that was sent, when the time of its options is over. */
  public void expire(SendFuture future, PeerAddress peer, SendOptions options) {
    options.expiry().ifPresent(time -> expiry.add(future, peer, time));
  }

  /** Queues a message to several peers, and wakes the event loop once for all. */
  public List<SendFuture> send(List<PeerAddress> addresses, EncodedText message) {
    List<PeerEndpoint> woken = new ArrayList<>(addresses.size());
    List<SendFuture> futures = new ArrayList<>(addresses.size());
    try {
      for (PeerAddress address : addresses) {
        SendFuture future = new SendFuture();
        send(address, message, future, woken::add);
        futures.add(future);
      }
    } finally {
      // Even after an exception: no other send wakes an endpoint that is marked as woken.
      if (!context.executors().onLoop(() -> woken.forEach(PeerEndpoint::awake))) {
        woken.forEach(PeerEndpoint::stop);
      }
    }
    return futures;
  }

  /** Queues a message. Calls {@code waker} if the endpoint needs a wake-up. */
  private void send(
      PeerAddress address, EncodedText message, SendFuture future, PeerEndpoint.Waker waker) {
    SendQueue.Offer offer;
    PeerEndpoint endpoint;
    do {
      endpoint = table.at(address);
      if (endpoint == null) {
        InetAddress ip = address.ip().orElse(null);
        if (ip == null) {
          names.send(address, message, future, this);
          return;
        }
        // Callers on the event loop have checked this already, or send to a peer.
        if (!context.executors().loop.inEventLoop()
            && context.identity().isTarget(ip, address.port())) {
          context.executors().fail(future, LocalIdentity.isSelf(address));
          return;
        }
        if (failsNotListed(address, message, future)) {
          return;
        }
        endpoint = table.atOrNew(address, ip);
      } else if (failsNotListed(endpoint.address, message, future)) {
        return;
      }
      offer = endpoint.offer(header, message, future, waker);
      if (offer == SendQueue.Offer.CLOSED) {
        table.forget(address, endpoint);
      }
    } while (offer == SendQueue.Offer.CLOSED);
    if (offer != SendQueue.Offer.TAKEN) {
      endpoint.outbound.failFull(offer, message.reserved(), future);
    }
  }

  /** Fails a connect for which the lists have no room. Returns whether it did. */
  private boolean failsNotListed(PeerAddress peer, EncodedText message, SendFuture future) {
    ReservedText reserved = message.reserved();
    if (reserved == null || !reserved.connects() || context.publisher().hasRoomFor(peer)) {
      return false;
    }
    context.executors().fail(future, context.publisher().notListed(peer));
    return true;
  }

  /**
   * A message was not queued. An {@code exit} changes the lists of this node all the same. A host
   * name stands for the address of its last lookup. The session stays for the messages that wait.
   */
  @Override
  public void refused(PeerAddress address, EncodedText message) {
    if (message.reserved() == ReservedText.EXIT) {
      PeerAddress peer = address.isIp() ? address : names.lastAddress(address);
      context.executors().onLoop(() -> context.publisher().unreachable(peer, ReservedText.EXIT));
    }
  }

  /** Completes when less than half of the limits for this address is in use. */
  @Override
  public CompletableFuture<Void> whenWritable(PeerAddress address) {
    PeerEndpoint endpoint = table.at(address);
    if (endpoint != null) {
      return endpoint.outbound.whenWritable();
    }
    return address.isIp()
        ? table.budget().whenWritable(HostPrefix.of(address))
        : names.whenWritable(address, this);
  }

  // ---- closing, on the event loop

  /**
   * Says {@code exit} to the connected peers and in all sessions, including those that open later.
   * Peers without a session get it at level 0.
   *
   * @param whenSent called once when no message is queued and no session exists
   */
  public void sayExit(Stream<PeerAddress> connected, Runnable whenSent) {
    EncodedText exit = EncodedText.of(ReservedText.EXIT.text());
    Stream.concat(connected, table.beginClosing())
        .distinct()
        .forEach(peer -> send(peer, exit, new SendFuture()));
    table.whenEmpty(names::isEmpty, whenSent);
  }

  /** Fails all queued messages, and all later ones. */
  public void stop() {
    names.stop();
    table.stop();
    context.publisher().ownSends().stop(new NodeClosedException("The node is closed", null));
  }
}
