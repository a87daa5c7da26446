package io.p2pchat.internal.peer;

import io.p2pchat.DeliveryUnknownException;
import io.p2pchat.Fingerprint;
import io.p2pchat.NodeClosedException;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerNodeException;
import io.p2pchat.PeerUnreachableException.Reason;
import io.p2pchat.internal.discovery.ContactResult;
import io.p2pchat.internal.discovery.Sought;
import io.p2pchat.internal.event.FlowWindow;
import io.p2pchat.internal.keep.MessageKeeper;
import io.p2pchat.internal.net.CoarseTimer;
import io.p2pchat.internal.net.LocalIdentity;
import io.p2pchat.internal.net.Unreachable;
import io.p2pchat.internal.net.session.SessionChannelHandler;
import io.p2pchat.internal.peer.EndpointPeer.Expected;
import io.p2pchat.internal.peer.EndpointPeer.PeerIdentity;
import io.p2pchat.internal.protocol.EncodedText;
import io.p2pchat.internal.protocol.NodeInfo;
import io.p2pchat.internal.protocol.Ping;
import io.p2pchat.internal.protocol.ReservedText;
import io.p2pchat.internal.protocol.Stored;
import io.p2pchat.internal.registry.PeerId;
import io.p2pchat.internal.registry.SessionStatus;
import io.p2pchat.internal.security.HostPrefix;
import io.p2pchat.internal.session.KeptSend;
import io.p2pchat.internal.session.SendFuture;
import io.p2pchat.internal.session.SendQueue;
import io.p2pchat.internal.session.SendQueue.Offer;
import io.p2pchat.internal.session.Session;
import io.p2pchat.internal.session.SessionConnection;
import io.p2pchat.internal.session.SessionEffects;
import io.p2pchat.internal.session.SessionPhase;
import io.p2pchat.internal.session.SessionTimeouts;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * This node's side of one node of a peer: the queue of messages to it, and the session or the
 * level-0 sends that empty the queue. Before the peer has shown who it is, the messages are for
 * whoever is at an address, or for the holder of one key.
 *
 * <p>{@link #offer}, {@link #wake}, {@link #outbound} and {@link #status} may be used on any
 * thread. The rest runs on the event loop.
 */
final class PeerEndpoint implements OwnAddressWatch.User {
  /** The host to which the endpoint counts: the one of its first address. */
  final HostPrefix host;

  final PeerContext context;
  final EndpointOwner owner;
  final OutboundFlow outbound;
  final SessionStatus status;
  final Session session;
  final EndpointPeer peer;
  final InboundFlow inbound;
  final PlainSends plainSends;
  final Redialer redialer = new Redialer();
  private final SendQueue queue;
  private final CoarseTimer timer;

  /** The addresses whose messages go here. Changed by the table. */
  final Set<PeerAddress> held = ConcurrentHashMap.newKeySet(1);

  /** The keys whose kept messages wait at this endpoint. Changed by the {@link KeyIndex}. */
  final Set<Fingerprint> carried = ConcurrentHashMap.newKeySet(1);

  /**
   * The host of the peer's last {@code HELLO} or {@code WELCOME}. It is charged for the events that
   * these cause, because the peer's own flow does not stop them.
   */
  FlowWindow introducer;

  /** How many bursts of received lines and questions wait for the store. */
  int uncommitted;

  private static final int MOST_NAMED = 4095;
  private static final long SHORTEST_PAUSE = Duration.ofSeconds(1).toNanos();
  private static final long LONGEST_PAUSE = Duration.ofMinutes(5).toNanos();

  /** When the peer is dialed again for what is kept, and how long it waits after that. */
  private long keptDue = Long.MIN_VALUE;

  private long lastTry = Long.MIN_VALUE / 2;
  private long pause = SHORTEST_PAUSE;

  /** Whether the known peer of the address is being looked up, for messages to the address. */
  private boolean binds;

  /** Lines below this number are for no known peer. */
  private long unheld;

  /** The peer has said {@code exit}. Later messages belong to a new session. */
  boolean peerLeft;

  private final AtomicBoolean woken = new AtomicBoolean();
  private final AtomicBoolean goesOn = new AtomicBoolean();
  private final AtomicBoolean resetWaits = new AtomicBoolean();

  /** The listener has not handled the last event of a lost connection. */
  private boolean lossWaits;

  /** A connection was lost since then. There is no event of that, nor of its return. */
  private boolean lostAgain;

  private @Nullable SessionChannelHandler opened;
  private @Nullable ContactResult contact;

  /** Messages waited at the last dial or came since. */
  private boolean forMessages;

  /** This machine's address of the last connection, or null if it is lost. */
  private @Nullable InetAddress own;

  /**
   * Creates an endpoint.
   *
   * @param first the peer, as far as it is known
   * @param expected who it must be, or null
   * @param sought the discovered peer that it must be, or null
   */
  PeerEndpoint(
      PeerId first,
      @Nullable Expected expected,
      @Nullable Sought sought,
      PeerContext context,
      EndpointOwner owner) {
    this.host = HostPrefix.of(first.address());
    this.context = context;
    this.owner = owner;
    this.outbound =
        new OutboundFlow(
            first, context, owner.budget().of(host), owner.budget().kept(), this::emptied);
    this.queue = outbound.queue;
    this.status = outbound.status;
    this.timer = new CoarseTimer(context.executors().loop, this::collect);
    this.session = owner.newSession(host, queue, new Effects());
    this.peer = new EndpointPeer(status, session, queue, context, expected, sought);
    this.inbound =
        new InboundFlow(context.executors(), session, timer, this::collect, context.publisher());
    this.introducer = inbound;
    this.plainSends = new PlainSends(context, outbound, owner, this::plainEnded);
  }

  // ---- any thread

  /** Returns where the peer was seen last. */
  PeerAddress address() {
    return status.id().address();
  }

  /** Queues a message, or fails it if the peer cannot take it. */
  Offer offer(byte[] header, EncodedText message, SendFuture future, Waker waker) {
    if (outbound.failsUnsendable(header, message, future)) {
      return Offer.TAKEN;
    }
    Offer offer = outbound.offer(header, message, future);
    // Without room among all, the endpoint may be new. Then the event loop drops it.
    boolean wakes =
        offer == Offer.TAKEN || offer == Offer.FULL_IN_ALL || offer == Offer.FULL_OF_KEPT;
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

  /**
   * Messages in this queue are committed or have failed, so others may be written. No dial is due.
   */
  void committed() {
    if (!goesOn.getAndSet(true)) {
      context
          .executors()
          .onLoop(
              () -> {
                goesOn.set(false);
                after(context.executors().now());
              });
    }
  }

  private void emptied() {
    context.executors().onLoop(() -> owner.dropIfUnused(this));
  }

  // ---- queued messages

  /** Handles new messages. */
  void awake() {
    woken.set(false);
    forMessages = true;
    long now = context.executors().now();
    bindLoose();
    keptDue = Math.min(keptDue, lastTry + SHORTEST_PAUSE);
    if (owner.isStopped()) {
      stop();
    } else if (session.exists()) {
      session.linesWait(now);
    }
    after(now);
  }

  /** Queues a message that was queued at another endpoint. */
  void move(byte[] header, EncodedText text, SendFuture future) {
    Offer offer = offer(header, text, future, PeerEndpoint::wake);
    if (offer == Offer.ELSEWHERE) {
      context.executors().fail(future, outbound.elsewhere());
    } else if (offer != Offer.TAKEN) {
      outbound.failFull(offer, text.reserved(), future);
    }
  }

  /** Queues a command of this node itself. */
  private void say(ReservedText command) {
    EncodedText text = EncodedText.of(command.text());
    SendFuture said = new SendFuture();
    Offer offer = offer(context.identity().header(), text, said, PeerEndpoint::wake);
    if (offer == Offer.FULL || offer == Offer.FULL_IN_ALL || offer == Offer.FULL_OF_KEPT) {
      outbound.failFull(offer, command, said);
    }
  }

  /** Says {@code exit}. */
  void sayExit() {
    say(ReservedText.EXIT);
  }

  /** Opens a session with whoever is at the address, though no message waits. */
  void contact(ContactResult result) {
    long now = context.executors().now();
    if (session.exists()) {
      contact = result;
      contacted(this);
    } else if (session.phase() == SessionPhase.IDLE && !plainSends.isBusy()) {
      contact = result;
      session.linesWait(now);
      after(now);
    } else {
      result.failed(ContactResult.Failure.OTHER);
    }
  }

  /** The address that was to be contacted belongs to the peer of an endpoint. */
  void contacted(PeerEndpoint known) {
    ContactResult result = contact;
    NodeInfo info = known.session.peer();
    contact = null;
    if (result != null && info != null) {
      result.answered(info.node(), info.team(), known.status.key());
    }
  }

  /** There is no session, so nobody was contacted. */
  private void failContact() {
    ContactResult result = contact;
    contact = null;
    if (result != null) {
      result.failed(redialer.failure());
    }
  }

  /** The peer was not reached. What was only announced or not asked for changes no list. */
  void notReached() {
    if (peer.sought == null && forMessages) {
      context.publisher().notReached(status.id(), null);
    }
  }

  /**
   * Keeps the messages that were sent to the address for the key of its peer from now on. Without a
   * session, also keeps those to the holder of a key from before the node had its store.
   */
  private void bindLoose() {
    if (!isKeeping()) {
      return;
    }
    Fingerprint key = status.key();
    Fingerprint wanted = session.exists() ? null : peer.boundKey();
    if (key != null && (status.takesKept() || session.isBetweenStores())) {
      owner.kept().bind(this, key, any -> true);
    } else if (wanted != null && queue.looseEnd() > 0 && owner.kept().keepsFor(wanted)) {
      owner.kept().bind(this, wanted, message -> wanted.equals(message.key()));
    }
  }

  private boolean isKeeping() {
    MessageKeeper keeper = context.keeper();
    return keeper != null && keeper.isOpen();
  }

  /**
   * Before anybody is dialed for them, messages to an address are bound to the key of its known
   * peer. Those to another peer there, which has no key, are not. Returns whether that is under
   * way.
   */
  private boolean bindsToHolder() {
    boolean forWhoever = !peer.isBound() && peer.seeks() == null;
    long loose = isKeeping() && forWhoever ? queue.looseEnd() : 0;
    if (!binds && loose > unheld) {
      binds = true;
      context.authenticator().trust().whenFresh(() -> bindToHolder(loose));
    }
    return binds;
  }

  private void bindToHolder(long loose) {
    binds = false;
    unheld = loose;
    if (!session.exists()) {
      context
          .authenticator()
          .trust()
          .holder(address())
          .ifPresent(
              holder ->
                  owner
                      .kept()
                      .bind(this, holder.fingerprint(), message -> message.sentTo() != null));
    }
    after(context.executors().now());
  }

  /** Dials again later, as long as something is kept: at first soon, then every five minutes. */
  private boolean waits(long now) {
    if (context.keeper() == null || !queue.hasKept()) {
      return false;
    }
    if (now < keptDue) {
      return true;
    }
    lastTry = now;
    keptDue = now + pause;
    pause = Math.min(2 * pause, LONGEST_PAUSE);
    return false;
  }

  /** The peer accepts kept messages now, or may be found. */
  private void triesAtOnce() {
    keptDue = Long.MIN_VALUE;
    pause = SHORTEST_PAUSE;
  }

  private void begin(long now) {
    if (queue.accepted() == queue.settled() || bindsToHolder() || waits(now)) {
      return;
    }
    boolean secret = peer.isSecret() || peer.isBound() || peer.seeks() != null;
    if (!secret && owner.speaksPlain(now, address())) {
      plainSends.sendNext();
    } else if (secret || !owner.leavesPlain() || !plainSends.sendExit()) {
      session.linesWait(now);
    }
  }

  /**
   * Without a connection, or if the peer reads nothing, {@code exit} ends the session without the
   * peer (PROTOCOL.md section 5).
   */
  private void leaveWithoutConnection(long now) {
    boolean away =
        session.exists() && (session.phase() != SessionPhase.OPEN || session.isStuck(now));
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
      if (last != null) {
        context.exchange().closed(last, peerLeft);
      }
      if (channel == null) {
        closed(now);
      } else {
        open(now, channel);
      }
    }
    if (channel != null) {
      outbound.failUnsendable();
      outbound.writeTo(channel, session);
    }
    if (session.phase() == SessionPhase.IDLE) {
      failContact();
    }
    if (session.phase() == SessionPhase.IDLE && !plainSends.isBusy() && !owner.isStopped()) {
      begin(now);
    }
    schedule(now);
    owner.dropIfUnused(this);
  }

  /** The peer has said {@code exit}. Nothing more is written to it on its connection. */
  void left(long now) {
    session.left(now);
    peerLeft = true;
    if (opened != null) {
      opened.hold(true);
    }
  }

  private void closed(long now) {
    status.closed();
    inbound.closed();
    context.executors().complete(queue::peerIsAway);
    if (session.exists()) {
      lost();
    }
    InetAddress used = ownAddress();
    if (used != null && LocalIdentity.seemsLost(used)) {
      own = null;
      session.moved(now);
    }
  }

  /** A peer cannot fill the queue of events by connections that it ends. */
  private void lost() {
    lostAgain = lossWaits;
    if (!lossWaits) {
      lossWaits =
          context
              .publisher()
              .lost(status, introducer, () -> context.executors().onLoop(this::lossHandled));
    }
  }

  private void lossHandled() {
    lossWaits = false;
    if (lostAgain && opened == null && session.exists()) {
      lost();
    }
  }

  /** Without a key the peer would refuse to resume the session from another address. */
  @Override
  public @Nullable InetAddress ownAddress() {
    return session.exists() && status.key() != null ? own : null;
  }

  @Override
  public void leaveOwnAddress() {
    own = null;
    long now = context.executors().now();
    session.moved(now);
    after(now);
  }

  /** The peer of the session has answered at a dialed address, so its session can go on there. */
  void foundAt(PeerAddress address) {
    if (!session.exists()) {
      return;
    }
    // An address that was dialed for the open connection stays the first.
    if (opened != null && opened.remote().dialed() != null) {
      peer.addresses.answeredToo(address);
    } else {
      peer.addresses.answered(address);
    }
    long now = context.executors().now();
    session.found(now);
    schedule(now);
  }

  /** Discovery says anew where the peer may be. */
  void hinted() {
    if (session.phase() == SessionPhase.IDLE && queue.accepted() > queue.settled()) {
      triesAtOnce();
      after(context.executors().now());
    }
    redialer.hinted(this);
    schedule(context.executors().now());
  }

  /** The node has got its store. A session with another store begins anew. */
  void storeOpened() {
    long now = context.executors().now();
    if (isKeeping() && lacksStore(status.key())) {
      session.moved(now);
    } else {
      bindLoose();
    }
    after(now);
  }

  /**
   * Returns whether the peer of the session has a store, and learned nothing of the one of this
   * node.
   *
   * @param key the key of the peer, or null without encryption
   */
  private boolean lacksStore(@Nullable Fingerprint key) {
    NodeInfo info = session.peer();
    return session.exists()
        && key != null
        && info != null
        && info.stores()
        && !session.hasSaidStore();
  }

  /** Another node with the key of the peer asks for outboxes. */
  void askedElsewhere(List<String> outboxes) {
    long now = context.executors().now();
    session.askedElsewhere(now, outboxes);
    after(now);
  }

  /** Somebody else wants the place of the peer, which is asked for a sign of life. */
  void probe() {
    long now = context.executors().now();
    session.probe(now);
    schedule(now);
  }

  private void open(long now, SessionChannelHandler channel) {
    NodeInfo info = Objects.requireNonNull(session.peer());
    peerLeft = false;
    own = channel.remote().local();
    redialer.succeeded();
    outbound.setPeer(info.limit(), info.exact(), lacksStore(channel.peer()));
    owner.shown(PeerIdentity.of(info.node(), channel), this);
    boolean reconnects = introduce(channel, info);
    contacted(this);
    channel.hold(plainSends.isBusy());
    channel.opened();
    inbound.opened(now, channel);
    channel.send(new Ping(Long.toString(now)));
    context.exchange().opened(channel, info);
    owner.levels().saidHello(address());
    if (reconnects) {
      say(ReservedText.CONNECTION);
    }
    if (owner.isClosing()) {
      sayExit();
    }
    if (isKeeping() && lacksStore(channel.peer())) {
      // This node has got it after its HELLO.
      context.executors().onLoop(this::storeOpened);
    }
  }

  /** Returns whether the peer was restarted, and has to be told that it is connected. */
  private boolean introduce(SessionChannelHandler channel, NodeInfo info) {
    PeerAddress at = channel.remote().sender(info.port());
    status.setAnswered(channel.remote().dialed() != null);
    if (channel.remote().dialed() == null) {
      peer.addresses.claimed(at, !info.brief());
    } else {
      peer.addresses.answered(at);
    }
    Fingerprint key = channel.peer();
    boolean isHolder = owner.placed(this, at, key);
    status.setMayConnect(key != null || context.authenticator().trust().holder(at).isEmpty());
    outbound.opened(key, info.team());
    PeerId id = key == null ? PeerId.at(at) : new PeerId(at, key, info.team());
    boolean keysChange = !context.authenticator().keysBind();
    boolean reconnects =
        context.publisher().opened(status, id, info, isHolder, keysChange, introducer);
    owner.found(this, info);
    if (key != null) {
      owner.kept().carry(key);
    }
    bindLoose();
    return reconnects;
  }

  /** Performs the actions that the session requests. */
  private final class Effects implements SessionEffects {
    @Override
    public void dial() {
      forMessages = outbound.hasLines();
      redialer.dial(PeerEndpoint.this);
    }

    @Override
    public boolean dialNext() {
      return redialer.dialNext();
    }

    @Override
    public void acknowledged(long number) {
      triesAtOnce();
      outbound.acknowledged(number);
    }

    @Override
    public void unknown(long number, String text) {
      String problem =
          "The session with " + address() + " ended before the message was acknowledged: " + text;
      failUnknown(number, problem);
    }

    @Override
    public void refused(long number) {
      String problem = address() + " refused the message; it could not use it";
      failUnknown(number, problem);
      PeerAddress from = address();
      outbound.failKept(number, () -> new DeliveryUnknownException(problem, from, null));
    }

    private void failUnknown(long number, String problem) {
      PeerAddress from = address();
      outbound.fail(number, () -> new DeliveryUnknownException(problem, from, null));
    }

    @Override
    public void unsent(long number, Reason reason, String text) {
      // After an exit of this node too, nothing reopens the peer elsewhere.
      PeerEndpoint other = queue.hasExit() ? null : owner.otherThan(PeerEndpoint.this);
      if (other != null) {
        queue
            .remove(
                (future, reserved) ->
                    future.isForPeer()
                        && !(future instanceof KeptSend kept && kept.isBound())
                        && future.isFor(other.status.key(), other.status.id().team()))
            .forEach(line -> other.move(line.header(), line.text(), line.future()));
      }
      outbound.fail(number, redialer.unsent(address(), reason, text));
    }

    @Override
    public List<String> outboxes() {
      Set<String> outboxes = new LinkedHashSet<>(owner.kept().outboxes(shownKey()));
      String own = keeper().outbox();
      outboxes.remove(own);
      List<String> named = new ArrayList<>(outboxes);
      // A peer answers for no more on one connection. The others go without a question.
      List<String> most = new ArrayList<>(named.subList(0, Math.min(named.size(), MOST_NAMED)));
      most.add(own);
      return most;
    }

    private MessageKeeper keeper() {
      return Objects.requireNonNull(context.keeper());
    }

    private Fingerprint shownKey() {
      SessionChannelHandler channel =
          (SessionChannelHandler) Objects.requireNonNull(session.connection());
      return Objects.requireNonNull(channel.peer());
    }

    @Override
    public boolean stored(List<Stored.Entry> entries) {
      Map<String, Long> numbers = new HashMap<>();
      entries.forEach(entry -> numbers.put(entry.outbox(), entry.number()));
      if (numbers.getOrDefault(keeper().outbox(), 0L) > keeper().lastWritten(shownKey())) {
        return false;
      }
      outbound.delivered(
          queue.told(kept -> kept.number() <= numbers.getOrDefault(kept.outbox(), 0L)));
      return true;
    }

    @Override
    public void asked(SessionConnection from, List<String> outboxes) {
      owner.kept().asked(PeerEndpoint.this, shownKey(), outboxes);
      long bytes = MessageKeeper.askBytes(outboxes);
      uncommitted++;
      inbound.waits(bytes);
      keeper()
          .stored(
              shownKey(),
              outboxes,
              entries -> {
                uncommitted--;
                inbound.committed(bytes);
                session.answer(from, entries);
                after(context.executors().now());
              });
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
        case REACHABLE -> {} // The open connection says so.
        case STALLED -> publisher.stalled(status, inbound);
        case RESET -> reset();
        case GIVEN_UP -> {
          PeerId id = status.id();
          ended();
          publisher.givenUp(id, inbound);
        }
        case ENDED -> ended();
      }
    }

    private void unreachable() {
      if (!session.exists()) {
        notReached();
      }
    }

    /** One event stands for all resets that the listener has not handled yet. */
    private void reset() {
      if (!resetWaits.getAndSet(true)) {
        context.publisher().reset(status, introducer, () -> resetWaits.set(false));
      }
    }

    /** The messages queued until now were for the peer of the ended session. */
    private void ended() {
      status.ended();
      context.publisher().withoutSession(status.id());
      outbound.setPeer(Integer.MAX_VALUE, true, false);
      queue.ended();
      peer.ended();
      Fingerprint key = peer.key;
      owner.unbound(PeerEndpoint.this);
      if (key != null) {
        owner.kept().carry(key);
      }
    }
  }

  /** Sets the timer for the next deadline. */
  void schedule(long now) {
    boolean keeps = session.phase() == SessionPhase.IDLE && queue.accepted() > queue.settled();
    long kept = keeps && keptDue > now ? keptDue : SessionTimeouts.NEVER;
    timer.set(now, Math.min(Math.min(session.nextTick(), inbound.due()), kept));
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
        && uncommitted == 0
        && !binds
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

  /** Returns whether the session is open on this connection. */
  boolean isOpenOn(SessionChannelHandler channel) {
    return opened == channel;
  }

  // ---- stopping

  /** Fails all queued messages. */
  void stop() {
    woken.set(false);
    outbound.keepForLater(true);
    String problem = "The node was closed before the message was ";
    PeerAddress to = address();
    outbound.fail(
        session.writtenTo(),
        () -> new DeliveryUnknownException(problem + "acknowledged", to, null));
    outbound.fail(Long.MAX_VALUE, () -> new NodeClosedException(problem + "sent", to));
  }

  /** Fails everything in progress. Its outcome stays unknown. */
  void close() {
    timer.cancel();
    plainSends.close();
    stop();
  }
}
