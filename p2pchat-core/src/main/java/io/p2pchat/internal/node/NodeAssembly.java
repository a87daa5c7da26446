package io.p2pchat.internal.node;

import io.netty.channel.EventLoop;
import io.p2pchat.Fingerprint;
import io.p2pchat.MessageStore;
import io.p2pchat.NodeSettings;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerEvent;
import io.p2pchat.PeerListener;
import io.p2pchat.discovery.Advertisement;
import io.p2pchat.discovery.PeerCandidate;
import io.p2pchat.discovery.PeerExchange;
import io.p2pchat.internal.discovery.DiscoveredPeers;
import io.p2pchat.internal.discovery.DiscoverySources;
import io.p2pchat.internal.discovery.DiscoveryWorker;
import io.p2pchat.internal.event.EventDispatcher;
import io.p2pchat.internal.exchange.PeerExchanger;
import io.p2pchat.internal.keep.MessageKeeper;
import io.p2pchat.internal.net.ConnectionTable;
import io.p2pchat.internal.net.HostResolver;
import io.p2pchat.internal.net.LocalIdentity;
import io.p2pchat.internal.net.NodeCounters;
import io.p2pchat.internal.net.handshake.PipelineFactory;
import io.p2pchat.internal.net.tcp.TcpDialer;
import io.p2pchat.internal.net.tcp.TcpListener;
import io.p2pchat.internal.peer.Acceptor;
import io.p2pchat.internal.peer.EndpointTable;
import io.p2pchat.internal.peer.HostNameQueue;
import io.p2pchat.internal.peer.MessageRouter;
import io.p2pchat.internal.peer.NodeExecutors;
import io.p2pchat.internal.peer.PeerAuthenticator;
import io.p2pchat.internal.peer.PeerContext;
import io.p2pchat.internal.peer.PeerEventPublisher;
import io.p2pchat.internal.protocol.NodeInfo;
import io.p2pchat.internal.protocol.RandomIds;
import io.p2pchat.internal.registry.PeerRegistry;
import io.p2pchat.internal.security.TrustService;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates the parts of a node, each from those before it. {@link NodeShutdown} ends them. */
final class NodeAssembly {
  private static final Logger LOG = LoggerFactory.getLogger(NodeAssembly.class);

  private static final Duration STORE_OPENS = Duration.ofSeconds(10);

  /** The start goes on without a store that hangs for longer. */
  private static final Duration STORE_HANGS = Duration.ofSeconds(20);

  final NodeSettings settings;
  final NodeThreads threads;
  final NodeKeys keys;
  final EventDispatcher dispatcher;
  final NodeCounters counters = new NodeCounters();
  final ConnectionTable connections;
  final TcpDialer dialer;
  final HostResolver resolver;
  final PeerRegistry registry;
  final DiscoveredPeers discovered;
  final PeerExchanger exchange;
  final @Nullable MessageKeeper keeper;
  final PeerContext context;
  final EndpointTable endpoints;
  final MessageRouter router;
  final TcpListener listener;
  final DiscoverySources discovery;

