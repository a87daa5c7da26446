package io.p2pchat.internal.peer;

import io.p2pchat.Conversation;
import io.p2pchat.Delivery;
import io.p2pchat.DiscoveredPeer;
import io.p2pchat.Fingerprint;
import io.p2pchat.KnownPeer;
import io.p2pchat.NodeClosedException;
import io.p2pchat.OutboundQueueFullException;
import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerUnreachableException.Reason;
import io.p2pchat.SendOptions;
import io.p2pchat.StoreException;
import io.p2pchat.StoreState;
import io.p2pchat.StoredMessage;
import io.p2pchat.TrustException;
import io.p2pchat.internal.discovery.Sought;
import io.p2pchat.internal.keep.MessageKeeper;
import io.p2pchat.internal.keep.Redelivery;
import io.p2pchat.internal.net.LocalIdentity;
import io.p2pchat.internal.net.Unreachable;
import io.p2pchat.internal.protocol.EncodedText;
import io.p2pchat.internal.protocol.RandomIds;
import io.p2pchat.internal.protocol.ReservedText;
import io.p2pchat.internal.registry.PeerId;
import io.p2pchat.internal.security.HostPrefix;
import io.p2pchat.internal.security.TrustService;
import io.p2pchat.internal.session.KeptSend;
import io.p2pchat.internal.session.QueueLimits;
import io.p2pchat.internal.session.SendFuture;
import io.p2pchat.internal.session.SendQueue;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Routes messages to the endpoints of their addresses and wakes the event loop. Messages to host
 * names go to the {@link HostNameQueue}. Thread-safe.
 */
public final class MessageRouter implements HostNameQueue.Destination {
  private static final Logger LOG = LoggerFactory.getLogger(MessageRouter.class);
  private static final Duration LONGEST = Duration.ofDays(365);

  private final PeerContext context;
  private final EndpointTable table;
  private final HostNameQueue names;
  private final ExpiryTimer expiry;
  private final byte[] header;
  private final QueueLimits limits;
  private final long idStart = new SecureRandom().nextLong();
  private final AtomicLong ids = new AtomicLong();

  /** Creates a router. */
  public MessageRouter(PeerContext context, EndpointTable table, HostNameQueue names) {
    this.context = context;
    this.table = table;
    this.names = names;
    this.expiry = new ExpiryTimer(context.executors());
    this.header = context.identity().header();
    this.limits = OutboundFlow.limits(context.settings());
  }

  /** Returns the length of a message's line in its longer form, without its line end. */
  public int lineBytes(EncodedText message) {
    return header.length + message.longest();
  }

  /**
   * Queues a message to whoever is at an address. Fails it at once if it goes to this node itself
   * or there is no room.
   */
  @Override
  public void send(PeerAddress address, EncodedText message, SendFuture future) {
    send(address, message, future, PeerEndpoint::wake);
  }

  /** Ends a message that was sent, when the time of its options is over. */
  public void expire(SendFuture future, @Nullable PeerAddress peer, SendOptions options) {
    if (future instanceof KeptSend) {
      expiry.add(future, peer, options.expiry().orElse(options.keptFor()));
    } else {
      options.expiry().ifPresent(time -> expiry.add(future, peer, time));
    }
  }

  /** Returns a new identifier of a message. */
  public String newId() {
    return RandomIds.node(idStart, ids.incrementAndGet());
  }

  /**
   * Queues a message that a store keeps. If the persistent key of its peer is known, it is kept at
   * once. Otherwise, it is kept when a peer with such a key opens a session. Returns null if there
   * is no store, or the message is a command.
   *
   * @param to a peer, a key, a discovered peer or an address
   * @param announced whether an event tells how it ends
   */
  public @Nullable KeptSend keep(
      Object to, EncodedText message, String text, SendOptions options, boolean announced) {
    MessageKeeper keeper = context.keeper();
    if (keeper == null || message.reserved() != null) {
      return null;
    }
    Instant now = Instant.ofEpochMilli(System.currentTimeMillis());
    Instant end = now.plus(options.expiry().orElse(options.keptFor()));
    boolean open = keeper.isOpen();
    PeerId peer = open ? recipient(to) : null;
    PeerAddress sentTo = to instanceof PeerAddress address ? address : null;
    if (peer != null && peer.key() != null) {
      KeptSend.Wanted wanted = new KeptSend.Wanted(peer.key(), null, sentTo, end);
      KeptSend future = create(wanted, true, now, announced);
      keep(peer, peer.key(), message, text, future);
      return future;
    }
    KeptSend future = create(wanted(to, end), false, now, announced);
    // It is committed when the peer shows its key, or ends before that.
    future.whenComplete(
        (delivery, failure) -> {
          if (!future.isBound()) {
            record(to, future, text, delivery, failure);
          }
          if (failure == null) {
            future.kept().complete(null);
          } else {
            future.kept().completeExceptionally(failure);
          }
        });
    PeerEndpoint full = sentTo == null ? null : fullAt(sentTo, message);
    if (full == null) {
      send(to, message, future);
    } else {
      full.outbound.failFull(SendQueue.Offer.FULL, null, future);
    }
    StoreException unkept = keeper.failure();
    if (unkept != null) {
      future.kept().completeExceptionally(unkept);
    } else if (!open) {
      future.kept().complete(null);
    }
    return future;
  }

