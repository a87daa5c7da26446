package io.p2pchat.internal.node;

import io.p2pchat.Delivery;
import io.p2pchat.NodeSettings;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerEvent;
import io.p2pchat.internal.discovery.DiscoveredPeers;
import io.p2pchat.internal.event.EventDispatcher;
import io.p2pchat.internal.exchange.NoExchange;
import io.p2pchat.internal.net.HostResolver;
import io.p2pchat.internal.net.LocalIdentity;
import io.p2pchat.internal.net.handshake.MemoryNet;
import io.p2pchat.internal.peer.Acceptor;
import io.p2pchat.internal.peer.EndpointTable;
import io.p2pchat.internal.peer.HostNameQueue;
import io.p2pchat.internal.peer.MessageRouter;
import io.p2pchat.internal.peer.NodeExecutors;
import io.p2pchat.internal.peer.PeerAuthenticator;
import io.p2pchat.internal.peer.PeerContext;
import io.p2pchat.internal.peer.PeerEventPublisher;
import io.p2pchat.internal.protocol.EncodedText;
import io.p2pchat.internal.protocol.NodeInfo;
import io.p2pchat.internal.protocol.RandomIds;
import io.p2pchat.internal.registry.PeerRegistry;
import io.p2pchat.internal.security.TrustService;
import io.p2pchat.internal.session.SendFuture;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;

/**
 * A node with its rooms wired as in {@link NodeAssembly}, but on a {@link MemoryNet}, in virtual
 * time and with the same random numbers each time; its threads are queues that the test empties.
 */
public final class MemoryNode {
  static final String TEAM = "Mine";
  static final InetSocketAddress LOCAL = at(1, 7000);

  final NodeSettings settings;
  final Queue<Runnable> listener = new ArrayDeque<>();
  final Queue<Runnable> completions = new ArrayDeque<>();
  final List<PeerEvent> events = new ArrayList<>();
  final List<CompletableFuture<Delivery>> sends = new ArrayList<>();
  final EventDispatcher dispatcher;
  final MemoryNet net;
  final PeerRegistry registry;
  final EndpointTable endpoints;
  private final MessageRouter router;
  final String node;
  long acknowledged;

  public MemoryNode(NodeSettings settings) {
    this.settings = settings;
    this.dispatcher =
        new EventDispatcher(
            List.of(events::add),
            (event, failure) -> {},
            listener::add,
            task -> {},
            settings.inboundBytesPerSource(),
            settings.inboundBytesInAll());
    this.net = new MemoryNet(LOCAL, settings, dispatcher);
    InstantSource clock = () -> Instant.EPOCH.plusNanos(net.loop.now());
    this.registry = new PeerRegistry(settings.maxActivePeers(), settings.maxPeersPerHost(), clock);
    SplittableRandom random = new SplittableRandom(1);
    this.node = RandomIds.node(random.nextLong(), random.nextLong());
    TrustService trust = new TrustService(net.loop, null, false, Runnable::run, Runnable::run);
    NodeExecutors executors = new NodeExecutors(net.loop, completions::add);
    PeerEventPublisher publisher =
        new PeerEventPublisher(
            registry, dispatcher, clock, net.counters, executors, settings.sessionTimeout());
    PeerContext context =
        new PeerContext(
            executors,
            settings,
            net.counters,
            new LocalIdentity(
                LOCAL, new NodeInfo(node, settings.maxFrameBytes(), LOCAL.getPort(), TEAM, true)),
            new PeerAuthenticator(MemoryNet.PLAIN.policy(), trust, publisher, null),
            publisher,
            net,
            NoExchange.of(net.loop, trust, net),
            null);
    this.endpoints =
        new EndpointTable(
            context, new DiscoveredPeers(InstantSource.system(), team -> List.of()), random);
    HostResolver resolver =
        new HostResolver(net.loop, Duration.ofSeconds(1), Thread::new, InetAddress::getAllByName);
    this.router =
        new MessageRouter(
            context,
            endpoints,
            new HostNameQueue(resolver, context, endpoints.budget(), endpoints::checkEmpty));
    Acceptor acceptor = new Acceptor(context, endpoints);
    net.accept(acceptor.greeting(), endpoints, acceptor);
  }

  /** An address of the network that the node is in. */
  public static InetSocketAddress at(int host, int port) {
    try {
      return new InetSocketAddress(
          InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) host}), port);
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The application sends. */
  void send(PeerAddress peer, String text) {
    EncodedText message = EncodedText.of(text);
    if (router.lineBytes(message) < settings.maxFrameBytes()) {
      SendFuture future = new SendFuture();
      sends.add(future);
      future.thenAccept(delivery -> acknowledged += delivery == Delivery.ACKNOWLEDGED ? 1 : 0);
      router.send(peer, message, future);
    }
  }

  /** The application asks for room. */
  CompletableFuture<Void> whenWritable(PeerAddress peer) {
    return router.whenWritable(peer);
  }

  /** The listener takes what waits for it. */
  void listen() {
    while (!listener.isEmpty()) {
      listener.remove().run();
    }
  }

  /** Futures complete. */
  void complete() {
    while (!completions.isEmpty()) {
      completions.remove().run();
    }
  }
}