  private NodeAssembly(
      NodeConfig config,
      ServerSocketChannel port,
      NodeThreads threads,
      NodeKeys keys,
      EventDispatcher dispatcher,
      @Nullable MessageKeeper keeper) {
    EventLoop loop = threads.loop;
    this.settings = config.settings();
    this.threads = threads;
    this.keys = keys;
    this.dispatcher = dispatcher;
    this.connections = new ConnectionTable(settings, config.allowed(), dispatcher, loop, counters);
    PipelineFactory pipelines = new PipelineFactory(settings, connections, keys.encryption);
    InetSocketAddress local = (InetSocketAddress) port.socket().getLocalSocketAddress();
    this.dialer = new TcpDialer(loop, settings, connections, pipelines, local.getAddress());
    this.resolver =
        new HostResolver(
            loop, settings.connectTimeout(), threads.factory("names"), InetAddress::getAllByName);
    this.registry =
        new PeerRegistry(
            settings.maxActivePeers(), settings.maxPeersPerHost(), InstantSource.system());
    NodeExecutors executors = new NodeExecutors(loop, completions(config, threads));
    PeerEventPublisher publisher =
        new PeerEventPublisher(
            registry,
            dispatcher,
            InstantSource.system(),
            counters,
            executors,
            settings.sessionTimeout());
    TrustService trust = keys.trust(loop);
    this.discovered =
        new DiscoveredPeers(InstantSource.system(), team -> trust.known().lookAlikes(team));
    SecureRandom random = new SecureRandom();
    LocalIdentity identity = identity(config, local, random);
    this.exchange =
        new PeerExchanger(
            loop,
            executors::now,
            identity.info(),
            config.security().policy(),
            trust,
            dialer,
            random);
    this.keeper = keeper;
    this.context =
        new PeerContext(
            executors,
            settings,
            counters,
            identity,
            new PeerAuthenticator(config.security().policy(), trust, publisher, keys.fingerprint()),
            publisher,
            dialer,
            exchange,
            keeper);
    this.endpoints = new EndpointTable(context, discovered, random);
    this.router =
        new MessageRouter(
            context,
            endpoints,
            new HostNameQueue(resolver, context, endpoints.budget(), endpoints::checkEmpty));
    Acceptor acceptor = new Acceptor(context, endpoints);
    this.listener =
        new TcpListener(
            loop, connections, port, pipelines.accepted(acceptor.greeting(), endpoints, acceptor));
    exchangeOf(config).ifPresent(source -> source.join(exchange));
    this.discovery = discovery(config, trust);
  }

  private static MessageKeeper keeper(NodeConfig config, MessageStore store, NodeThreads threads) {
    SecureRandom random = new SecureRandom();
    return new MessageKeeper(
        store,
        RandomIds.node(random.nextLong(), random.nextLong()),
        config.introduction().brief(),
        threads::soon,
        completions(config, threads),
        threads.factory("store"));
  }

  /** Goes on with what the store has kept, when it is this node's. Blocks. */
  void loadStore() {
    MessageKeeper opened = keeper;
    if (opened != null) {
      // A message to an address is kept for its known peer, so these are read first.
      CompletableFuture<Void> read = new CompletableFuture<>();
      threads.soon(() -> context.authenticator().trust().whenFresh(() -> read.complete(null)));
      read.completeOnTimeout(null, STORE_OPENS.toSeconds(), TimeUnit.SECONDS).join();
      // At once, if it can be: what is sent next comes behind what is kept.
      opened
          .claimed()
          .thenRun(() -> router.load(opened.takeState()))
          .exceptionally(
              failure -> {
                LOG.error("What the store has kept could not be loaded", failure);
                return null;
              });
    }
  }

  private DiscoverySources discovery(NodeConfig config, TrustService trust) {
    Advertisement self = advertisement(config);
    ChosenDials dials = new ChosenDials(threads.loop, endpoints, resolver, discovered);
    ThreadFactory factory = threads.factory("discovery");
    DiscoveryWorker worker =
        new DiscoveryWorker(
            discovered,
            () -> {
              threads.soon(() -> trust.whenFresh(() -> {}));
              return trust.known();
            },
            self,
            dispatcher,
            new DiscoveryWorker.Node() {
              @Override
              public void chosen(Set<PeerAddress> addresses) {
                threads.soon(() -> dials.update(addresses));
              }

              @Override
              public void hinted(Set<Fingerprint> keys) {
                threads.soon(() -> endpoints.hinted(keys));
              }

              @Override
              public void gone(Set<PeerCandidate> candidates) {
                threads.soon(() -> exchange.gone(candidates));
              }
            },
            factory);
    return new DiscoverySources(config.sources(), discovered, worker, self, factory);
  }

  private Advertisement advertisement(NodeConfig config) {
    LocalIdentity identity = context.identity();
    String node = identity.info().node();
    Advertisement.Builder self =
        Advertisement.builder(node, identity.info().team(), identity.info().port())
            .addresses(() -> DialableAddresses.withLinkLocal(identity.bound()))
            .announces(!config.introduction().brief());
    Fingerprint key = keys.fingerprint();
    if (key != null) {
      self.keyHint(PeerCandidate.keyHint(key, node));
    }
    return self.build();
  }

