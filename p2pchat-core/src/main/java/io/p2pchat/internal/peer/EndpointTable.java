package io.p2pchat.internal.peer;

import io.p2pchat.PeerAddress;
import io.p2pchat.Security.Policy;
import io.p2pchat.TrustException;
import io.p2pchat.internal.net.ConnectionInfo;
import io.p2pchat.internal.net.handshake.PeerLevels;
import io.p2pchat.internal.net.session.SessionChannelHandler;
import io.p2pchat.internal.protocol.Bye;
import io.p2pchat.internal.protocol.ChatLine;
import io.p2pchat.internal.protocol.ControlLineParser;
import io.p2pchat.internal.protocol.Greeting;
import io.p2pchat.internal.protocol.Hello;
import io.p2pchat.internal.protocol.Message;
import io.p2pchat.internal.protocol.RawLine;
import io.p2pchat.internal.protocol.ReservedText;
import io.p2pchat.internal.security.HostPrefix;
import io.p2pchat.internal.session.EndedSessions;
import io.p2pchat.internal.session.SendQueue;
import io.p2pchat.internal.session.Session;
import io.p2pchat.internal.session.SessionEffects;
import io.p2pchat.internal.session.SessionTimeouts;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints of a node by address, and the receiver of level-0 messages. The first message to an
 * address, or the first {@code HELLO} from it, creates an endpoint. It is dropped when its queue is
 * empty and no session exists.
 *
 * <p>Methods not marked as thread-safe run on the event loop.
 */
public final class EndpointTable implements PeerEndpoint.Owner {
  private static final Duration ENDED_KEPT = Duration.ofMinutes(10);

  private final PeerContext context;
  private final RandomGenerator random;
  private final SessionTimeouts timeouts;
  private final EndedSessions endedSessions = new EndedSessions(ENDED_KEPT.toNanos());
  private final PeerLevels levels;
  private final PeerIndex index = new PeerIndex();
  private final OutboundBudget budget;
  private final InboundPeerQuota quota;
  private final Map<PeerAddress, PeerEndpoint> endpoints = new ConcurrentHashMap<>();
  private BooleanSupplier othersEmpty = () -> true;
  private @Nullable Runnable whenEmpty;
  private boolean closing;
  private volatile boolean stopped;

  /** Creates an empty table. */
  public EndpointTable(PeerContext context, RandomGenerator random) {
    this.context = context;
    this.random = random;
    this.timeouts = SessionTimeouts.of(context.settings());
    this.levels = new PeerLevels(context.settings().maxActivePeers());
    this.budget =
        new OutboundBudget(
            context.settings().outboundBytesInAll(),
            context.settings().maxFrameBytes(),
            context.executors());
    this.quota = new InboundPeerQuota(context.settings().maxConnectionsPerIp());
  }

  /** Returns the endpoint at an address, or null. Thread-safe. */
  @Nullable PeerEndpoint at(PeerAddress address) {
    return endpoints.get(address);
  }

  /** Returns the endpoint at an address, and creates it if there is none. Thread-safe. */
  PeerEndpoint atOrNew(PeerAddress address, InetAddress ip) {
    return endpoints.computeIfAbsent(
        address,
        key -> {
          PeerEndpoint endpoint = new PeerEndpoint(key, ip, context, this);
          context.publisher().attach(key, endpoint.status);
          return endpoint;
        });
  }

  /** Removes a closed endpoint, so that another may be created for the address. Thread-safe. */
  void forget(PeerAddress address, PeerEndpoint closed) {
    endpoints.remove(address, closed);
    context.publisher().detach(address, closed.status);
  }

  /** Returns the number of queued messages, and their bytes. Thread-safe. */
  public long[] waiting() {
    long lines = 0;
    long bytes = 0;
    for (PeerEndpoint endpoint : endpoints.values()) {
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
  public Session newSession(InetAddress ip, SendQueue queue, SessionEffects effects) {
    return new Session(
        timeouts,
        context.identity().info(),
        queue,
        effects,
        endedSessions.of(HostPrefix.of(ip)),
        random);
  }

  @Override
  public PeerLevels levels() {
    return levels;
  }

  @Override
  public PeerIndex index() {
    return index;
  }

  @Override
  public boolean speaksPlain(long now, PeerAddress address) {
    return levels.isPlain(now, address) && !context.authenticator().trust().isPinned(address);
  }

  /** Moves the messages queued at the address to the known peer. */
  @Override
  public void alias(PeerEndpoint from, PeerEndpoint known) {
    SendQueue queue = from.outbound.queue;
    // A concurrent sender blocks, then finds the queue closed and uses the peer's. So the order
    // stays.
    synchronized (queue) {
      for (SendQueue.DequeuedLine t = from.outbound.remove();
          t != null;
          t = from.outbound.remove()) {
        SendQueue.DequeuedLine moved = t;
        t.settled().forEach(future -> known.move(moved, future));
      }
      queue.close();
      endpoints.put(from.address, known);
    }
    context.publisher().attach(from.address, known.status);
    known.addresses.add(from.address);
    index.remove(from);
    quota.leave(from);
    from.outbound.leave();
    context.executors().complete(from.outbound::becomeWritable);
  }

  @Override
  public void dropIfUnused(PeerEndpoint endpoint) {
    if (endpoint.isUnused()) {
      endpoint.addresses.forEach(address -> forget(address, endpoint));
      index.remove(endpoint);
      quota.leave(endpoint);
      endpoint.outbound.leave();
      endpoint.close();
      checkEmpty();
    }
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
    PeerAuthenticator authenticator = context.authenticator();
    TrustException refusal = authenticator.trust().refusesPlainLine(line.team(), sender);
    PeerEndpoint endpoint = endpoints.get(sender);
    if (refusal != null) {
      context.publisher().refused(sender, refusal, connection.source());
    } else if ((endpoint != null && endpoint.hasSession())
        || authenticator.trust().isPinned(sender)) {
      // A peer with a session sends nothing outside it, even while the session has no connection.
      context.publisher().receivedRaw(line.text(), connection);
    } else {
      if (line.reserved() != ReservedText.EXIT) {
        levels.saidPlain(sender);
      }
      context.publisher().received(sender, line, connection.source());
    }
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

  /** An admitted dialer requests a session. There may be no endpoint at its address yet. */
  void hello(SessionChannelHandler channel, Hello hello, PeerAddress address) {
    PeerEndpoint known = endpoints.get(address);
    if (known == null
        && (endpoints.size() >= context.settings().maxConnections()
            || !quota.hasRoom(channel.ip()))) {
      channel.refuse(Bye.Reason.BUSY);
      return;
    }
    PeerEndpoint endpoint = atOrNew(address, channel.ip());
    if (known == null) {
      quota.enter(endpoint);
    }
    endpoint.take(channel).hello(hello);
  }

  // ---- closing

  /**
   * Starts closing. Each session that opens sends {@code exit}. Peers without a session get it at
   * level 0.
   *
   * @return the addresses of all sessions
   */
  Stream<PeerAddress> beginClosing() {
    closing = true;
    return endpoints.values().stream()
        .filter(PeerEndpoint::hasSession)
        .map(endpoint -> endpoint.address);
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
    List.copyOf(endpoints.values()).forEach(PeerEndpoint::stop);
  }

  /** Fails everything in progress. */
  public void close() {
    List.copyOf(endpoints.values()).forEach(PeerEndpoint::close);
  }
}
