package io.p2pchat.internal.node;

import io.netty.channel.EventLoop;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.channel.nio.NioIoHandler;
import io.p2pchat.BindFailedException;
import io.p2pchat.Delivery;
import io.p2pchat.Fingerprint;
import io.p2pchat.IpRange;
import io.p2pchat.MessageTooLargeException;
import io.p2pchat.NodeMetrics;
import io.p2pchat.NodeSettings;
import io.p2pchat.OutboundQueueFullException;
import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerEvent;
import io.p2pchat.PeerNode;
import io.p2pchat.PeerNodeException;
import io.p2pchat.Security;
import io.p2pchat.SendOutcome;
import io.p2pchat.internal.event.Account;
import io.p2pchat.internal.event.HandOver;
import io.p2pchat.internal.message.Ids;
import io.p2pchat.internal.message.Introduction;
import io.p2pchat.internal.message.ReservedText;
import io.p2pchat.internal.peers.PeerLink;
import io.p2pchat.internal.peers.PeerRegistry;
import io.p2pchat.internal.transport.BindAddress;
import io.p2pchat.internal.transport.Connections;
import io.p2pchat.internal.transport.Counters;
import io.p2pchat.internal.transport.HostResolver;
import io.p2pchat.internal.transport.Transport;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A node with its rooms wired together. */
public final class LocalNode implements PeerNode {
  private static final Logger LOG = LoggerFactory.getLogger(LocalNode.class);
  private static final long RETRY_MILLIS = 100;

  final String teamName;
  final NodeSettings settings;
  final EventLoop loop;
  final Connections connections;
  final Transport transport;
  final HandOver handOver;
  final HostResolver resolver;
  final Contacts contacts;
  final ThreadPoolExecutor completions;
  final ThreadPoolExecutor ownEvents;
  private final Counters counters = new Counters();
  private final InetSocketAddress local;
  private final PeerRegistry registry;
  private final Account ownDoing;
  final Keys keys;
  private final Closing closing;

  private LocalNode(
      String teamName,
      InetSocketAddress bind,
      NodeSettings settings,
      Security security,
      List<IpRange> allowed,
      @Nullable Executor executor,
      List<BiConsumer<PeerNode, PeerEvent>> listeners) {
    Threads threads = new Threads();
    this.keys = Keys.load(security, settings, threads);
    this.teamName = teamName;
    this.settings = settings;
    this.loop = new SingleThreadIoEventLoop(null, threads.factory("io"), NioIoHandler.newFactory());
    this.ownEvents = threads.single("events");
    this.completions = threads.single("completions");
    this.handOver =
        new HandOver(
            event -> listeners.forEach(listener -> listener.accept(this, event)),
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
    this.contacts = orAbandon(this::contacts);
    contacts.setLookups(new Lookups(resolver, contacts, settings));
    contacts.setDialer(transport.dialer());
  }

  private Contacts contacts() {
    SecureRandom random = new SecureRandom();
    String node = Ids.node(random.nextLong(), random.nextLong());
    Self self = new Self(local, new Introduction(node, settings.maxFrameBytes(), port(), teamName));
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

  /**
   * Starts a node. Blocks until it listens.
   *
   * @throws BindFailedException if it cannot listen there
   * @throws io.p2pchat.TrustStoreException if the directory of trust cannot be used
   */
  public static PeerNode start(
      String teamName,
      int port,
      @Nullable String bindAddress,
      NodeSettings settings,
      Security security,
      List<IpRange> allowed,
      @Nullable Executor executor,
      List<BiConsumer<PeerNode, PeerEvent>> listeners) {
    InetSocketAddress bind = BindAddress.of(bindAddress, port);
    LocalNode node =
        new LocalNode(teamName, bind, settings, security, allowed, executor, listeners);
    node.transport.accept(new Reception(node.contacts));
    return node;
  }

  @Override
  public String teamName() {
    return teamName;
  }

  @Override
  public Optional<Fingerprint> fingerprint() {
    return Optional.ofNullable(keys.fingerprint());
  }

  @Override
  public int port() {
    return local.getPort();
  }

  @Override
  public InetSocketAddress localAddress() {
    return local;
  }

  @Override
  public CompletableFuture<Delivery> send(PeerAddress peer, String text) {
    return send(peer, Encoded.of(text));
  }

  @Override
  public CompletableFuture<Delivery> connect(PeerAddress peer) {
    return send(peer, ReservedText.MANUAL_CONNECTION.text());
  }

  @Override
  public CompletableFuture<List<SendOutcome>> connectAll() {
    return sendAll(activePeers(), ReservedText.CONNECTION.text());
  }

  @Override
  public CompletableFuture<List<SendOutcome>> broadcast(String text) {
    return sendAll(connectedPeers(), text);
  }

  @Override
  public CompletableFuture<Delivery> disconnect(PeerAddress peer) {
    return send(peer, ReservedText.EXIT.text());
  }

  @Override
  public List<Peer> activePeers() {
    return registry.active();
  }

  @Override
  public List<Peer> connectedPeers() {
    return registry.connected();
  }

  @Override
  public void close() {
    closing.close();
  }

  @Override
  public CompletableFuture<Void> whenWritable(PeerAddress peer) {
    if (closing.hasBegun()) {
      return CompletableFuture.failedFuture(contacts.closed());
    }
    return contacts.sender.whenWritable(peer);
  }

  @Override
  public NodeMetrics metrics() {
    return Metrics.of(counters, contacts, handOver);
  }

  /** Says {@code exit} to the connected peers and in all sessions, while the node is closing. */
  void sayExit() {
    contacts.sayExit(connectedPeers().stream().map(Peer::address));
  }

  private CompletableFuture<Delivery> send(PeerAddress peer, Encoded message) {
    PeerNodeException refusal = refusal(message);
    if (refusal != null) {
      return CompletableFuture.failedFuture(refusal);
    }
    CompletableFuture<Delivery> future = new CompletableFuture<>();
    contacts.sender.send(peer, message, future);
    return future;
  }

  private @Nullable PeerNodeException refusal(Encoded message) {
    if (closing.hasBegun()) {
      return contacts.closed();
    }
    int bytes = contacts.sender.lineBytes(message);
    if (bytes >= settings.maxFrameBytes()) {
      return new MessageTooLargeException(
          "The line has "
              + bytes
              + " bytes; with its line end it may have "
              + settings.maxFrameBytes(),
          null);
    }
    return ownDoing.isOpen()
        ? null
        : new OutboundQueueFullException(
            "The listener is too far behind with the events of this node's own sends", null);
  }

  private CompletableFuture<List<SendOutcome>> sendAll(List<Peer> to, String text) {
    Encoded message = Encoded.of(text);
    PeerNodeException refusal = refusal(message);
    if (refusal != null) {
      return CompletableFuture.failedFuture(refusal);
    }
    return Outcomes.of(to, contacts.sender.send(to.stream().map(Peer::address).toList(), message));
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
