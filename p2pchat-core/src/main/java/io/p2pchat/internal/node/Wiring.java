package io.p2pchat.internal.node;

import io.netty.channel.EventLoop;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.channel.nio.NioIoHandler;
import io.p2pchat.IpRange;
import io.p2pchat.NodeSettings;
import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerListener;
import io.p2pchat.Security;
import io.p2pchat.internal.event.Account;
import io.p2pchat.internal.event.HandOver;
import io.p2pchat.internal.message.Ids;
import io.p2pchat.internal.message.Introduction;
import io.p2pchat.internal.peers.PeerLink;
import io.p2pchat.internal.peers.PeerRegistry;
import io.p2pchat.internal.transport.Connections;
import io.p2pchat.internal.transport.Counters;
import io.p2pchat.internal.transport.HostResolver;
import io.p2pchat.internal.transport.Transport;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The rooms of a node, wired together; {@link Closing} ends them. */
final class Wiring {
  private static final Logger LOG = LoggerFactory.getLogger(Wiring.class);
  private static final long RETRY_MILLIS = 100;

  final NodeSettings settings;
  final Keys keys;
  final EventLoop loop;
  final ThreadPoolExecutor ownEvents;
  final ThreadPoolExecutor completions;
  final HandOver handOver;
  final Account ownDoing;
  final Counters counters = new Counters();
  final Connections connections;
  final HostResolver resolver;
  final PeerRegistry registry;
  final Closing closing;
  final Transport transport;
  final InetSocketAddress local;
  final Contacts contacts;

  /**
   * Wires a node, and binds its port. Blocks until that is done.
   *
   * @param executor where the listener is called, or null for a thread of the node
   */
  Wiring(
      String teamName,
      InetSocketAddress bind,
      NodeSettings settings,
      Security security,
      List<IpRange> allowed,
      @Nullable Executor executor,
      PeerListener listener) {
    Threads threads = new Threads();
    this.keys = Keys.load(security, settings, threads);
    this.settings = settings;
    this.loop = new SingleThreadIoEventLoop(null, threads.factory("io"), NioIoHandler.newFactory());
    this.ownEvents = threads.single("events");
    this.completions = threads.single("completions");
    this.handOver =
        new HandOver(
            listener,
            executor == null ? ownEvents : executor,
            this::retryLater,
            settings.inboundBytesPerSource(),
            settings.inboundBytesInAll());
    this.ownDoing = handOver.open(Account.Valve.NONE);
    this.connections = new Connections(settings, allowed, handOver, loop, counters);
    this.resolver = new HostResolver(loop, settings.connectTimeout(), threads.factory("names"));
    this.registry =
        new PeerRegistry(settings.maxActivePeers(), InstantSource.system(), this::contact);
    this.closing = new Closing(this, threads);
    this.transport = bind(bind);
    this.local = transport.localAddress();
    this.contacts = orAbandon(() -> contacts(teamName));
    contacts.setLookups(new Lookups(resolver, contacts, settings));
    contacts.setDialer(transport.dialer());
  }

  private Contacts contacts(String teamName) {
    SecureRandom random = new SecureRandom();
    String node = Ids.node(random.nextLong(), random.nextLong());
    Self self =
        new Self(
            local, new Introduction(node, settings.maxFrameBytes(), local.getPort(), teamName));
    TrustGate gate = keys.gate(loop);
    PeerTracker peers =
        new PeerTracker(registry, handOver, ownDoing, self, InstantSource.system(), counters, gate);
    return new Contacts(
        new Tasks(loop, completions),
        settings,
        handOver,
        counters,
        peers,
        self,
        new NodeSecurity(keys.encryption, gate, new Vetting(gate, peers, keys.fingerprint())),
        random);
  }

  /** Begins to take connections. */
  void accept() {
    transport.accept(new Reception(contacts));
  }

  /** Says {@code exit} to the connected peers and in all sessions, while the node is closing. */
  void sayExit() {
    contacts.sayExit(registry.connected().stream().map(Peer::address));
  }

  private @Nullable PeerLink contact(PeerAddress address) {
    return contacts.find(address);
  }

  private void retryLater(Runnable retry) {
    try {
      loop.schedule(retry, RETRY_MILLIS, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("The node has closed; what waits for the listener is dropped", e);
    }
  }

  private Transport bind(InetSocketAddress address) {
    return orAbandon(() -> new Transport(loop, settings, connections, keys.encryption, address));
  }

  private <T> T orAbandon(Supplier<T> part) {
    try {
      return part.get();
    } catch (RuntimeException e) {
      closing.abandon();
      throw e;
    }
  }
}
