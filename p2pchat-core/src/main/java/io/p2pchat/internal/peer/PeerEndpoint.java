package io.p2pchat.internal.peer;

import io.p2pchat.Delivery;
import io.p2pchat.DeliveryUnknownException;
import io.p2pchat.Fingerprint;
import io.p2pchat.NodeClosedException;
import io.p2pchat.PeerAddress;
import io.p2pchat.internal.net.session.SessionChannelHandler;
import io.p2pchat.internal.protocol.NodeInfo;
import io.p2pchat.internal.protocol.Ping;
import io.p2pchat.internal.session.SendQueue;
import io.p2pchat.internal.session.SendQueue.Offer;
import io.p2pchat.internal.session.Session;
import io.p2pchat.internal.session.SessionPhase;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * What goes between this node and one address: the queue of messages to it, and the session or the
 * level-0 sends that empty the queue.
 *
 * <p>{@link #offer}, the {@link #outbox} and the {@link #view} may be used on any thread; the rest
 * runs on the event loop.
 */
final class PeerEndpoint {
  final PeerAddress address;
  final OutboundFlow outbox;
  final Session session;
  final InboundFlow inbox;
  final SessionBridge traffic;
  final Redialer attempts = new Redialer(this);
  final PlainSends plainSends = new PlainSends(this);
  final SessionView view;
  final EndpointTable contacts;
  final InetSocketAddress target;
  private final SendQueue queue;
  private final CoarseTimer alarm;

  /** All addresses it is known by. */
  final List<PeerAddress> addresses = new ArrayList<>(1);

  /** What the peer has shown last, or null before it did. */
  @Nullable Shown shown;

  /** It was made by a {@code HELLO}, and counts among the {@link InboundPeerQuota}. */
  boolean guest;

  /** The peer has said {@code exit}: what is sent now is for a session after this one. */
  boolean peerLeft;

  /** Lines below this number were there when a session ended that was encrypted. */
  private long secretTo;

  private final AtomicBoolean woken = new AtomicBoolean();
  private @Nullable SessionChannelHandler opened;

  PeerEndpoint(PeerAddress address, InetAddress ip, EndpointTable contacts) {
    this.address = address;
    this.addresses.add(address);
    this.target = new InetSocketAddress(ip, address.port());
    this.contacts = contacts;
    this.outbox =
        new OutboundFlow(
            address, contacts, () -> contacts.tasks.onLoop(() -> contacts.dropIfUnused(this)));
    this.queue = outbox.queue;
    this.view = new SessionView(queue);
    this.alarm = new CoarseTimer(contacts.tasks.loop, this::collect);
    this.session =
        new Session(
            contacts.times,
            contacts.self.introduction(),
            queue,
            new SessionResults(this),
            contacts.endedSessions,
            contacts.random);
    this.inbox = new InboundFlow(this);
    this.traffic = new SessionBridge(this);
  }

  // ---- any thread

  /** Queues a message, or fails it if the peer has said that it does not take such long ones. */
  Offer offer(byte[] header, EncodedText message, CompletableFuture<Delivery> future, Wakes wakes) {
    if (outbox.failsTooLong(header.length + message.text().length + 1, future)) {
      return Offer.TAKEN;
    }
    Offer offer = queue.offer(header, message.text(), message.reserved(), future);
    if (offer == Offer.TAKEN && !woken.get() && !woken.getAndSet(true)) {
      wakes.wake(this);
    }
    return offer;
  }

  /** Who brings contacts to which there are new messages to the event loop. */
  interface Wakes {
    /** {@link PeerEndpoint#awake} is to be called. */
    void wake(PeerEndpoint contact);
  }

  // ---- what waits

  /** Does what is to be done with new messages. */
  void awake() {
    woken.set(false);
    long now = contacts.tasks.now();
    if (contacts.isStopped()) {
      stop();
    } else if (session.exists()) {
      session.linesWait(now);
    }
    after(now);
  }

  private void begin(long now) {
    if (queue.accepted() == queue.settled()) {
      return;
    }
    if (contacts.speaksPlain(now, address) && !isSecret()) {
      plainSends.sendNext();
    } else {
      session.linesWait(now);
    }
  }

  /** Without a connection, {@code exit} ends the session here (PROTOCOL.md section 5). */
  private void leaveWithoutConnection(long now) {
    boolean away = session.exists() && session.phase() != SessionPhase.OPEN;
    SendQueue.ReservedLine exit = away ? queue.exit() : null;
    if (exit != null) {
      session.leave(now, exit.number());
    }
  }

  /** Does what a change of the session has made due. After each input to it. */
  void after(long now) {
    if (session.nextTick() <= now) {
      session.tick(now);
    }
    leaveWithoutConnection(now);
    SessionChannelHandler link =
        session.phase() == SessionPhase.OPEN ? (SessionChannelHandler) session.link() : null;
    if (link != opened) {
      opened = link;
      if (link == null) {
        view.closed();
        inbox.closed();
      } else {
        view.opened(link.peer());
        open(now, link);
      }
    }
    if (link != null) {
      outbox.failTooLong(session::skipped);
      link.writeLines();
    }
    if (session.phase() == SessionPhase.IDLE && !plainSends.isBusy() && !contacts.isStopped()) {
      begin(now);
    }
    schedule(now);
    contacts.dropIfUnused(this);
  }

  private void open(long now, SessionChannelHandler link) {
    NodeInfo peer = session.peer();
    peerLeft = false;
    attempts.succeeded();
    link.hold(plainSends.isBusy());
    link.opened();
    inbox.opened(now, link);
    link.send(new Ping(Long.toString(now)));
    contacts.plainPeers.remove(address);
    if (peer != null) {
      contacts.acquaintances.know(Shown.of(peer.node(), link), this);
      outbox.setLimit(peer.limit());
    }
    if (contacts.isClosing()) {
      contacts.sayExit(address);
    }
  }

  /** Sees that what is due later is done. */
  void schedule(long now) {
    alarm.set(now, Math.min(session.nextTick(), inbox.receipts.due()));
  }

  /** Tells the session what the application has taken, and does what is due. */
  void collect() {
    long now = contacts.tasks.now();
    inbox.receipts.collect(session, now);
    after(now);
  }

  /** Whether nothing is under way and nothing is to be remembered. */
  boolean isUnused() {
    return session.phase() == SessionPhase.IDLE
        && !plainSends.isBusy()
        && inbox.receipts.isEmpty()
        && queue.closeIfUnused();
  }

  /** Whether the session is open on this connection. */
  boolean isOpenOn(SessionChannelHandler link) {
    return opened == link;
  }

  boolean hasSession() {
    return session.exists();
  }

  /** Whether the session is with this {@code NODE}, and not with what it was before a restart. */
  boolean hasSessionWith(String node) {
    NodeInfo peer = session.peer();
    return session.exists() && peer != null && peer.node().equals(node);
  }

  /** The session has ended. What was sent until now still was for the peer that it was with. */
  void sessionEnded() {
    if (view.key() != null) {
      secretTo = queue.accepted();
    }
  }

  /** Whether the session was encrypted, or lines wait that were sent when it was. */
  boolean isSecret() {
    return view.key() != null && (session.exists() || queue.settled() < secretTo);
  }

  boolean isAt(InetAddress ip) {
    return target.getAddress().equals(ip);
  }

  /** A session goes on only with the key that it has, and, where it has none, at the same IP. */
  boolean isSecuredAs(SessionChannelHandler link) {
    Fingerprint key = view.key();
    return key == null
        ? link.peer() == null && isAt(link.remote().socket().getAddress())
        : key.equals(link.peer());
  }

  /** Whether another one has the {@code NODE} of the peer, and not what else the peer has shown. */
  boolean isPosedAsBy(SessionChannelHandler link, String node) {
    Shown known = shown;
    return (hasSessionWith(node) && !isSecuredAs(link))
        || (known != null && known.node().equals(node) && !known.equals(Shown.of(node, link)));
  }

  /**
   * What the peer is known by: the key of its session, or what it has shown before there is one.
   */
  @Nullable Fingerprint knownKey() {
    Shown known = shown;
    return session.exists() || known == null ? view.key() : known.key();
  }

  /** A message at level 0 has ended: lines of a session wait for that. */
  void plainEnded() {
    if (opened != null) {
      opened.hold(peerLeft);
    }
    after(contacts.tasks.now());
  }

  // ---- the end of messages

  /** Fails all that waits. */
  void stop() {
    woken.set(false);
    String problem = "The node was closed before the message was ";
    outbox.fail(
        session.writtenTo(), () -> new DeliveryUnknownException(problem + "acknowledged", null));
    outbox.fail(Long.MAX_VALUE, () -> new NodeClosedException(problem + "sent", null));
  }

  /** Fails what is under way, and of which nobody will tell any more how it ended. */
  void close() {
    alarm.cancel();
    plainSends.close();
    stop();
  }
}
