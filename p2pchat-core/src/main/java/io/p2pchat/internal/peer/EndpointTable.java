package io.p2pchat.internal.peer;

import io.p2pchat.NodeClosedException;
import io.p2pchat.NodeSettings;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerNodeException;
import io.p2pchat.Security.Policy;
import io.p2pchat.internal.event.EventDispatcher;
import io.p2pchat.internal.net.NodeCounters;
import io.p2pchat.internal.net.handshake.Dialer;
import io.p2pchat.internal.net.session.SessionChannelHandler;
import io.p2pchat.internal.protocol.Bye;
import io.p2pchat.internal.protocol.Hello;
import io.p2pchat.internal.protocol.ReservedText;
import io.p2pchat.internal.session.EndedSessions;
import io.p2pchat.internal.session.SendQueue;
import io.p2pchat.internal.session.SessionTimeouts;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The contacts of a node, by address. A contact is made with the first message to an address or the
 * first {@code HELLO} from it, and dropped when nothing waits and no session exists.
 *
 * <p>What is not said to be thread-safe runs on the event loop.
 */
public final class EndpointTable {
  private static final Duration ENDED_KEPT = Duration.ofMinutes(10);

  final NodeExecutors tasks;
  final NodeSettings settings;
  final EventDispatcher handOver;
  final NodeCounters counters;
  final PeerEventPublisher peers;
  final LocalIdentity self;
  public final MessageRouter sender;
  final SessionTimeouts times;
  final EndedSessions endedSessions = new EndedSessions(ENDED_KEPT.toNanos());
  final RandomGenerator random;
  final PlainPeerCache plainPeers;
  final NodeSecurity security;
  final PeerIndex acquaintances = new PeerIndex();
  private final InboundPeerQuota guests;
  private final Map<PeerAddress, PeerEndpoint> contacts = new ConcurrentHashMap<>();
  private @Nullable Dialer dialer;
  private @Nullable HostNameQueue lookups;
  private @Nullable Runnable whenEmpty;
  private boolean closing;
  private volatile boolean stopped;

  /** Makes an empty set. */
  public EndpointTable(
      NodeExecutors tasks,
      NodeSettings settings,
      EventDispatcher handOver,
      NodeCounters counters,
      PeerEventPublisher peers,
      LocalIdentity self,
      NodeSecurity security,
      RandomGenerator random) {
    this.tasks = tasks;
    this.settings = settings;
    this.handOver = handOver;
    this.counters = counters;
    this.peers = peers;
    this.self = self;
    this.security = security;
    this.sender = new MessageRouter(this);
    this.random = random;
    this.times = SessionTimeouts.of(settings);
    this.plainPeers = new PlainPeerCache(settings.maxActivePeers());
    this.guests = new InboundPeerQuota(settings.maxConnectionsPerIp());
  }

  public void setDialer(Dialer newDialer) {
    dialer = newDialer;
  }

  public void setLookups(HostNameQueue newLookups) {
    lookups = newLookups;
  }

  Dialer dialer() {
    return Objects.requireNonNull(dialer, "not accepting yet");
  }

  /** What waits for the addresses of host names. Thread-safe. */
  HostNameQueue lookups() {
    return Objects.requireNonNull(lookups, "not accepting yet");
  }

  /** The contact with an address, or null. Thread-safe. */
  @Nullable PeerEndpoint at(PeerAddress address) {
    return contacts.get(address);
  }

  /** The contact with an address, which is made if there is none. Thread-safe. */
  PeerEndpoint atOrNew(PeerAddress address, InetAddress ip) {
    return contacts.computeIfAbsent(address, key -> new PeerEndpoint(key, ip, this));
  }

  /**
   * Another contact may be made for the address: this one takes no messages any more. Thread-safe.
   */
  void forget(PeerAddress address, PeerEndpoint closed) {
    contacts.remove(address, closed);
  }

  /** What others may see of the session with an address, or null. Thread-safe. */
  public @Nullable SessionStatus find(PeerAddress address) {
    PeerEndpoint contact = contacts.get(address);
    return contact == null ? null : contact.view;
  }