  /**
   * Returns the endpoint that has no room for a message to an address, or null if there is room. It
   * will be kept for the known peer there, with those that wait to be.
   */
  private @Nullable PeerEndpoint fullAt(PeerAddress address, EncodedText message) {
    PeerEndpoint kept = table.kept().keptAt(address);
    if (kept == null) {
      return null;
    }
    PeerEndpoint there = table.at(address);
    SendQueue loose = there == null || there == kept ? null : there.outbound.queue;
    int lines = kept.outbound.queue.heldLines() + (loose == null ? 0 : loose.heldLines());
    long bytes = kept.outbound.queue.heldBytes() + (loose == null ? 0 : loose.heldBytes());
    int length = header.length + message.bytes().length + 1;
    return limits.hasRoom(lines, bytes, length) ? null : kept;
  }

  /** Adds a message that was kept for no key to the history, unless it was refused. */
  private void record(
      Object to,
      KeptSend future,
      String text,
      @Nullable Delivery delivery,
      @Nullable Throwable failure) {
    PeerAddress address = addressOf(to);
    Fingerprint key = future.key();
    // A failed message reached no peer, and one that was only written went to a peer without a key.
    if (key == null && address != null && delivery == Delivery.ACKNOWLEDGED) {
      key = table.kept().shownAt(address);
    }
    boolean isRefused = failure instanceof OutboundQueueFullException;
    if (isRefused || delivery == Delivery.KEPT || (key == null && address == null)) {
      return;
    }
    StoredMessage.State state =
        failure != null
            ? StoredMessage.State.FAILED
            : delivery == Delivery.WRITTEN
                ? StoredMessage.State.WRITTEN
                : StoredMessage.State.DELIVERED;
    Conversation with =
        key != null ? Conversation.of(key) : Conversation.of(Objects.requireNonNull(address));
    StoredMessage.Builder message =
        StoredMessage.builder(with, state, text, Instant.ofEpochMilli(future.sentAt()))
            .id(future.id())
            .address(address);
    if (failure != null) {
      message.failure(Objects.requireNonNullElse(failure.getMessage(), "withdrawn"));
    }
    Objects.requireNonNull(context.keeper()).record(message.build());
  }

  private @Nullable PeerAddress addressOf(Object to) {
    if (to instanceof Peer peer) {
      return peer.address();
    }
    if (to instanceof DiscoveredPeer peer) {
      return peer.addresses().get(0);
    }
    return to instanceof PeerAddress name ? (name.isIp() ? name : names.lastAddress(name)) : null;
  }

  private void keep(
      PeerId peer, Fingerprint key, EncodedText message, String text, KeptSend future) {
    SendQueue.Offer offer = table.kept().keep(peer, key, header, message, text, future);
    if (offer == SendQueue.Offer.TAKEN) {
      return;
    }
    PeerEndpoint full = table.of(key);
    if (full == null) {
      context.executors().fail(future, Unreachable.unknown(key));
    } else {
      full.outbound.failFull(offer, null, future);
    }
    future
        .kept()
        .completeExceptionally(
            new OutboundQueueFullException("No room for the message", peer.address()));
  }

  private KeptSend create(KeptSend.Wanted wanted, boolean bound, Instant now, boolean announced) {
    KeptSend future = new KeptSend(newId(), wanted, bound, now.toEpochMilli());
    if (announced) {
      future.announce();
    }
    return future;
  }

