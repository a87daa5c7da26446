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
import io.p2pchat.internal.event.EventDispatcher;
import io.p2pchat.internal.event.FlowWindow;
import io.p2pchat.internal.net.ConnectionTable;
import io.p2pchat.internal.net.HostResolver;
import io.p2pchat.internal.net.NodeCounters;
import io.p2pchat.internal.net.tcp.TcpListener;
import io.p2pchat.internal.peer.Acceptor;
import io.p2pchat.internal.peer.EndpointTable;
import io.p2pchat.internal.peer.HostNameQueue;
import io.p2pchat.internal.peer.LocalIdentity;
import io.p2pchat.internal.peer.NodeExecutors;
import io.p2pchat.internal.peer.NodeSecurity;
import io.p2pchat.internal.peer.PeerAuthenticator;
import io.p2pchat.internal.peer.PeerEventPublisher;
import io.p2pchat.internal.peer.PeerRegistry;
import io.p2pchat.internal.peer.SessionStatus;
import io.p2pchat.internal.protocol.NodeInfo;
import io.p2pchat.internal.protocol.RandomIds;
import io.p2pchat.internal.security.TrustService;
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

/** The rooms of a node, wired together; {@link NodeShutdown} ends them. */
final class NodeAssembly {
  private static final Logger LOG = LoggerFactory.getLogger(NodeAssembly.class);
  private static final long RETRY_MILLIS = 100;

  final NodeSettings settings;
  final NodeKeys keys;
  final EventLoop loop;
  final ThreadPoolExecutor ownEvents;
  final ThreadPoolExecutor completions;
  final EventDispatcher handOver;
  final FlowWindow ownDoing;
  final NodeCounters counters = new NodeCounters();
  final ConnectionTable connections;
  final HostResolver resolver;
  final PeerRegistry registry;
  final NodeShutdown closing;
  final TcpListener transport;
  final InetSocketAddress local;
  final EndpointTable contacts;

  /**
   * Wires a node, and binds its port. Blocks until that is done.
   *
   * @param executor where the listener is called, or null for a thread of the node
   */
  NodeAssembly(
      String teamName,
      InetSocketAddress bind,
      NodeSettings settings,
      Security security,
      List<IpRange> allowed,
      @Nullable Executor executor,
      PeerListener listener) {
    NodeThreads threads = new NodeThreads();
    this.keys = NodeKeys.load(security, settings, threads);
    this.settings = settings;
    this.loop = new SingleThreadIoEventLoop(null, threads.factory("io"), NioIoHandler.newFactory());
    this.ownEvents = threads.single("events");
    this.completions = threads.single("completions");
    this.handOver =
        new EventDispatcher(
            listener,
            executor == null ? ownEvents : executor,
            this::retryLater,
            settings.inboundBytesPerSource(),
            settings.inboundBytesInAll());
    this.ownDoing = handOver.open(FlowWindow.Valve.NONE);
    this.connections = new ConnectionTable(settings, allowed, handOver, loop, counters);
    this.resolver = new HostResolver(loop, settings.connectTimeout(), threads.factory("names"));
    this.registry =
        new PeerRegistry(settings.maxActivePeers(), InstantSource.system(), this::contact);
    this.closing = new NodeShutdown(this, threads);
    this.transport = bind(bind);
    this.local = transport.localAddress();
    this.contacts = orAbandon(() -> contacts(teamName));
    contacts.setLookups(new HostNameQueue(resolver, contacts, settings));
    contacts.setDialer(transport.dialer());
  }

  private EndpointTable contacts(String teamName) {
    SecureRandom random = new SecureRandom();
    String node = RandomIds.node(random.nextLong(), random.nextLong());
    LocalIdentity self =
        new LocalIdentity(
            local, new NodeInfo(node, settings.maxFrameBytes(), local.getPort(), teamName));
    TrustService gate = keys.gate(loop);
    PeerEventPublisher peers =
        new PeerEventPublisher(
            registry, handOver, ownDoing, self, InstantSource.system(), counters, gate);
    return new EndpointTable(
        new NodeExecutors(loop, completions),
        settings,
        handOver,
        counters,
        peers,
        self,
        new NodeSecurity(
            keys.encryption, gate, new PeerAuthenticator(gate, peers, keys.fingerprint())),
        random);
  }

  /** Begins to take connections. */
  void accept() {
    transport.accept(new Acceptor(contacts));
  }

  /** Says {@code exit} to the connected peers and in all sessions, while the node is closing. */
  void sayExit() {
    contacts.sayExit(registry.connected().stream().map(Peer::address));
  }

  private @Nullable SessionStatus contact(PeerAddress address) {
    return contacts.find(address);
  }

  private void retryLater(Runnable retry) {
    try {
      loop.schedule(retry, RETRY_MILLIS, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("The node has closed; what waits for the listener is dropped", e);
    }
  }

  private TcpListener bind(InetSocketAddress address) {
    return orAbandon(() -> new TcpListener(loop, settings, connections, keys.encryption, address));
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
