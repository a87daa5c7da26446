package io.p2pchat.internal.peer;

import io.p2pchat.Delivery;
import io.p2pchat.NodeSettings;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerVerifier;
import io.p2pchat.Security;
import io.p2pchat.internal.discovery.DiscoveredPeers;
import io.p2pchat.internal.event.EventDispatcher;
import io.p2pchat.internal.exchange.NoExchange;
import io.p2pchat.internal.net.HostResolver;
import io.p2pchat.internal.net.LocalIdentity;
import io.p2pchat.internal.net.NodeCounters;
import io.p2pchat.internal.net.handshake.Dialer;
import io.p2pchat.internal.net.handshake.SessionDial;
import io.p2pchat.internal.net.plain.PlainDial;
import io.p2pchat.internal.protocol.EncodedText;
import io.p2pchat.internal.protocol.NodeInfo;
import io.p2pchat.internal.registry.PeerRegistry;
import io.p2pchat.internal.security.KnownPeersFile;
import io.p2pchat.internal.security.TrustService;
import io.p2pchat.internal.session.SendFuture;
import io.p2pchat.testing.netty.ManualLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The sending part of a node in virtual time. A test decides how its dials end. */
final class DialBench implements Dialer {
  final ManualLoop loop = new ManualLoop();
  final Queue<SessionDial> dials = new ArrayDeque<>();
  final Queue<PlainDial> plainDials = new ArrayDeque<>();
  final DiscoveredPeers discovered = new DiscoveredPeers(InstantSource.system(), team -> List.of());
  final PeerContext context;
  final EndpointTable table;

  /** What each host name resolves to. */
  volatile InetAddress[] addresses = {};

  final HostNameQueue names;
  final MessageRouter router;

  DialBench() {
    this(NodeSettings.DEFAULTS);
  }

  DialBench(NodeSettings settings) {
    this(settings, (PeerVerifier) null);
  }

  /** Makes one in which keys bind, if there is a verifier. */
  DialBench(NodeSettings settings, @Nullable PeerVerifier verifier) {
    this(
        settings,
        loop ->
            verifier == null
                ? new TrustService(loop, null, false, Runnable::run, Runnable::run)
                : TrustService.verifying(loop, verifier, Runnable::run));
  }

  /** Makes one that knows peers. */
  DialBench(KnownPeersFile known) {
    this(
        NodeSettings.DEFAULTS,
        loop -> new TrustService(loop, known, false, Runnable::run, Runnable::run));
    context.authenticator().trust().whenFresh(() -> {});
    loop.runTasks();
  }

  private DialBench(NodeSettings settings, Function<ManualLoop, TrustService> trusts) {
    NodeCounters counters = new NodeCounters();
    EventDispatcher dispatcher =
        new EventDispatcher(
            List.of(), (event, e) -> {}, task -> {}, Runnable::run, 1 << 20, 1 << 20);
    NodeExecutors executors = new NodeExecutors(loop, Runnable::run);
    PeerEventPublisher publisher =
        new PeerEventPublisher(
            new PeerRegistry(10, 10, InstantSource.system()),
            dispatcher,
            InstantSource.system(),
            counters,
            executors,
            settings.sessionTimeout());
    TrustService trust = trusts.apply(loop);
    context =
        new PeerContext(
            executors,
            settings,
            counters,
            new LocalIdentity(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 2000),
                new NodeInfo("a".repeat(26), 1024, 2000, "One", true)),
            new PeerAuthenticator(Security.Policy.PLAINTEXT, trust, publisher, null),
            publisher,
            this,
            NoExchange.of(loop, trust, this),
            null);
    table = new EndpointTable(context, discovered, new Random(1));
    names =
        new HostNameQueue(
            new HostResolver(loop, Duration.ofSeconds(1), Thread::new, host -> addresses),
            context,
            table.budget(),
            () -> {});
    router = new MessageRouter(context, table, names);
  }

  CompletableFuture<Delivery> send(PeerAddress to, String text) {
    SendFuture future = new SendFuture();
    router.send(to, EncodedText.of(text), future);
    return future;
  }

  @Override
  public void dial(PlainDial dial) {
    plainDials.add(dial);
  }

  @Override
  public void dial(SessionDial dial) {
    dials.add(dial);
  }
}