  /**
   * Creates the parts of a node. Blocks until it listens, but it accepts no connections yet.
   *
   * @param listeners handle the events
   * @param onFailure called with an event and what a listener threw at it
   * @throws io.p2pchat.BindFailedException if it cannot listen at the address
   * @throws io.p2pchat.TrustStoreException if the trust directory cannot be used
   * @throws IllegalArgumentException if the executor runs tasks on the calling thread
   */
  static NodeAssembly start(
      NodeConfig config,
      List<PeerListener> listeners,
      BiConsumer<? super PeerEvent, ? super Throwable> onFailure) {
    NodeThreads threads = new NodeThreads();
    ServerSocketChannel port = null;
    MessageKeeper keeper = null;
    NodeAssembly started = null;
    try {
      NodeKeys keys = NodeKeys.load(config.security(), config.settings(), threads);
      EventDispatcher dispatcher =
          new EventDispatcher(
              listeners,
              onFailure,
              executor(config, threads),
              threads::later,
              config.settings().inboundBytesPerSource(),
              config.settings().inboundBytesInAll());
      // A node that cannot start takes no port from another one that can.
      keys.await();
      port = TcpListener.bind(config.place().bindAddress(), config.place().port());
      MessageStore store = config.place().store();
      if (store != null) {
        // A peer that connected now would get no greeting, and treat this as a plain-format
        // program.
        close(port);
        keeper = keeper(config, store, threads);
        keeper.awaitFirst(STORE_OPENS, STORE_HANGS);
        port = TcpListener.bind(config.place().bindAddress(), config.place().port());
      }
      started = new NodeAssembly(config, port, threads, keys, dispatcher, keeper);
      return started;
    } finally {
      if (started == null) {
        close(port);
        if (keeper != null) {
          keeper.close(NodeShutdown.STORE_CLOSES);
        }
        threads.abandon();
      }
    }
  }

  /** Starts the sources of discovery, when the known peers were read. */
  void startDiscovery() {
    threads.soon(() -> context.authenticator().trust().whenFresh(discovery::start));
  }

  private static void close(@Nullable ServerSocketChannel port) {
    try {
      if (port != null) {
        port.close();
      }
    } catch (IOException e) {
      LOG.debug("Closing the port failed", e);
    }
  }

  private static Executor executor(NodeConfig config, NodeThreads threads) {
    Executor executor = config.listenerThread().executor();
    if (executor == null) {
      return config.listenerThread().inline() ? threads.inline : threads.events;
    }
    Boolean direct =
        threads
            .loop
            .submit(() -> EventDispatcher.isDirect(executor))
            .syncUninterruptibly()
            .getNow();
    if (direct) {
      throw new IllegalArgumentException(
          "The executor runs tasks on the calling thread, where a listener would stop the node;"
              + " give one with threads of its own");
    }
    return executor;
  }

  private static Executor completions(NodeConfig config, NodeThreads threads) {
    return config.listenerThread().inline() ? threads.inline : threads.completions;
  }

  private static LocalIdentity identity(
      NodeConfig config, InetSocketAddress local, SecureRandom random) {
    String node = RandomIds.node(random.nextLong(), random.nextLong());
    Set<NodeInfo.Feature> features = EnumSet.of(NodeInfo.Feature.EXACT);
    if (NodeKeys.areTemporary(config.security())) {
      features.add(NodeInfo.Feature.TEMPORARY_KEY);
    }
    if (config.introduction().brief()) {
      features.add(NodeInfo.Feature.BRIEF);
    } else if (exchangeOf(config).isPresent()) {
      features.add(NodeInfo.Feature.EXCHANGES);
    }
    return new LocalIdentity(
        local,
        new NodeInfo(
            node,
            config.settings().maxFrameBytes(),
            local.getPort(),
            config.introduction().teamName(),
            features));
  }

  private static Optional<PeerExchange> exchangeOf(NodeConfig config) {
    return config.sources().stream()
        .filter(PeerExchange.class::isInstance)
        .map(PeerExchange.class::cast)
        .findFirst();
  }
}