  /** Returns whom a message is for that is not bound to a key yet. */
  private KeptSend.Wanted wanted(Object to, Instant end) {
    if (to instanceof PeerAddress address) {
      return new KeptSend.Wanted(null, null, address, end);
    }
    if (to instanceof DiscoveredPeer peer && Sought.of(peer) == null) {
      return new KeptSend.Wanted(null, null, peer.addresses().get(0), end);
    }
    if (to instanceof Peer peer && peer.fingerprint().isEmpty() && !isOtherThanKnown(peer)) {
      return new KeptSend.Wanted(null, null, peer.address(), end);
    }
    Fingerprint key = null;
    String team = null;
    if (to instanceof Peer peer && peer.fingerprint().isPresent()) {
      key = peer.fingerprint().get();
      team = peer.teamName();
    } else if (to instanceof Fingerprint fingerprint) {
      key = fingerprint;
    } else if (to instanceof DiscoveredPeer peer) {
      key = peer.known().map(KnownPeer::fingerprint).orElse(null);
    }
    boolean binds = table.keysBind() || to instanceof Fingerprint;
    return new KeptSend.Wanted(binds ? key : null, team, null, end);
  }

  /** Queues a message to a peer, a key, a discovered peer or an address. */
  private void send(Object to, EncodedText message, SendFuture future) {
    if (to instanceof Peer peer) {
      send(peer, message, future, PeerEndpoint::wake);
    } else if (to instanceof Fingerprint key) {
      send(key, message, future);
    } else if (to instanceof DiscoveredPeer peer) {
      send(peer, message, future);
    } else {
      send((PeerAddress) to, message, future);
    }
  }

  /** Returns the peer whose key a message is kept for, or null if none is known. */
  private @Nullable PeerId recipient(Object to) {
    if (!table.keysBind()) {
      return null;
    }
    if (to instanceof Peer peer) {
      return peer.fingerprint().filter(table.kept()::keepsAtOnce).isPresent()
          ? PeerId.of(peer)
          : null;
    }
    if (to instanceof Fingerprint key) {
      PeerAddress known = table.kept().keepsAtOnce(key) ? table.addressOf(key) : null;
      return known == null ? null : new PeerId(known, key, Peer.UNKNOWN_TEAM);
    }
    if (to instanceof DiscoveredPeer peer) {
      Fingerprint key = peer.known().map(KnownPeer::fingerprint).orElse(null);
      return key == null || !table.kept().keepsAtOnce(key)
          ? null
          : new PeerId(peer.addresses().get(0), key, Peer.UNKNOWN_TEAM);
    }
    PeerAddress address = (PeerAddress) to;
    Fingerprint key = table.kept().keyAt(address);
    return key == null ? null : new PeerId(address, key, Peer.UNKNOWN_TEAM);
  }

  /**
   * The node has got its store. Queues the messages that the store has kept. No peer is dialed
   * before all of them are queued. Messages that are sent meanwhile come behind them.
   */
  public void load(StoreState state) {
    MessageKeeper keeper = Objects.requireNonNull(context.keeper());
    List<PeerEndpoint> woken = new ArrayList<>();
    for (StoredMessage stored : state.kept()) {
      try {
        load(stored, woken::add);
      } catch (RuntimeException e) {
        LOG.error("The kept message in row {} could not be loaded", stored.row(), e);
      }
    }
    keeper.loaded();
    context
        .executors()
        .onLoop(
            () -> {
              table.storeOpened();
              woken.forEach(PeerEndpoint::awake);
            });
    new Redelivery(
            keeper,
            state,
            (page, rows, whenTaken) ->
                context
                    .publisher()
                    .stored(
                        page,
                        state.lastRow(),
                        new SessionBridge.TakenRows(keeper, rows, whenTaken)))
        .next();
  }

  private void load(StoredMessage stored, PeerEndpoint.Waker waker) {
    KeptSend future = MessageKeeper.load(stored);
    PeerAddress address = stored.address().orElse(null);
    if (future == null || address == null || future.key() == null) {
      return;
    }
    Duration left = stored.expiry().map(end -> left(stored.time(), end)).orElse(LONGEST);
    PeerId peer = new PeerId(address, future.key(), Peer.UNKNOWN_TEAM);
    EncodedText text = EncodedText.ofMessage(stored.text());
    table.kept().load(peer, future.key(), header, text, future, waker);
    expiry.add(future, address, left.isNegative() ? Duration.ZERO : left);
  }

  /** Returns how long a message has left. It is at most its whole time, if a clock was set back. */
  private static Duration left(Instant sent, Instant end) {
    Duration left = Duration.between(Instant.now(), end);
    Duration whole = Duration.between(sent, end);
    return left.compareTo(whole) > 0 ? whole : left;
  }

  /** Creates the future of a message to a peer. */
  private SendFuture future(Peer peer) {
    Fingerprint key = peer.fingerprint().orElse(null);
    return key == null
        ? new SendFuture()
        : SendFuture.forPeer(table.keysBind() ? key : null, peer.teamName());
  }

