package io.p2pchat.internal.peer;

import io.p2pchat.Conversation;
import io.p2pchat.DiscoveredPeer;
import io.p2pchat.Fingerprint;
import io.p2pchat.KnownPeer;
import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import io.p2pchat.Security.Policy;
import io.p2pchat.TrustException;
import io.p2pchat.internal.discovery.ContactResult;
import io.p2pchat.internal.discovery.DialMemory;
import io.p2pchat.internal.discovery.DiscoveredPeers;
import io.p2pchat.internal.discovery.Sought;
import io.p2pchat.internal.keep.MessageKeeper;
import io.p2pchat.internal.net.ConnectionInfo;
import io.p2pchat.internal.net.LocalIdentity;
import io.p2pchat.internal.net.handshake.PeerLevels;
import io.p2pchat.internal.net.session.SessionChannelHandler;
import io.p2pchat.internal.peer.EndpointPeer.Expected;
import io.p2pchat.internal.peer.EndpointPeer.PeerIdentity;
import io.p2pchat.internal.protocol.Bye;
import io.p2pchat.internal.protocol.ChatLine;
import io.p2pchat.internal.protocol.ControlLineParser;
import io.p2pchat.internal.protocol.Greeting;
import io.p2pchat.internal.protocol.Hello;
import io.p2pchat.internal.protocol.Message;
import io.p2pchat.internal.protocol.NodeInfo;
import io.p2pchat.internal.protocol.RawLine;
import io.p2pchat.internal.protocol.ReservedText;
import io.p2pchat.internal.registry.PeerId;
import io.p2pchat.internal.registry.SessionStatus;
import io.p2pchat.internal.security.HostPrefix;
import io.p2pchat.internal.security.PeerClaim;
import io.p2pchat.internal.security.TrustService;
import io.p2pchat.internal.session.EndedSessions;
import io.p2pchat.internal.session.SendQueue;
import io.p2pchat.internal.session.Session;
import io.p2pchat.internal.session.SessionEffects;
import io.p2pchat.internal.session.SessionTimeouts;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints of a node, and the receiver of level-0 messages. The first message to an address or
 * to a key, or the first {@code HELLO} of a node, creates an endpoint. It is dropped when its queue
 * is empty and no session exists. At most one endpoint holds an address: it gets the messages for
 * whoever is there.
 *
 * <p>Methods not marked as thread-safe run on the event loop.
 */
public final class EndpointTable implements EndpointOwner {
  private static final Duration ENDED_KEPT = Duration.ofMinutes(10);

  private final PeerContext context;
  private final RandomGenerator random;
  private final SessionTimeouts timeouts;
  private final EndedSessions endedSessions = new EndedSessions(ENDED_KEPT.toNanos());
  private final PeerLevels levels;
  private final PeerIndex index = new PeerIndex();
  private final OutboundBudget budget;
  private final InboundPeerQuota quota;
  private final Map<PeerAddress, PeerEndpoint> byAddress = new ConcurrentHashMap<>();

  /** The endpoints in a session whose peer is at an address that another endpoint holds. */
  private final Map<PeerAddress, PeerEndpoint> besides = new ConcurrentHashMap<>();

  private final KeyIndex keys = new KeyIndex();

  private final KeptMessages kept;

  /** Where keys change, the endpoints that look for a team at an address. */
  private final Map<TeamAt, PeerEndpoint> seekingTeams = new ConcurrentHashMap<>();

  /** The endpoints that look for a discovered peer. */
  private final Map<Object, PeerEndpoint> seeking = new ConcurrentHashMap<>();

  private final DiscoveredPeers discovered;
  private final DialMemory dials;
  private final Set<PeerEndpoint> endpoints = ConcurrentHashMap.newKeySet();
  private final OwnAddressWatch watch;
  private BooleanSupplier othersEmpty = () -> true;
  private @Nullable Runnable whenEmpty;
  private boolean closing;
  private volatile boolean stopped;

  private record TeamAt(PeerAddress address, String team) {
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof TeamAt that && address.equals(that.address) && team.equals(that.team);
    }

