package io.p2pchat.internal.peer;

import io.p2pchat.Delivery;
import io.p2pchat.OutboundQueueFullException;
import io.p2pchat.PeerAddress;
import io.p2pchat.internal.protocol.ReservedText;
import io.p2pchat.internal.session.SendQueue;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Takes messages to the contacts of their addresses, and wakes the event loop for these; those to
 * host names to the {@link HostNameQueue}. Thread-safe.
 */
public final class MessageRouter {
  private final EndpointTable contacts;
  private final NodeExecutors tasks;
  private final LocalIdentity self;
  private final byte[] header;

  MessageRouter(EndpointTable contacts) {
    this.contacts = contacts;
    this.tasks = contacts.tasks;
    this.self = contacts.self;
    this.header = self.introduction().chatHeader();
  }

  /** How long the line of a message is, without its line end. */
  public int lineBytes(EncodedText message) {
    return header.length + message.text().length;
  }

  /** Queues a message, or fails at once if it goes to this node itself or there is no room. */
  public void send(PeerAddress address, EncodedText message, CompletableFuture<Delivery> future) {
    send(address, message, future, this::wake);
  }

  private void wake(PeerEndpoint contact) {
    if (!tasks.onLoop(contact::awake)) {
      contact.stop();
    }
  }

  /** Queues a message to several peers, and wakes the event loop once for all. */
  public List<CompletableFuture<Delivery>> send(List<PeerAddress> addresses, EncodedText message) {
    List<PeerEndpoint> woken = new ArrayList<>(addresses.size());
    List<CompletableFuture<Delivery>> futures = new ArrayList<>(addresses.size());
    try {
      for (PeerAddress address : addresses) {
        CompletableFuture<Delivery> future = new CompletableFuture<>();
        send(address, message, future, woken::add);
        futures.add(future);
      }
    } finally {
      // Whatever happened: nobody else wakes a contact that counts as woken.
      if (!tasks.onLoop(() -> woken.forEach(PeerEndpoint::awake))) {
        woken.forEach(PeerEndpoint::stop);
      }
    }
    return futures;
  }

  /** The same; {@code wakes} is told if the contact is to be woken. */
  private void send(
      PeerAddress address,
      EncodedText message,
      CompletableFuture<Delivery> future,
      PeerEndpoint.Wakes wakes) {
    SendQueue.Offer offer;
    PeerEndpoint contact;
    do {
      contact = contacts.at(address);
      if (contact == null) {
        InetAddress ip = address.ip().orElse(null);
        if (ip == null) {
          contacts.lookups().send(address, message, future);
          return;
        }
        // Whoever sends on the event loop has asked before, or sends to a peer.
        if (!tasks.loop.inEventLoop() && self.isTarget(ip, address.port())) {
          tasks.fail(future, itself(address));
          return;
        }
        contact = contacts.atOrNew(address, ip);
      }
      offer = contact.offer(header, message, future, wakes);
      if (offer == SendQueue.Offer.CLOSED) {
        contacts.forget(address, contact);
      }
    } while (offer == SendQueue.Offer.CLOSED);
    if (offer == SendQueue.Offer.FULL) {
      refuse(address, contact, message.reserved(), future);
    }
  }

  static IllegalArgumentException itself(PeerAddress address) {
    return new IllegalArgumentException(address + " is this node itself");
  }

  /** Queues a message anew that had waited at another address of the same peer. */
  void move(SendQueue.DequeuedLine message, CompletableFuture<Delivery> future, PeerEndpoint to) {
    EncodedText rest = new EncodedText(new byte[0], message.reserved());
    if (to.offer(message.line(), rest, future, this::wake) != SendQueue.Offer.TAKEN) {
      refuse(to.address, to, message.reserved(), future);
    }
  }

  private void refuse(
      PeerAddress address,
      PeerEndpoint contact,
      @Nullable ReservedText reserved,
      CompletableFuture<Delivery> future) {
    tasks.fail(
        future,
        new OutboundQueueFullException(
            contact.outbox.queue + " wait for " + address + " already", null));
    if (reserved == ReservedText.EXIT) {
      tasks.onLoop(() -> contacts.peers.unreachable(address, reserved));
    }
  }

  /** Completes when less than half of what may wait for this address does. */
  public CompletableFuture<Void> whenWritable(PeerAddress address) {
    PeerEndpoint contact = contacts.at(address);
    if (contact != null) {
      return contact.outbox.whenWritable();
    }
    return address.isIp()
        ? CompletableFuture.completedFuture(null)
        : contacts.lookups().whenWritable(address);
  }
}
