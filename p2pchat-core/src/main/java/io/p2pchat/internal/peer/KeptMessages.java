package io.p2pchat.internal.peer;

import io.p2pchat.Delivery;
import io.p2pchat.Fingerprint;
import io.p2pchat.KnownPeer;
import io.p2pchat.PeerAddress;
import io.p2pchat.TrustException;
import io.p2pchat.internal.keep.MessageKeeper;
import io.p2pchat.internal.peer.EndpointPeer.Expected;
import io.p2pchat.internal.protocol.ChatLine;
import io.p2pchat.internal.protocol.EncodedText;
import io.p2pchat.internal.protocol.NodeInfo;
import io.p2pchat.internal.registry.PeerId;
import io.p2pchat.internal.security.TrustService;
import io.p2pchat.internal.session.KeptSend;
import io.p2pchat.internal.session.SendQueue;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The messages that the store keeps, at the endpoints of their peers (PROTOCOL.md section 9). What
 * is kept for a key waits at one endpoint at a time, which the {@link KeyIndex} knows.
 *
 * <p>Methods not marked as thread-safe run on the event loop.
 */
final class KeptMessages implements EndpointOwner.Kept {
  private final PeerContext context;
  private final KeyIndex keys;
  private final Function<PeerAddress, @Nullable PeerEndpoint> holders;
  private final BiFunction<PeerId, Expected, PeerEndpoint> create;
  private final Consumer<PeerEndpoint> dropped;

  /** The kept messages whose end the listener is told next. */
  private final Queue<PeerEventPublisher.EndedSend> ended = new ConcurrentLinkedQueue<>();

  private final AtomicBoolean tellsEnds = new AtomicBoolean();

  /** For each address that messages were sent to, the keys they are kept for, and how many. */
  private final Map<PeerAddress, Map<Fingerprint, Integer>> sentTo = new ConcurrentHashMap<>();

  /**
   * Creates it for a table of endpoints.
   *
   * @param holders returns the endpoint that holds an address, or null
   * @param create creates an endpoint that looks for a peer
   * @param dropped called with an endpoint that was found to be closed
   */
  KeptMessages(
      PeerContext context,
      KeyIndex keys,
      Function<PeerAddress, @Nullable PeerEndpoint> holders,
      BiFunction<PeerId, Expected, PeerEndpoint> create,
      Consumer<PeerEndpoint> dropped) {
    this.context = context;
    this.keys = keys;
    this.holders = holders;
    this.create = create;
    this.dropped = dropped;
  }

  /** Returns whether the holder of a key has it at each start, as far as is known. Thread-safe. */
  boolean lasts(Fingerprint key) {
    for (PeerEndpoint endpoint : keys.all(key)) {
      NodeInfo peer = endpoint.status.peer();
      if (peer != null) {
        return !peer.temporaryKey();
      }
    }
    return !context.authenticator().trust().known().isTemporary(key);
  }

  @Override
  public boolean keepsFor(Fingerprint key) {
    return context.authenticator().keysBind() && lasts(key);
  }

  /**
   * Returns whether a message for a key is kept at once. It is not while messages wait that were
   * sent before the node had its store, because it has to stay behind them. Thread-safe.
   */
  boolean keepsAtOnce(Fingerprint key) {
    return lasts(key)
        && keys.all(key).stream()
            .allMatch(one -> one.status.inSession() || one.outbound.queue.looseEnd() == 0);
  }

  /**
   * Returns the key of the peer in a session that holds an address, or null. It is also null while
   * loose messages wait there, because later ones have to stay behind them. Thread-safe.
   */
  @Nullable Fingerprint keyAt(PeerAddress address) {
    PeerEndpoint there = holders.apply(address);
    if (there == null || !there.status.inSession() || there.outbound.queue.looseEnd() > 0) {
      return null;
    }
    Fingerprint key = there.status.key();
    return key != null && lasts(key) ? key : null;
  }

  /**
   * Returns the endpoint at which messages wait that are kept for the known peer of an address, or
   * null if there is none. Thread-safe.
   */
  @Nullable PeerEndpoint keptAt(PeerAddress address) {
    KnownPeer holder =
        context.keeper() == null || !address.isIp()
            ? null
            : context.authenticator().trust().holder(address).orElse(null);
    if (holder == null) {
      return null;
    }
    return keys.carrier(holder.fingerprint());
  }