  /** Queues a message to a peer, wherever it is. */
  public SendFuture send(Peer peer, EncodedText message) {
    SendFuture future = future(peer);
    send(peer, message, future, PeerEndpoint::wake);
    return future;
  }

  /** Queues a message to the holder of a key. */
  public SendFuture send(Fingerprint key, EncodedText message) {
    SendFuture future = SendFuture.forKey(key);
    send(key, message, future);
    return future;
  }

  private void send(Fingerprint key, EncodedText message, SendFuture future) {
    PeerEndpoint endpoint;
    do {
      endpoint = table.of(key);
      if (endpoint == null) {
        context.executors().fail(future, Unreachable.unknown(key));
        return;
      }
    } while (!offer(endpoint, message, future, PeerEndpoint::wake));
  }

  /** Queues a message to a discovered peer. */
  public SendFuture send(DiscoveredPeer peer, EncodedText message) {
    KnownPeer known = Sought.of(peer) == null ? null : peer.known().orElse(null);
    SendFuture future =
        known == null || !table.keysBind()
            ? new SendFuture()
            : SendFuture.forKey(known.fingerprint());
    send(peer, message, future);
    return future;
  }

  private void send(DiscoveredPeer peer, EncodedText message, SendFuture future) {
    Sought sought = Sought.of(peer);
    if (sought == null) {
      send(peer.addresses().get(0), message, future, PeerEndpoint::wake);
      return;
    }
    PeerEndpoint endpoint;
    do {
      endpoint = table.of(peer, sought);
      if (endpoint == null
          || (message.reserved() == ReservedText.EXIT && !endpoint.status.inSession())) {
        if (endpoint != null) {
          // It may be new. Then the event loop drops it.
          endpoint.wake();
        }
        String why =
            endpoint == null ? "no IP address of it is known" : "there is no session to leave";
        context
            .executors()
            .fail(future, Unreachable.of(peer.addresses().get(0), Reason.OTHER, why));
        return;
      }
    } while (!offer(endpoint, message, future, PeerEndpoint::wake));
  }

  /**
   * Queues a message to several peers. Without a store, it wakes the event loop once for all.
   *
   * @param text the text of the message, for the store
   */
  public List<SendFuture> send(
      List<Peer> peers, EncodedText message, String text, SendOptions options) {
    if (context.keeper() != null && message.reserved() == null) {
      return peers.stream()
          .map(peer -> (SendFuture) keep(peer, message, text, options, false))
          .toList();
    }
    List<PeerEndpoint> woken = new ArrayList<>(peers.size());
    List<SendFuture> futures = new ArrayList<>(peers.size());
    try {
      for (Peer peer : peers) {
        SendFuture future = future(peer);
        send(peer, message, future, woken::add);
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

  /**
   * Returns the outcome of a message of a broadcast. It does not wait for a peer that is away, if a
   * store keeps the message for it.
   */
  public CompletableFuture<Delivery> outcome(SendFuture future) {
    if (!(future instanceof KeptSend kept)) {
      return future;
    }
    CompletableFuture<Delivery> outcome = kept.reported();
    kept.kept().thenRun(() -> table.kept().reportIfAway(kept));
    return outcome;
  }

  /** Queues an {@code exit} to each node of a peer that has a session, or to the peer. */
  public List<SendFuture> exit(Peer peer, EncodedText exit) {
    List<SendFuture> futures = new ArrayList<>(1);
    for (PeerEndpoint node : table.nodes(PeerId.of(peer))) {
      SendFuture future = SendFuture.forKey(peer.fingerprint().orElseThrow());
      if (offer(node, exit, future, PeerEndpoint::wake)) {
        futures.add(future);
      }
    }
    if (futures.isEmpty()) {
      futures.add(send(peer, exit));
    }
    return futures;
  }

  private void send(Peer peer, EncodedText message, SendFuture future, PeerEndpoint.Waker waker) {
    Fingerprint key = peer.fingerprint().orElse(null);
    if (key == null) {
      TrustException other = notFor(peer);
      if (other == null) {
        send(peer.address(), message, future, waker);
      } else {
        context.executors().fail(future, other);
      }
      return;
    }
    PeerEndpoint endpoint;
    do {
      endpoint = table.of(peer, key);
    } while (!offer(endpoint, message, future, waker));
  }

  /**
   * Returns why a message for a peer without a key does not go to the session at its address, or
   * null. That is of the known peer there, and by its name it is not the one that was meant.
   */
  private @Nullable TrustException notFor(Peer peer) {
    PeerEndpoint there = table.at(peer.address());
    TrustService trust = context.authenticator().trust();
    return there != null && there.status.key() != null && isOtherThanKnown(peer)
        ? trust.changedHands(peer.address(), null, peer.teamName())
        : null;
  }

  /** Returns whether a peer without a key is, by its name, not the known peer of its address. */
  private boolean isOtherThanKnown(Peer peer) {
    return peer.named()
        && context.authenticator().trust().known().find(peer.teamName(), peer.address()).isEmpty();
  }

  /** Queues a message. Calls {@code waker} if the endpoint needs a wake-up. */
  private void send(
      PeerAddress address, EncodedText message, SendFuture future, PeerEndpoint.Waker waker) {
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
        if (failsNotListed(PeerId.at(address), message, future)) {
          return;
        }
        endpoint = table.atOrNew(address);
      }
    } while (!offer(endpoint, message, future, waker));
  }

  /** Queues a message, or fails it. Returns false if the endpoint is not the right one any more. */
  private boolean offer(
      PeerEndpoint endpoint, EncodedText message, SendFuture future, PeerEndpoint.Waker waker) {
    if (failsNotListed(endpoint.status.id(), message, future)) {
      // It may be new. Then the event loop drops it.
      waker.wake(endpoint);
      return true;
    }
    SendQueue.Offer offer = endpoint.offer(header, message, future, waker);
    if (offer == SendQueue.Offer.CLOSED) {
      table.forget(endpoint);
      return false;
    }
    if (offer == SendQueue.Offer.ELSEWHERE) {
      return false;
    }
    if (offer != SendQueue.Offer.TAKEN) {
      endpoint.outbound.failFull(offer, message.reserved(), future);
    }
    return true;
  }

  /** Fails a connect for which the lists have no room. Returns whether it did. */
  private boolean failsNotListed(PeerId peer, EncodedText message, SendFuture future) {
    ReservedText reserved = message.reserved();
    if (reserved == null || !reserved.connects() || context.publisher().hasRoomFor(peer)) {
      return false;
    }
    context.executors().fail(future, context.publisher().notListed(peer.address()));
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
      context.executors().onLoop(() -> context.publisher().exitFailed(PeerId.at(peer)));
    }
  }