    @Override
    public int hashCode() {
      return 31 * address.hashCode() + team.hashCode();
    }
  }

  /**
   * Creates an empty table.
   *
   * @param discovered where discovery says that peers are
   */
  public EndpointTable(PeerContext context, DiscoveredPeers discovered, RandomGenerator random) {
    this.context = context;
    this.dials = context.exchange().dials();
    this.discovered = discovered;
    this.random = random;
    this.timeouts = SessionTimeouts.of(context.settings());
    this.levels = new PeerLevels(context.settings().maxActivePeers());
    this.budget =
        new OutboundBudget(
            context.settings().outboundBytesInAll(),
            context.settings().maxFrameBytes(),
            context.settings().keptBytesInAll(),
            context.executors());
    this.watch =
        new OwnAddressWatch(
            context.executors(),
            endpoints,
            LocalIdentity::seemsLost,
            own -> !LocalIdentity.isOfThisMachine(own));
    this.quota = new InboundPeerQuota(context.settings().maxConnectionsPerIp());
    this.kept =
        new KeptMessages(
            context,
            keys,
            byAddress::get,
            (peer, expected) -> create(peer, expected, null),
            this::forget);
  }

  /** Returns the endpoint that holds an address, or null. Thread-safe. */
  @Nullable PeerEndpoint at(PeerAddress address) {
    return byAddress.get(address);
  }

  /** Returns the endpoint that holds an address, and creates it if there is none. Thread-safe. */
  PeerEndpoint atOrNew(PeerAddress address) {
    return byAddress.computeIfAbsent(
        address,
        free -> {
          PeerEndpoint endpoint = create(PeerId.at(free), null, null);
          endpoint.held.add(free);
          return endpoint;
        });
  }

  /**
   * Returns the endpoint for the messages to a peer with a key. It looks for the peer if no node of
   * it has a session. Thread-safe.
   */
  PeerEndpoint of(Peer peer, Fingerprint key) {
    PeerEndpoint node = inSession(peer, key);
    if (node != null) {
      return node;
    }
    String team = peer.teamName();
    return keysBind()
        ? keys.seeking(key, team, want -> create(PeerId.of(peer), want, null))
        : seekingTeams.computeIfAbsent(
            new TeamAt(peer.address(), team),
            place -> create(PeerId.of(peer), new Expected(null, team), null));
  }

  /**
   * Returns the endpoint at which the next message to a discovered peer would wait, or null if
   * there is none yet. Thread-safe.
   */
  @Nullable PeerEndpoint existing(DiscoveredPeer peer, Sought sought) {
    PeerEndpoint node = inSession(sought);
    Fingerprint key = peer.known().map(KnownPeer::fingerprint).orElse(null);
    if (node != null || key == null || !keysBind()) {
      return node == null ? seeking.get(sought.id()) : node;
    }
    PeerEndpoint known = keys.inSession(key, null, null);
    return known == null ? keys.seeking(key, null) : known;
  }

  /**
   * Returns the endpoint at which the next message to a peer with a key would wait, or null if
   * there is none yet. Thread-safe.
   */
  @Nullable PeerEndpoint existing(Peer peer, Fingerprint key) {
    PeerEndpoint node = inSession(peer, key);
    if (node != null) {
      return node;
    }
    return keysBind()
        ? keys.seeking(key, peer.teamName())
        : seekingTeams.get(new TeamAt(peer.address(), peer.teamName()));
  }

  private @Nullable PeerEndpoint inSession(Peer peer, Fingerprint key) {
    PeerEndpoint node = keys.inSession(key, peer.teamName(), null);
    return node != null || keysBind() ? node : inSession(peer.address(), peer.teamName(), null);
  }

  /**
   * Returns the endpoint in an encrypted session with a team at an address, or null. That is a peer
   * after a restart, where keys change.
   */
  private @Nullable PeerEndpoint inSession(
      PeerAddress address, String team, @Nullable PeerEndpoint except) {
    PeerEndpoint holder = byAddress.get(address);
    if (holder != null && holder != except && isHere(holder, team)) {
      return holder;
    }
    PeerEndpoint other = besides.get(address);
    return other != null && other != except && isHere(other, team) ? other : null;
  }

  private static boolean isHere(PeerEndpoint endpoint, String team) {
    SessionStatus status = endpoint.status;
    return status.isHere()
        && !status.isBrief()
        && endpoint.peer.key != null
        && team.equals(status.id().team());
  }

  /**
   * Returns the endpoint for the messages to a key, or null if no address of it is known.
   * Thread-safe.
   */
  @Nullable PeerEndpoint of(Fingerprint key) {
    PeerEndpoint node = keys.inSession(key, null, null);
    if (node != null) {
      return node;
    }
    List<PeerAddress> known =
        Stream.of(
                context.publisher().dialable(key, true),
                context.authenticator().trust().addresses(key),
                context.publisher().dialable(key, false),
                discovered.hints(key, 1, any -> true))
            .flatMap(List::stream)
            .toList();
    String team =
        context.authenticator().trust().names(key).stream().findFirst().orElse(Peer.UNKNOWN_TEAM);
    return known.isEmpty()
        ? null
        : keys.seeking(key, null, want -> create(new PeerId(known.get(0), key, team), want, null));
  }

  /**
   * Returns the endpoint for the messages to a discovered peer. It is the one of its session if
   * there is one, or else one that looks for it. Null if there is nowhere to look. Thread-safe.
   */
  @Nullable PeerEndpoint of(DiscoveredPeer peer, Sought sought) {
    Fingerprint key = peer.known().map(KnownPeer::fingerprint).orElse(null);
    PeerEndpoint node = inSession(sought);
    if (node != null && (key == null || key.equals(node.status.key()))) {
      return node;
    }
    if (key != null && keysBind()) {
      PeerEndpoint endpoint = of(key);
      context.executors().onLoop(() -> lookAt(endpoint, sought.addresses()));
      return endpoint;
    }
    return sought.addresses().isEmpty()
        ? null
        : seeking.computeIfAbsent(
            sought.id(), id -> create(PeerId.at(sought.addresses().get(0)), null, sought));
  }

  /** The user wants to reach a peer at these addresses. */
  private void lookAt(@Nullable PeerEndpoint endpoint, List<PeerAddress> announced) {
    dials.forget(announced);
    if (endpoint != null) {
      endpoint.peer.announced = announced;
      endpoint.hinted();
    }
  }

  /** Returns the endpoint whose session is with the peer, and that has proven it, or null. */
  private @Nullable PeerEndpoint inSession(Sought sought) {
    for (PeerEndpoint endpoint : endpoints) {
      NodeInfo info = endpoint.status.peer();
      if (endpoint.status.isHere()
          && info != null
          && sought.node() != null
          && sought.is(info.node(), endpoint.status.key())
          && (sought.hint() != null
              || (endpoint.status.isAnswered()
                  && sought.addresses().contains(endpoint.address())))) {
        return endpoint;
      }
    }
    return null;
  }

  /**
   * Opens a session with whoever is at an address that the user has chosen, though no message
   * waits.
   *
   * @param result receives the end of the dial
   */
  public void contact(PeerAddress address, ContactResult result) {
    if (closing || stopped) {
      result.failed(ContactResult.Failure.OTHER);
    } else if (speaksPlain(context.executors().now(), address)) {
      result.failed(ContactResult.Failure.SILENCE);
    } else {
      atOrNew(address).contact(result);
    }
  }

  /** Returns whether the peer at an address has a session. Thread-safe. */
  public boolean hasSession(PeerAddress address) {
    PeerEndpoint there = byAddress.get(address);
    return there != null && there.status.inSession();
  }

  @Override
  public List<PeerAddress> hints(Fingerprint key, Collection<PeerAddress> known) {
    long now = context.executors().now();
    return discovered.hints(
        key,
        Redialer.MOST_HINTS,
        address -> !known.contains(address) && dials.mayDial(now, address));
  }

  @Override
  public boolean isElsewhere(Fingerprint key, Collection<PeerAddress> known) {
    return discovered.isElsewhere(key, known);
  }

  /** Discovery says anew where these keys may be. */
  public void hinted(Set<Fingerprint> said) {
    for (Fingerprint key : said) {
      keys.all(key).forEach(PeerEndpoint::hinted);
    }
  }

  @Override
  public boolean dialsHint(PeerAddress address) {
    return dials.dial(context.executors().now(), address);
  }

  @Override
  public void silent(PeerAddress address) {
    dials.silent(context.executors().now(), address);
  }

  /** Returns the endpoints of all nodes of a peer with a key that have a session. Thread-safe. */
  List<PeerEndpoint> nodes(PeerId peer) {
    Fingerprint key = peer.key();
    return key == null
        ? List.of()
        : keys.all(key).stream()
            .filter(node -> node.status.isHere() && node.status.id().equals(peer))
            .toList();
  }

  private PeerEndpoint create(PeerId peer, @Nullable Expected expected, @Nullable Sought sought) {
    PeerEndpoint endpoint = new PeerEndpoint(peer, expected, sought, context, this);
    endpoints.add(endpoint);
    context.publisher().attach(endpoint.status);
    return endpoint;
  }

  /** Removes a closed endpoint, so that another may be created. Thread-safe. */
  void forget(PeerEndpoint closed) {
    release(closed);
    unlist(closed, closed.peer.key);
    stopsSeeking(closed);
    Sought sought = closed.peer.sought;
    if (sought != null) {
      seeking.remove(sought.id(), closed);
    }
    endpoints.remove(closed);
    keys.carriesNothing(closed);
    context.publisher().detach(closed.status);
  }

  private void unlist(PeerEndpoint endpoint, @Nullable Fingerprint key) {
    if (key != null) {
      keys.remove(key, endpoint);
    }
  }

  /** An endpoint does not look for its peer any more. */
  private void stopsSeeking(PeerEndpoint endpoint) {
    Expected expected = endpoint.peer.expected;
    endpoint.peer.expected = null;
    if (expected != null && expected.key() == null && expected.team() != null) {
      seekingTeams.remove(new TeamAt(endpoint.address(), expected.team()), endpoint);
    } else if (expected != null && !Objects.equals(expected.key(), endpoint.peer.key)) {
      unlist(endpoint, expected.key());
    }
  }

  private void release(PeerEndpoint endpoint) {
    for (PeerAddress address : endpoint.held) {
      if (byAddress.remove(address, endpoint)) {
        give(address);
      }
    }
    endpoint.held.clear();
  }

  /** Gives a free address to a peer that is there in a session. */
  private void give(PeerAddress address) {
    PeerEndpoint there = besides.get(address);
    if (there != null
        && there.status.inSession()
        && mayHold(address, there.peer.key)
        && byAddress.putIfAbsent(address, there) == null) {
      there.held.add(address);
      besides.remove(address, there);
    }
  }

  /** Returns the number of queued messages, and their bytes. Thread-safe. */
  public long[] waiting() {
    long lines = 0;
    long bytes = 0;
    for (PeerEndpoint endpoint : endpoints) {
      lines += endpoint.outbound.queue.heldLines();
      bytes += endpoint.outbound.queue.heldBytes();
    }
    return new long[] {lines, bytes};
  }

  // ---- services for endpoints

  @Override
  public OutboundBudget budget() {
    return budget;
  }

  @Override
  public Session newSession(HostPrefix host, SendQueue queue, SessionEffects effects) {
    return new Session(timeouts, context::self, queue, effects, endedSessions.of(host), random);
  }

  /** The node has got its store. Sessions with other stores begin anew. */
  void storeOpened() {
    List.copyOf(endpoints).forEach(PeerEndpoint::storeOpened);
  }

  /** Returns an address of a key, or null if none is known. Thread-safe. */
  @Nullable PeerAddress addressOf(Fingerprint key) {
    PeerEndpoint endpoint = of(key);
    return endpoint == null ? null : endpoint.address();
  }

  @Override
  public KeptMessages kept() {
    return kept;
  }

  @Override
  public PeerLevels levels() {
    return levels;
  }

  /** Returns the endpoints by the identity of their peers. */
  PeerIndex index() {
    return index;
  }

  @Override
  public @Nullable PeerEndpoint find(PeerIdentity identity) {
    return index.find(identity);
  }

  @Override
  public void shown(PeerIdentity identity, PeerEndpoint endpoint) {
    index.add(identity, endpoint);
  }

  @Override
  public boolean speaksPlain(long now, PeerAddress address) {
    return levels.isPlain(now, address) && !context.authenticator().trust().isPinned(address);
  }

  /** Returns whether a message for a peer is for its key. Thread-safe. */
  boolean keysBind() {
    return context.authenticator().keysBind();
  }

  @Override
  public boolean placed(PeerEndpoint endpoint, PeerAddress at, @Nullable Fingerprint key) {
    if (!Objects.equals(endpoint.peer.key, key)) {
      unlist(endpoint, endpoint.peer.key);
    }
    endpoint.peer.key = key;
    if (endpoint.peer.sought != null) {
      seeking.remove(endpoint.peer.sought.id(), endpoint);
    }
    if (key != null) {
      keys.add(key, endpoint);
      watch.begin();
    }
    stopsSeeking(endpoint);
    boolean mayHold = mayHold(at, key);
    if (!mayHold || !at.equals(endpoint.address())) {
      List<PeerAddress> released = List.copyOf(endpoint.held);
      release(endpoint);
      released.forEach(address -> failWhatIsForAnother(endpoint, address, key));
    }
    PeerEndpoint there = mayHold ? byAddress.putIfAbsent(at, endpoint) : null;
    besides.remove(endpoint.address(), endpoint);
    if (mayHold && there == null) {
      endpoint.held.add(at);
    } else if (mayHold && there != endpoint) {
      besides.put(at, endpoint);
    }
    if (mayHold && key != null) {
      kept.failAcceptedAt(at, key);
    }
    return mayHold && (there == null || there == endpoint);
  }

  /** What was sent to whoever is at an address is not for a peer that must not hold it. */
  private void failWhatIsForAnother(
      PeerEndpoint endpoint, PeerAddress address, @Nullable Fingerprint key) {
    NodeInfo peer = endpoint.session.peer();
    TrustException changed =
        mayHold(address, key)
            ? null
            : context
                .authenticator()
                .trust()
                .changedHands(address, key, peer == null ? null : peer.team());
    if (changed != null) {
      endpoint.outbound.failBare(() -> Redialer.again(changed));
    }
  }

  /** Returns whether the known peer of an address, if there is one, has this key. */
  boolean mayHold(PeerAddress address, @Nullable Fingerprint key) {
    return context
        .authenticator()
        .trust()
        .holder(address)
        .map(holder -> holder.fingerprint().equals(key))
        .orElse(true);
  }

  @Override
  public void replaced(PeerEndpoint endpoint, PeerAddress at) {
    if (!endpoint.held.remove(at) || !byAddress.remove(at, endpoint)) {
      return;
    }
    if (!endpoint.held.isEmpty()) {
      // What was sent to the other addresses of the peer cannot be told from what was sent here.
      return;
    }
    for (SendQueue.RemovedLine line :
        endpoint.outbound.queue.remove((future, reserved) -> !future.isForPeer())) {
      atOrNew(at).move(line.header(), line.text(), line.future());
    }
  }

  @Override
  public void unbound(PeerEndpoint endpoint) {
    Fingerprint key = endpoint.peer.key;
    if (key != null && endpoint.outbound.queue.key() == null) {
      keys.remove(key, endpoint);
      synchronized (keys.lock(key)) {
        if (!endpoint.outbound.queue.hasKept()) {
          keys.carriesNot(key, endpoint);
        }
      }
      endpoint.peer.key = null;
      context.publisher().unbound(endpoint.status);
    }
  }

  @Override
  public @Nullable PeerEndpoint otherThan(PeerEndpoint endpoint) {
    Fingerprint key = endpoint.peer.boundKey();
    String team = endpoint.peer.teamOfKeyed();
    PeerEndpoint other = key == null ? null : keys.inSession(key, team, endpoint);
    return other != null || team == null || keysBind()
        ? other
        : inSession(endpoint.address(), team, endpoint);
  }

  /** Moves the messages queued at one endpoint to the known peer. */
  @Override
  public void alias(PeerEndpoint from, PeerEndpoint known, PeerAddress answered) {
    known.foundAt(answered);
    join(from, known);
    record(known, answered);
  }

  /** Records an address at which the peer of a session has proven its key, against claims of it. */
  private void record(PeerEndpoint known, PeerAddress answered) {
    TrustService trust = context.authenticator().trust();
    Fingerprint key = known.peer.key;
    NodeInfo info = known.session.peer();
    if (key != null && info != null && trust.judges() && !trust.isVerifying()) {
      trust.admit(
          new PeerClaim(info.team(), answered, key, info.temporaryKey(), info.brief()),
          decision -> {});
    }
  }

  @Override
  public void found(PeerEndpoint known, NodeInfo peer) {
    Fingerprint key = known.peer.key;
    if (key == null || peer.brief()) {
      return;
    }
    PeerEndpoint there = seekingTeams.get(new TeamAt(known.address(), peer.team()));
    if (there != null && there != known && there.session.givesUpContact()) {
      join(there, known);
    }
    for (PeerEndpoint seeking : keys.all(key)) {
      if (peer.takesNone() && seeking.outbound.queue.hasKept()) {
        continue;
      }
      Expected expected = seeking.peer.expected;
      if (seeking != known
          && expected != null
          && expected.fits(peer.team())
          && seeking.session.givesUpContact()) {
        join(seeking, known);
      }
    }
  }

  private void join(PeerEndpoint from, PeerEndpoint known) {
    SendQueue queue = from.outbound.queue;
    // A concurrent sender blocks, then finds the queue closed and uses the peer's. So the order
    // stays.
    synchronized (carrierOf(known)) {
      synchronized (queue) {
        for (SendQueue.DequeuedLine t = from.outbound.remove();
            t != null;
            t = from.outbound.remove()) {
          SendQueue.DequeuedLine moved = t;
          t.settled().forEach(future -> known.move(moved.header(), moved.text(), future));
        }
        queue.close();
        carriedBy(from, known);
        for (PeerAddress address : from.held) {
          byAddress.put(address, known);
          known.held.add(address);
        }
        from.held.clear();
      }
    }
    drop(from);
    context.executors().complete(from.outbound::becomeWritable);
  }

  private Object carrierOf(PeerEndpoint known) {
    Fingerprint key = known.peer.key;
    return context.keeper() == null || key == null ? known : keys.lock(key);
  }

  private void carriedBy(PeerEndpoint from, PeerEndpoint known) {
    Fingerprint key = known.peer.key;
    if (key != null && keys.carrier(key) == from) {
      keys.carries(key, known);
    }
  }

  @Override
  public void dropIfUnused(PeerEndpoint endpoint) {
    if (endpoint.isUnused()) {
      drop(endpoint);
      endpoint.close();
      checkEmpty();
    }
  }

  private void drop(PeerEndpoint endpoint) {
    forget(endpoint);
    besides.remove(endpoint.address(), endpoint);
    index.remove(endpoint);
    quota.leave(endpoint);
    endpoint.outbound.leave();
  }

  @Override
  public boolean leavesPlain() {
    return closing && context.authenticator().policy() != Policy.REQUIRED;
  }

  @Override
  public boolean isClosing() {
    return closing;
  }

  @Override
  public boolean isStopped() {
    return stopped;
  }

  // ---- input from connections

  /** A level-0 message arrived. */
  @Override
  public void received(Message message, ConnectionInfo connection) {
    if (message instanceof RawLine line && isLateGreeting(line, connection)) {
      return;
    }
    context.counters().linesReceived.increment();
    if (message instanceof ChatLine line && !context.identity().isSender(connection, line.port())) {
      received(line, connection);
    } else if (message instanceof ChatLine line) {
      context.publisher().receivedRaw(line.text(), connection);
    } else {
      context.publisher().receivedRaw(((RawLine) message).text(), connection);
    }
  }

  private void received(ChatLine line, ConnectionInfo connection) {
    PeerAddress sender = connection.sender(line.port());
    TrustService trust = context.authenticator().trust();
    TrustException refusal = trust.refusesPlain(line.team(), sender);
    PeerEndpoint endpoint = byAddress.get(sender);
    if (refusal != null) {
      context.publisher().refused(sender, refusal, connection.source());
    } else if (context.publisher().isInSession(PeerId.at(sender))
        || isInSession(endpoint)
        || isInSession(besides.get(sender))
        || holderInSession(sender) != null) {
      // A peer with a session sends nothing outside it, even while the session has no connection.
      context.publisher().receivedRaw(line.text(), connection);
    } else {
      if (line.reserved() != ReservedText.EXIT) {
        levels.saidPlain(sender);
      }
      MessageKeeper keeper = context.keeper();
      if (keeper != null && line.reserved() == null) {
        keeper.received(
            Conversation.of(sender), line.text(), new MessageKeeper.Sender(line.team(), sender));
      }
      context
          .publisher()
          .received(sender, line, connection.source(), trust.holder(sender).isEmpty());
    }
  }

  /** Returns the known peer of an address if it has a session, wherever that is, or null. */
  @Nullable KnownPeer holderInSession(PeerAddress address) {
    return context
        .authenticator()
        .trust()
        .holder(address)
        .filter(known -> isInSession(known.fingerprint()))
        .orElse(null);
  }

  private static boolean isInSession(@Nullable PeerEndpoint endpoint) {
    return endpoint != null && endpoint.peer.hasSession();
  }

  private boolean isInSession(Fingerprint key) {
    return keys.all(key).stream().anyMatch(endpoint -> endpoint.peer.hasSession());
  }

  /**
   * Returns whether this is a greeting that comes after level 0 was chosen. If so, the next message
   * opens a session.
   */
  private boolean isLateGreeting(RawLine line, ConnectionInfo connection) {
    PeerAddress dialed = connection.dialed();
    if (dialed != null && ControlLineParser.parse(line.text()) instanceof Greeting) {
      levels.greeted(dialed);
      return true;
    }
    return false;
  }

  /** A level-0 connection violated the protocol and is closing. */
  @Override
  public void violated(String description, ConnectionInfo connection) {
    context.publisher().violated(description, connection);
  }

  @Override
  public void unencrypted(ConnectionInfo connection) {
    context.publisher().unencrypted(connection);
  }

  /** An admitted node that has no endpoint requests a session. */
  void hello(SessionChannelHandler channel, Hello hello, PeerAddress address) {
    Fingerprint key = channel.peer();
    if (endpoints.size() >= context.settings().maxConnections()
        || !quota.hasRoom(channel.ip())
        || (key != null && !keys.hasRoom(key))) {
      channel.refuse(Bye.Reason.BUSY);
      return;
    }
    PeerEndpoint endpoint = create(PeerId.at(address), null, null);
    quota.enter(endpoint);
    endpoint.take(channel).hello(hello);
  }

  /**
   * Returns the endpoint whose place another node takes that claims an address, or null if the node
   * is a peer of its own (PROTOCOL.md section 5).
   */
  @Nullable PeerEndpoint placeOf(SessionChannelHandler channel, Hello hello, PeerAddress address) {
    Fingerprint key = channel.peer();
    if (key != null) {
      for (PeerEndpoint node : keys.all(key)) {
        if (node.peer.hasSession() && node.address().equals(address)) {
          return node;
        }
      }
    }
    PeerEndpoint there = byAddress.get(address);
    if (there == null || !mayHold(address, key)) {
      return null;
    }
    if (!there.peer.hasSession()) {
      return there.peer.isFree() ? there : null;
    }
    if (!there.address().equals(address)) {
      // An alias. Whoever says HELLO there is not the peer that had answered.
      there.held.remove(address);
      byAddress.remove(address, there);
      return null;
    }
    boolean plain = key == null && there.peer.key == null;
    return plain || there.peer.isRestartedAs(hello.from()) ? there : null;
  }

  // ---- closing

  /**
   * Starts closing. Says {@code exit} in all sessions, also in those that open later. Peers without
   * a session get it at level 0.
   */
  void beginClosing() {
    closing = true;
    endpoints.forEach(endpoint -> endpoint.outbound.keepForLater(false));
    List.copyOf(endpoints).stream()
        .filter(endpoint -> endpoint.peer.hasSession())
        .forEach(PeerEndpoint::sayExit);
  }

  /**
   * Calls {@code action} once, when no message is queued and no session exists.
   *
   * @param othersAreEmpty whether no message is queued elsewhere; {@link #checkEmpty} asks again
   */
  void whenEmpty(BooleanSupplier othersAreEmpty, Runnable action) {
    othersEmpty = othersAreEmpty;
    whenEmpty = action;
    checkEmpty();
  }

  /** Something may have become empty. */
  public void checkEmpty() {
    if (whenEmpty != null && endpoints.isEmpty() && othersEmpty.getAsBoolean()) {
      whenEmpty.run();
      whenEmpty = null;
    }
  }

  /** Fails all queued messages, and all later ones. */
  void stop() {
    stopped = true;
    List.copyOf(endpoints).forEach(PeerEndpoint::stop);
  }

  /** Fails everything in progress. */
  public void close() {
    watch.end();
    List.copyOf(endpoints).forEach(PeerEndpoint::close);
  }
}
