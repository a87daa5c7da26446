package io.p2pchat.internal.node;

import io.p2pchat.NodeClosedException;
import io.p2pchat.NodeSettings;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerNodeException;
import io.p2pchat.Security.Policy;
import io.p2pchat.internal.event.HandOver;
import io.p2pchat.internal.message.Bye;
import io.p2pchat.internal.message.Hello;
import io.p2pchat.internal.message.ReservedText;
import io.p2pchat.internal.peers.PeerLink;
import io.p2pchat.internal.session.EndedSessions;
import io.p2pchat.internal.session.SendQueue;
import io.p2pchat.internal.session.Times;
import io.p2pchat.internal.transport.Counters;
import io.p2pchat.internal.transport.Dialer;
import io.p2pchat.internal.transport.SessionHandler;
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
final class Contacts {
  private static final Duration ENDED_KEPT = Duration.ofMinutes(10);

  final Tasks tasks;
  final NodeSettings settings;
  final HandOver handOver;
  final Counters counters;
  final PeerTracker peers;
  final Self self;
  final Sender sender;
  final Times times;
  final EndedSessions endedSessions = new EndedSessions(ENDED_KEPT.toNanos());
  final RandomGenerator random;
  final PlainPeers plainPeers;
  final NodeSecurity security;
  final Acquaintances acquaintances = new Acquaintances();
  private final Guests guests;
  private final Map<PeerAddress, Contact> contacts = new ConcurrentHashMap<>();
  private @Nullable Dialer dialer;
  private @Nullable Lookups lookups;
  private @Nullable Runnable whenEmpty;
  private boolean closing;
  private volatile boolean stopped;

  /** Makes an empty set. */
  Contacts(
      Tasks tasks,
      NodeSettings settings,
      HandOver handOver,
      Counters counters,
      PeerTracker peers,
      Self self,
      NodeSecurity security,
      RandomGenerator random) {
    this.tasks = tasks;
    this.settings = settings;
    this.handOver = handOver;
    this.counters = counters;
    this.peers = peers;
    this.self = self;
    this.security = security;
    this.sender = new Sender(this);
    this.random = random;
    this.times = Times.of(settings);
    this.plainPeers = new PlainPeers(settings.maxActivePeers());
    this.guests = new Guests(settings.maxConnectionsPerIp());
  }

  void setDialer(Dialer newDialer) {
    dialer = newDialer;
  }

  void setLookups(Lookups newLookups) {
    lookups = newLookups;
  }

  Dialer dialer() {
    return Objects.requireNonNull(dialer, "not accepting yet");
  }

  /** What waits for the addresses of host names. Thread-safe. */
  Lookups lookups() {
    return Objects.requireNonNull(lookups, "not accepting yet");
  }

  /** The contact with an address, or null. Thread-safe. */
  @Nullable Contact at(PeerAddress address) {
    return contacts.get(address);
  }

  /** The contact with an address, which is made if there is none. Thread-safe. */
  Contact atOrNew(PeerAddress address, InetAddress ip) {
    return contacts.computeIfAbsent(address, key -> new Contact(key, ip, this));
  }

  /**
   * Another contact may be made for the address: this one takes no messages any more. Thread-safe.
   */
  void forget(PeerAddress address, Contact closed) {
    contacts.remove(address, closed);
  }

  /** What others may see of the session with an address, or null. Thread-safe. */
  @Nullable PeerLink find(PeerAddress address) {
    Contact contact = contacts.get(address);
    return contact == null ? null : contact.view;
  }

  /** How many messages wait, and how many bytes they have. Thread-safe. */
  long[] waiting() {
    long lines = 0;
    long bytes = 0;
    for (Contact contact : contacts.values()) {
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
  void alias(Contact from, Contact known) {
    SendQueue queue = from.outbox.queue;
    // Who sends meanwhile waits, finds the queue closed, and then the peer: so the order stays.
    synchronized (queue) {
      for (SendQueue.Taken t = queue.take(); t != null; t = queue.take()) {
        SendQueue.Taken moved = t;
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
  void dropIfUnused(Contact contact) {
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
  void hello(SessionHandler link, Hello hello, PeerAddress address) {
    Contact contact = contacts.get(address);
    InetAddress ip = link.remote().socket().getAddress();
    if (contact == null && (contacts.size() >= settings.maxConnections() || !guests.hasRoom(ip))) {
      link.refuse(Bye.Reason.BUSY);
      return;
    }
    Contact host = atOrNew(address, ip);
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
  void sayExit(Stream<PeerAddress> connected) {
    closing = true;
    Stream<PeerAddress> inSession =
        contacts.values().stream().filter(Contact::hasSession).map(contact -> contact.address);
    Stream.concat(connected, inSession).distinct().forEach(this::sayExit);
  }

  void sayExit(PeerAddress peer) {
    sender.send(peer, Encoded.of(ReservedText.EXIT.text()), new CompletableFuture<>());
  }

  /** Whether the node is closing, or closed. */
  boolean isClosing() {
    return closing;
  }

  /** Calls {@code action} once, when nothing waits any more and no session exists. */
  void whenEmpty(Runnable action) {
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
  void stop() {
    stopped = true;
    lookups().stop();
    List.copyOf(contacts.values()).forEach(Contact::stop);
  }

  /** Fails all that is still under way. */
  void close() {
    List.copyOf(contacts.values()).forEach(Contact::close);
  }

  /** What fails that comes too late. Thread-safe. */
  PeerNodeException closed() {
    return new NodeClosedException("The node is closed", null);
  }
}