  /** A message to a peer was not queued. An {@code exit} changes the lists all the same. */
  public void refused(Peer peer, EncodedText message) {
    if (message.reserved() == ReservedText.EXIT) {
      context.executors().onLoop(() -> context.publisher().exitFailed(PeerId.of(peer)));
    }
  }

  /** Completes when less than half of the limits for this peer is in use. */
  public CompletableFuture<Void> whenWritable(Peer peer) {
    Fingerprint key = peer.fingerprint().orElse(null);
    PeerEndpoint endpoint = key == null ? null : table.existing(peer, key);
    if (endpoint != null) {
      return endpoint.outbound.whenWritable();
    }
    // The endpoint at the address may be of another peer.
    return key != null
        ? table.budget().whenWritable(HostPrefix.of(peer.address()))
        : whenWritable(peer.address());
  }

  /** Completes when less than half of the limits for this discovered peer is in use. */
  public CompletableFuture<Void> whenWritable(DiscoveredPeer peer) {
    Sought sought = Sought.of(peer);
    PeerEndpoint endpoint = sought == null ? null : table.existing(peer, sought);
    return endpoint == null
        ? whenWritable(peer.addresses().get(0))
        : endpoint.outbound.whenWritable();
  }

  /** Completes when less than half of the limits for this address is in use. */
  @Override
  public CompletableFuture<Void> whenWritable(PeerAddress address) {
    PeerEndpoint kept = table.kept().keptAt(address);
    CompletableFuture<Void> there = whenWritableThere(address);
    return kept == null ? there : there.thenCompose(room -> kept.outbound.whenWritable());
  }

  private CompletableFuture<Void> whenWritableThere(PeerAddress address) {
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
  public void sayExit(List<Peer> connected, Runnable whenSent) {
    EncodedText exit = EncodedText.of(ReservedText.EXIT.text());
    table.beginClosing();
    connected.stream()
        .filter(peer -> peer.level() != Peer.Level.SESSION)
        .forEach(peer -> send(peer, exit));
    table.whenEmpty(names::isEmpty, whenSent);
  }

  /** Fails all queued messages, and all later ones. */
  public void stop() {
    names.stop();
    table.stop();
    context.publisher().ownSends().stop(new NodeClosedException("The node is closed", null));
  }
}
