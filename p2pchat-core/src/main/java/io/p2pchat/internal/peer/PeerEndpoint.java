package io.p2pchat.internal.peer;

import io.p2pchat.DeliveryUnknownException;
import io.p2pchat.Fingerprint;
import io.p2pchat.NodeClosedException;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerNodeException;
import io.p2pchat.PeerUnreachableException.Reason;
import io.p2pchat.internal.event.FlowWindow;
import io.p2pchat.internal.net.Unreachable;
import io.p2pchat.internal.net.handshake.PeerLevels;
import io.p2pchat.internal.net.plain.PlainListener;
import io.p2pchat.internal.net.session.SessionChannelHandler;
import io.p2pchat.internal.peer.PeerIndex.PeerIdentity;
import io.p2pchat.internal.protocol.EncodedText;
import io.p2pchat.internal.protocol.NodeInfo;
import io.p2pchat.internal.protocol.Ping;
import io.p2pchat.internal.protocol.ReservedText;
import io.p2pchat.internal.security.HostPrefix;
import io.p2pchat.internal.session.SendFuture;
import io.p2pchat.internal.session.SendQueue;
import io.p2pchat.internal.session.SendQueue.Offer;
import io.p2pchat.internal.session.Session;
import io.p2pchat.internal.session.SessionConnection;
import io.p2pchat.internal.session.SessionEffects;
import io.p2pchat.internal.session.SessionPhase;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * This node's side of one peer: the queue of messages to its address, and the session or the
 * level-0 sends that empty the queue.
 *
 * <p>{@link #offer}, {@link #wake}, {@link #outbound} and {@link #status} may be used on any
 * thread. The rest runs on the event loop.
 */
final class PeerEndpoint {
  final PeerAddress address;
  final InetSocketAddress target;
  final PeerContext context;
  final Owner owner;
  final OutboundFlow outbound;
  final SessionStatus status;
  final Session session;
  final InboundFlow inbound;
  final PlainSends plainSends;
  final Redialer redialer = new Redialer();
  private final SendQueue queue;
  private final CoarseTimer timer;

  /** All addresses of the peer. */
  final List<PeerAddress> addresses = new ArrayList<>(1);

  /** What the peer has shown last, or null before it did. */
  @Nullable PeerIdentity identity;

  /**
   * The host of the peer's last {@code HELLO} or {@code WELCOME}. It is charged for the events that
   * these cause, because the peer's own flow does not stop them.
   */
  FlowWindow introducer;

  /** The peer has said {@code exit}. Later messages belong to a new session. */
  boolean peerLeft;

  /** Lines below this number were queued when an encrypted session ended. */
  private long secretTo;

  private final AtomicBoolean woken = new AtomicBoolean();
  private final AtomicBoolean resetWaits = new AtomicBoolean();
  private @Nullable SessionChannelHandler opened;

  /** The table that owns the endpoint. Called on the event loop, except {@link #newSession}. */
  interface Owner extends PlainListener {
    /**
     * Creates a session for this queue, with a peer at this IP address. Called while the endpoint
     * is created.
     */
    Session newSession(InetAddress ip, SendQueue queue, SessionEffects effects);

    /** Returns the limit on the messages of all endpoints. */
    OutboundBudget budget();

    /** Returns what the dialed addresses turned out to speak. */
    PeerLevels levels();

    /** Returns the endpoints by the identity of their peers. */
    PeerIndex index();

    /** Returns whether messages to this address go at level 0 without a handshake. */
    boolean speaksPlain(long now, PeerAddress address);

    /**
     * Returns whether {@code exit} goes at level 0 without a handshake, because a closing node has
     * no time for one.
     */
    boolean leavesPlain();

    /** An address turned out to belong to a known peer. */
    void alias(PeerEndpoint from, PeerEndpoint known);

    /** Drops the endpoint if it is unused. */
    void dropIfUnused(PeerEndpoint endpoint);

    /** Returns whether the node is closing or closed. */
    boolean isClosing();

    /** Returns whether the node has stopped sending. */
    boolean isStopped();
  }

  PeerEndpoint(PeerAddress address, InetAddress ip, PeerContext context, Owner owner) {
    this.address = address;
    this.addresses.add(address);
    this.target = new InetSocketAddress(ip, address.port());
    this.context = context;
    this.owner = owner;
    this.outbound =
        new OutboundFlow(address, context, owner.budget().of(HostPrefix.of(ip)), this::emptied);
    this.queue = outbound.queue;
    this.status = new SessionStatus(queue);
    this.timer = new CoarseTimer(context.executors().loop, this::collect);
    this.session = owner.newSession(ip, queue, new Effects());
    this.inbound = new InboundFlow(context.executors(), session, timer, this::collect);
    this.introducer = inbound;
    this.plainSends = new PlainSends(address, target, context, outbound, owner, this::plainEnded);
  }

  // ---- any thread

  /** Queues a message, or fails it if the peer cannot take it. */
  Offer offer(byte[] header, EncodedText message, SendFuture future, Waker waker) {
    if (outbound.failsUnsendable(header, message, future)) {
      return Offer.TAKEN;
    }
    Offer offer = outbound.offer(header, message, future);
    // Without room among all, the endpoint may be new. Then the event loop drops it.
    boolean wakes = offer == Offer.TAKEN || offer == Offer.FULL_IN_ALL;
    if (wakes && !woken.get() && !woken.getAndSet(true)) {
      waker.wake(this);
    }
    return offer;
  }

  /** Wakes endpoints with new messages on the event loop. */
  interface Waker {
    /** Arranges a call of {@link PeerEndpoint#awake}. */
    void wake(PeerEndpoint endpoint);
  }

  /** Handles new messages on the event loop. */
  void wake() {
    if (!context.executors().onLoop(this::awake)) {
      stop();
    }
  }

  private void emptied() {
    context.executors().onLoop(() -> owner.dropIfUnused(this));
  }

  // ---- queued messages

  /** Handles new messages. */
  void awake() {
    woken.set(false);
    long now = context.executors().now();
    if (owner.isStopped()) {
      stop();
    } else if (session.exists()) {
      session.linesWait(now);
    }
    after(now);
  }

  /** Queues a message that was queued at another address of the same peer. */
  void move(SendQueue.DequeuedLine message, SendFuture future) {
    Offer offer = offer(message.header(), message.text(), future, PeerEndpoint::wake);
    if (offer != Offer.TAKEN) {
      outbound.failFull(offer, message.text().reserved(), future);
    }
  }

  private void begin(long now) {
    if (queue.accepted() == queue.settled()) {
      return;
    }
    boolean secret = isSecret();
    if (!secret && owner.speaksPlain(now, address)) {
      plainSends.sendNext();
    } else if (secret || !owner.leavesPlain() || !plainSends.sendExit()) {
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

  // ---- the session

  /** Attaches a connection to the session and the queue. */
  SessionBridge take(SessionChannelHandler channel) {
    SessionBridge bridge = new SessionBridge(this, channel);
    channel.attach(bridge, queue);
    return bridge;
  }

  /**
   * Performs the actions that a change of the session requires. Call it after each input to the
   * session.
   */
  void after(long now) {
    if (session.nextTick() <= now) {
      session.tick(now);
    }
    leaveWithoutConnection(now);
    SessionChannelHandler channel =
        session.phase() == SessionPhase.OPEN ? (SessionChannelHandler) session.connection() : null;
    if (channel != opened) {
      SessionChannelHandler last = opened;
      opened = channel;
      if (channel == null) {
        status.closed();
        inbound.closed();
        redialIfMoved(now, last);
      } else {
        status.opened(channel.peer());
        open(now, channel);
      }
    }
    if (channel != null) {
      outbound.failUnsendable();
      outbound.writeTo(channel, session);
    }
    if (session.phase() == SessionPhase.IDLE && !plainSends.isBusy() && !owner.isStopped()) {
      begin(now);
    }
    schedule(now);
    owner.dropIfUnused(this);
  }

  /** Without a key the peer would refuse to resume the session from another address. */
  private void redialIfMoved(long now, @Nullable SessionChannelHandler last) {
    InetAddress own = last == null ? null : last.remote().local();
    if (session.phase() == SessionPhase.WAITING
        && status.key() != null
        && own != null
        && LocalIdentity.isLost(own)) {
      session.moved(now);
    }
  }

  private void open(long now, SessionChannelHandler channel) {
    NodeInfo peer = session.peer();
    peerLeft = false;
    redialer.succeeded();
    channel.hold(plainSends.isBusy());
    channel.opened();
    inbound.opened(now, channel);
    context.publisher().reachable(address, introducer);
    channel.send(new Ping(Long.toString(now)));
    owner.levels().saidHello(address);
    if (peer != null) {
      owner.index().add(PeerIdentity.of(peer.node(), channel), this);
      outbound.setPeer(peer.limit(), peer.exact());
    }
    if (owner.isClosing()) {
      EncodedText exit = EncodedText.of(ReservedText.EXIT.text());
      SendFuture said = new SendFuture();
      Offer offer = offer(context.identity().header(), exit, said, PeerEndpoint::wake);
      if (offer == Offer.FULL || offer == Offer.FULL_IN_ALL) {
        outbound.failFull(offer, ReservedText.EXIT, said);
      }
    }
  }

  /** Performs the actions that the session requests. */
  private final class Effects implements SessionEffects {
    @Override
    public void dial() {
      redialer.dial(PeerEndpoint.this);
    }

    @Override
    public void acknowledged(long number) {
      outbound.acknowledged(number);
    }

    @Override
    public void unknown(long number, String text) {
      String problem =
          "The session with " + address + " ended before the message was acknowledged: " + text;
      outbound.fail(number, () -> new DeliveryUnknownException(problem, address, null));
    }

    @Override
    public void refused(long number) {
      String problem = address + " refused the message; it could not use it";
      outbound.fail(number, () -> new DeliveryUnknownException(problem, address, null));
    }

    @Override
    public void unsent(long number, Reason reason, String text) {
      outbound.fail(number, redialer.unsent(address, reason, text));
    }

    @Override
    public void violated(SessionConnection from, String description) {
      context.publisher().violated(description, ((SessionChannelHandler) from).remote());
    }

    @Override
    public void happened(Event event) {
      PeerEventPublisher publisher = context.publisher();
      switch (event) {
        case UNREACHABLE -> unreachable();
        case REACHABLE -> publisher.reachable(address, introducer);
        case STALLED -> publisher.stalled(address, inbound);
        case RESET -> reset();
        case GIVEN_UP -> {
          ended();
          publisher.givenUp(address, inbound);
        }
        case ENDED -> ended();
      }
    }

    private void unreachable() {
      if (session.exists()) {
        context.publisher().unreachable(address, null);
      } else {
        context.publisher().notReached(address, null);
      }
    }

    /** One event stands for all resets that the listener has not handled yet. */
    private void reset() {
      if (!resetWaits.getAndSet(true)) {
        context.publisher().reset(address, introducer, () -> resetWaits.set(false));
      }
    }

    /** The messages queued until now were for the peer of the ended session. */
    private void ended() {
      status.ended();
      context.publisher().withoutSession(address);
      outbound.setPeer(Integer.MAX_VALUE, true);
      if (status.key() != null) {
        secretTo = queue.accepted();
      }
    }
  }

  /** Sets the timer for the next deadline. */
  void schedule(long now) {
    timer.set(now, Math.min(session.nextTick(), inbound.due()));
  }

  /** Reports lines taken by the application to the session, and performs the due actions. */
  private void collect() {
    long now = context.executors().now();
    inbound.collect(now);
    after(now);
  }

  /** Returns whether nothing is in progress. If so, closes the queue. */
  boolean isUnused() {
    return session.phase() == SessionPhase.IDLE
        && !plainSends.isBusy()
        && inbound.isCollected()
        && queue.closeIfUnused();
  }

  /** A level-0 message has ended, so the session may write its lines. */
  private void plainEnded(@Nullable PeerNodeException failure) {
    if (failure != null && Unreachable.isNotConnected(failure) && !session.exists()) {
      Redialer.notReached(this, failure);
    }
    if (opened != null) {
      opened.hold(peerLeft);
    }
    after(context.executors().now());
  }

  // ---- the identity of the peer

  /** Returns whether the session is open on this connection. */
  boolean isOpenOn(SessionChannelHandler channel) {
    return opened == channel;
  }

  boolean hasSession() {
    return session.exists();
  }

  /**
   * Returns whether the session is with this {@code NODE}, rather than with the peer before a
   * restart.
   */
  boolean hasSessionWith(String node) {
    NodeInfo peer = session.peer();
    return session.exists() && peer != null && peer.node().equals(node);
  }

  /** Returns whether the session is encrypted, or messages queued for an encrypted one remain. */
  boolean isSecret() {
    return status.key() != null && (session.exists() || queue.settled() < secretTo);
  }

  boolean isAt(InetAddress ip) {
    return target.getAddress().equals(ip);
  }

  /**
   * Returns whether the connection has the session's key, or, without a key, the same IP address.
   */
  boolean isSecuredAs(SessionChannelHandler channel) {
    Fingerprint key = status.key();
    return key == null ? channel.peer() == null && isAt(channel.ip()) : key.equals(channel.peer());
  }

  /** Returns whether the connection uses the peer's {@code NODE} with another key or IP address. */
  boolean isPosedAsBy(SessionChannelHandler channel, String node) {
    PeerIdentity known = identity;
    return (hasSessionWith(node) && !isSecuredAs(channel))
        || (known != null
            && known.node().equals(node)
            && !known.equals(PeerIdentity.of(node, channel)));
  }

  /** Returns the key of the peer's session, or the last key it has shown if there is no session. */
  @Nullable Fingerprint knownKey() {
    PeerIdentity known = identity;
    return session.exists() || known == null ? status.key() : known.key();
  }

  // ---- stopping

  /** Fails all queued messages. */
  void stop() {
    woken.set(false);
    String problem = "The node was closed before the message was ";
    outbound.fail(
        session.writtenTo(),
        () -> new DeliveryUnknownException(problem + "acknowledged", address, null));
    outbound.fail(Long.MAX_VALUE, () -> new NodeClosedException(problem + "sent", address));
  }

  /** Fails everything in progress. Its outcome stays unknown. */
  void close() {
    timer.cancel();
    plainSends.close();
    stop();
  }
}