  /** Returns the key that the peer in a session at an address has, or null. Thread-safe. */
  @Nullable Fingerprint shownAt(PeerAddress address) {
    PeerEndpoint there = holders.apply(address);
    return there == null || !there.status.inSession() ? null : there.status.key();
  }

  /**
   * Queues a message that is kept for a key, and commits it. Thread-safe.
   *
   * @param peer the peer, as far as it is known
   */
  SendQueue.Offer keep(
      PeerId peer,
      Fingerprint key,
      byte[] header,
      EncodedText encoded,
      String text,
      KeptSend future) {
    MessageKeeper keeper = Objects.requireNonNull(context.keeper());
    synchronized (keys.lock(key)) {
      SendQueue.Offer offer = offer(peer, key, header, encoded, future, PeerEndpoint::wake);
      if (offer == SendQueue.Offer.TAKEN) {
        watch(peer, key, future);
        String team = context.authenticator().trust().names(key).stream().findFirst().orElse(null);
        keeper.keep(future, key, peer.address(), team, text, this::committed);
      }
      return offer;
    }
  }

  /** Queues a message that the store has kept since an earlier start. */
  void load(
      PeerId peer,
      Fingerprint key,
      byte[] header,
      EncodedText encoded,
      KeptSend future,
      PeerEndpoint.Waker waker) {
    synchronized (keys.lock(key)) {
      offer(peer, key, header, encoded, future, waker);
      watch(peer, key, future);
    }
  }

  /** Stores the end of a kept message, and tells the listener. */
  private void watch(PeerId peer, Fingerprint key, KeptSend future) {
    PeerAddress address = future.sentTo();
    if (address != null) {
      countSentTo(address, key, 1);
      future.whenComplete((delivery, failure) -> countSentTo(address, key, -1));
    }
    MessageKeeper keeper = Objects.requireNonNull(context.keeper());
    future.whenComplete(
        (delivery, failure) -> {
          if (failure != null) {
            keeper.failed(future);
          }
          if (future.isAnnounced() && future.isCommitted() && delivery != Delivery.KEPT) {
            ended.add(
                new PeerEventPublisher.EndedSend(
                    new PeerId(peer.address(), key, peer.team()), future, failure));
            if (!tellsEnds.getAndSet(true)) {
              context.executors().onLoop(this::tellEnds);
            }
          }
        });
  }

  private void countSentTo(PeerAddress address, Fingerprint key, int more) {
    sentTo.compute(
        address,
        (any, before) -> {
          Map<Fingerprint, Integer> counts = new HashMap<>(before == null ? Map.of() : before);
          int count = counts.getOrDefault(key, 0) + more;
          if (count == 0) {
            counts.remove(key);
          } else {
            counts.put(key, count);
          }
          return counts.isEmpty() ? null : counts;
        });
  }

  private void tellEnds() {
    tellsEnds.set(false);
    List<PeerEventPublisher.EndedSend> all = new ArrayList<>();
    for (PeerEventPublisher.EndedSend next = ended.poll(); next != null; next = ended.poll()) {
      all.add(next);
    }
    context.publisher().ended(all, context.authenticator().trust());
  }

  private SendQueue.Offer offer(
      PeerId peer,
      Fingerprint key,
      byte[] header,
      EncodedText encoded,
      KeptSend future,
      PeerEndpoint.Waker waker) {
    while (true) {
      PeerEndpoint endpoint = keys.carrier(key);
      // Else where the others wait, to stay in order.
      if (endpoint == null || endpoint.outbound.queue.isClosed() || !endpoint.outbound.hasLines()) {
        PeerEndpoint taker = keys.taker(key);
        endpoint =
            taker != null ? taker : keys.seeking(key, null, want -> create.apply(peer, want));
        keys.carries(key, endpoint);
      }
      SendQueue.Offer offer = endpoint.offer(header, encoded, future, waker);
      if (offer != SendQueue.Offer.CLOSED) {
        return offer;
      }
      dropped.accept(endpoint);
    }
  }

  /** Ends the waiting for a kept message if its peer has no session. Thread-safe. */
  void reportIfAway(KeptSend future) {
    Fingerprint key = future.isBound() ? future.key() : null;
    if (key != null && keys.all(key).stream().noneMatch(one -> one.status.isOpen())) {
      future.peerIsAway();
    }
  }

  /** A message to a key is committed, and may be written, or has failed. Thread-safe. */
  private void committed(Fingerprint key) {
    PeerEndpoint endpoint;
    // Not while they move to another endpoint.
    synchronized (keys.lock(key)) {
      endpoint = keys.carrier(key);
    }
    if (endpoint != null) {
      endpoint.committed();
    }
  }

