package io.p2pchat.internal.node;

import io.netty.channel.EventLoop;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.channel.nio.NioIoHandler;
import io.p2pchat.BindFailedException;
import io.p2pchat.Delivery;
import io.p2pchat.MessageTooLargeException;
import io.p2pchat.NodeClosedException;
import io.p2pchat.NodeSettings;
import io.p2pchat.OutboundQueueFullException;
import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerEvent;
import io.p2pchat.PeerNode;
import io.p2pchat.PeerNodeException;
import io.p2pchat.SendOutcome;
import io.p2pchat.internal.event.Account;
import io.p2pchat.internal.event.HandOver;
import io.p2pchat.internal.message.ChatLine;
import io.p2pchat.internal.message.ReservedText;
import io.p2pchat.internal.peers.PeerRegistry;
import io.p2pchat.internal.transport.BindAddress;
import io.p2pchat.internal.transport.Connections;
import io.p2pchat.internal.transport.HostResolver;
import io.p2pchat.internal.transport.Transport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
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
  final Outboxes outboxes;
  final ThreadPoolExecutor completions;
  final ThreadPoolExecutor ownEvents;
  private final InetSocketAddress local;
  private final Self self;
  private final PeerRegistry registry;
  private final PeerTracker peers;
  private final Account ownDoing;
  private final Closing closing;

  private LocalNode(
      String teamName,
      InetSocketAddress bind,
      NodeSettings settings,
      @Nullable Executor executor,
      List<BiConsumer<PeerNode, PeerEvent>> listeners) {
    Threads threads = new Threads();
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
    this.connections = new Connections(settings, handOver, loop);
    this.resolver = new HostResolver(loop, settings.connectTimeout(), threads.factory("names"));
    this.registry = new PeerRegistry(settings.maxActivePeers(), InstantSource.system());
    this.outboxes = new Outboxes(loop, settings, completions, this::courier);
    this.closing = new Closing(this, threads);
    this.transport = bind(bind);
    this.local = transport.localAddress();
    this.self = new Self(local);
    this.peers = new PeerTracker(registry, handOver, ownDoing, self, InstantSource.system());
  }

  /**
   * Starts a node. Blocks until it listens.
   *
   * @throws BindFailedException if it cannot listen there
   */
  public static PeerNode start(
      String teamName,
      int port,
      @Nullable String bindAddress,
      NodeSettings settings,
      @Nullable Executor executor,
      List<BiConsumer<PeerNode, PeerEvent>> listeners) {
    InetSocketAddress bind = BindAddress.of(bindAddress, port);
    LocalNode node = new LocalNode(teamName, bind, settings, executor, listeners);
    node.transport.accept(node.peers);
    return node;
  }

  @Override
  public String teamName() {
    return teamName;
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
    return send(peer, new ChatLine(port(), teamName, text));
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

  /** Says {@code exit} to the connected peers, also while the node is closing. */
  void sayExit() {
    ChatLine exit = new ChatLine(port(), teamName, ReservedText.EXIT.text());
    connectedPeers().forEach(peer -> outboxes.send(peer.address(), exit, exit.encodedLength()));
  }

  private CompletableFuture<Delivery> send(PeerAddress peer, ChatLine line) {
    int bytes = line.encodedLength();
    PeerNodeException refusal = refusal(bytes);
    return refusal == null
        ? outboxes.send(peer, line, bytes)
        : CompletableFuture.failedFuture(refusal);
  }

  private @Nullable PeerNodeException refusal(int bytes) {
    if (closing.hasBegun()) {
      return new NodeClosedException("The node is closed", null);
    }
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
    ChatLine line = new ChatLine(port(), teamName, text);
    PeerNodeException refusal = refusal(line.encodedLength());
    if (refusal != null) {
      return CompletableFuture.failedFuture(refusal);
    }
    return Outcomes.of(to, peer -> send(peer.address(), line));
  }

  private void retryLater(Runnable retry) {
    try {
      loop.schedule(retry, RETRY_MILLIS, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("The node has closed; what waits for the listener is dropped", e);
    }
  }

  private Courier courier(PeerAddress address) {
    return address
        .ip()
        .<Courier>map(ip -> level0(address, ip))
        .orElseGet(() -> new NameCourier(address, resolver, outboxes::queue));
  }

  private Courier level0(PeerAddress address, InetAddress ip) {
    boolean isSelf = self.isTarget(ip, address.port());
    return new Level0Courier(address, ip, isSelf, transport, peers, loop);
  }

  private Transport bind(InetSocketAddress address) {
    try {
      return new Transport(loop, settings, connections, address);
    } catch (BindFailedException e) {
      closing.abandon();
      throw e;
    }
  }
}