  /** How many messages wait, and how many bytes they have. Thread-safe. */
  public long[] waiting() {
    long lines = 0;
    long bytes = 0;
    for (PeerEndpoint contact : contacts.values()) {
      lines += contact.outbox.queue.heldLines();
      bytes += contact.outbox.queue.heldBytes();
    }
    return new long[] {lines, bytes};
  }

  boolean isStopped() {
    return stopped;
  }

  /** Whether messages to this address go at level 0 without asking. */
  boolean speaksPlain(long now, PeerAddress address) {
    // There is no time to find out when the node is closing.
    return (closing && security.encryption().policy() != Policy.REQUIRED)
        || (plainPeers.contains(now, address) && !security.gate().isPinned(address));
  }

  /** An address turned out to be another one of a known peer: what waits there goes to the peer. */
  void alias(PeerEndpoint from, PeerEndpoint known) {
    SendQueue queue = from.outbox.queue;
    // Who sends meanwhile waits, finds the queue closed, and then the peer: so the order stays.
    synchronized (queue) {
      for (SendQueue.DequeuedLine t = queue.take(); t != null; t = queue.take()) {
        SendQueue.DequeuedLine moved = t;
        queue.release(t.settled());
        t.settled().forEach(future -> sender.move(moved, future, known));
      }
      queue.close();
      contacts.put(from.address, known);
    }
    known.addresses.add(from.address);
    acquaintances.forget(from);
    guests.leave(from);
    tasks.complete(from.outbox::becomeWritable);
  }

  /** Drops a contact with which nothing is under way. */
  void dropIfUnused(PeerEndpoint contact) {
    if (contact.isUnused()) {
      contact.addresses.forEach(address -> contacts.remove(address, contact));
      acquaintances.forget(contact);
      guests.leave(contact);
      contact.close();
      checkEmpty();
    }
  }

  // ---- what connections receive

  /** A dialer that has said who it is wants a session. */
  void hello(SessionChannelHandler link, Hello hello, PeerAddress address) {
    PeerEndpoint contact = contacts.get(address);
    InetAddress ip = link.remote().socket().getAddress();
    if (contact == null && (contacts.size() >= settings.maxConnections() || !guests.hasRoom(ip))) {
      link.refuse(Bye.Reason.BUSY);
      return;
    }
    PeerEndpoint host = atOrNew(address, ip);
    if (contact == null) {
      guests.enter(host);
    }
    host.traffic.hello(link, hello);
  }

  // ---- the end

  /**
   * Says {@code exit} to the connected peers and in all sessions, those that open later included.
   * From now on messages to peers without a session go at level 0.
   */
  public void sayExit(Stream<PeerAddress> connected) {
    closing = true;
    Stream<PeerAddress> inSession =
        contacts.values().stream().filter(PeerEndpoint::hasSession).map(contact -> contact.address);
    Stream.concat(connected, inSession).distinct().forEach(this::sayExit);
  }

  void sayExit(PeerAddress peer) {
    sender.send(peer, EncodedText.of(ReservedText.EXIT.text()), new CompletableFuture<>());
  }

  /** Whether the node is closing, or closed. */
  boolean isClosing() {
    return closing;
  }

  /** Calls {@code action} once, when nothing waits any more and no session exists. */
  public void whenEmpty(Runnable action) {
    whenEmpty = action;
    checkEmpty();
  }

  void checkEmpty() {
    if (whenEmpty != null && contacts.isEmpty() && lookups().isEmpty()) {
      whenEmpty.run();
      whenEmpty = null;
    }
  }

  /** Fails all that waits, and from now on whatever is sent. */
  public void stop() {
    stopped = true;
    lookups().stop();
    List.copyOf(contacts.values()).forEach(PeerEndpoint::stop);
  }

  /** Fails all that is still under way. */
  public void close() {
    List.copyOf(contacts.values()).forEach(PeerEndpoint::close);
  }

  /** What fails that comes too late. Thread-safe. */
  public PeerNodeException closed() {
    return new NodeClosedException("The node is closed", null);
  }
}