  @Override
  public Set<String> outboxes(Fingerprint key) {
    synchronized (keys.lock(key)) {
      PeerEndpoint carrier = keys.carrier(key);
      return carrier == null ? Set.of() : carrier.outbound.queue.outboxes();
    }
  }

  @Override
  public void asked(PeerEndpoint by, Fingerprint key, List<String> outboxes) {
    for (PeerEndpoint other : keys.all(key)) {
      if (other != by) {
        other.askedElsewhere(outboxes);
      }
    }
  }

  @Override
  public void carry(Fingerprint key) {
    if (context.keeper() == null) {
      return;
    }
    synchronized (keys.lock(key)) {
      PeerEndpoint from = keys.carrier(key);
      PeerEndpoint to = keys.taker(key);
      if (to == null || to == from) {
        return;
      }
      if (from == null || from.outbound.queue.isClosed()) {
        keys.carries(key, to);
        return;
      }
      if (from.session.exists()) {
        boolean isBetter = to.status.stores() && !from.status.stores();
        boolean stays =
            from.peer.isOpen()
                ? !isBetter || from.outbound.queue.hasWrittenKept()
                : !to.status.stores();
        if (stays) {
          return;
        }
      }
      keys.carries(key, to);
      from.session.superseded(context.executors().now());
      for (SendQueue.RemovedLine line : from.outbound.takeKept()) {
        to.move(line.header(), line.text(), line.future());
      }
    }
  }

  @Override
  public void bind(PeerEndpoint endpoint, Fingerprint key, Predicate<KeptSend> which) {
    PeerId peer = new PeerId(endpoint.address(), key, endpoint.status.id().team());
    // Between two stores, a message without a number is not written. So no session counts it.
    endpoint.outbound.queue.removeLoose(
        endpoint.session.isBetweenStores(),
        which,
        line -> {
          KeptSend future = (KeptSend) line.future();
          future.resolved(peer.address());
          // Before it is queued: it takes room among what is kept, and is not loose any more.
          future.bindTo(key);
          String text =
              ChatLine.parseExact(
                      new String(line.header(), StandardCharsets.UTF_8)
                          + new String(line.text().bytes(), StandardCharsets.UTF_8))
                  .text();
          SendQueue.Offer offer = keep(peer, key, line.header(), line.text(), text, future);
          if (offer != SendQueue.Offer.TAKEN) {
            endpoint.outbound.failFull(offer, null, future);
          }
        });
  }

  @Override
  public void changedHands(
      PeerEndpoint endpoint, PeerAddress address, @Nullable Fingerprint shown) {
    TrustService trust = context.authenticator().trust();
    String team = shown == null ? null : trust.names(shown).stream().findFirst().orElse(null);
    TrustException changed = trust.changedHands(address, shown, team);
    if (changed != null && endpoint.outbound.queue.hasKept()) {
      endpoint.outbound.failSentTo(address, () -> Redialer.again(changed));
    }
  }

  @Override
  public void failAccepted(PeerEndpoint endpoint, Fingerprint key) {
    for (Map.Entry<PeerAddress, Map<Fingerprint, Integer>> sent : sentTo.entrySet()) {
      if (sent.getValue().containsKey(key)) {
        failAccepted(endpoint, key, sent.getKey(), sent.getKey());
      }
    }
    if (context.authenticator().trust().known().pins(key).isEmpty()) {
      failAccepted(endpoint, key, endpoint.address(), null);
    }
  }

  /**
   * Fails what another key was accepted for.
   *
   * @param accepted the address of that key
   * @param address the address that the messages were sent to, or null if they were for the peer
   */
  private void failAccepted(
      PeerEndpoint endpoint, Fingerprint key, PeerAddress accepted, @Nullable PeerAddress address) {
    String team = endpoint.status.id().team();
    TrustException reason = context.authenticator().trust().acceptedFor(accepted, key, team);
    if (reason != null) {
      endpoint.outbound.failSentTo(address, () -> Redialer.again(reason));
    }
  }

  /** A session with the holder of an address is open. Others may have had the address before. */
  void failAcceptedAt(PeerAddress address, Fingerprint holder) {
    for (Fingerprint key : List.copyOf(sentTo.getOrDefault(address, Map.of()).keySet())) {
      PeerEndpoint endpoint = keys.carrier(key);
      if (endpoint != null && !key.equals(holder)) {
        failAccepted(endpoint, key, address, address);
      }
    }
  }
}
