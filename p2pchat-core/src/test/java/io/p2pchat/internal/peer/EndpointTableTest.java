package io.p2pchat.internal.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.DefaultEventLoop;
import io.p2pchat.NodeSettings;
import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import io.p2pchat.Security;
import io.p2pchat.SendOptions;
import io.p2pchat.internal.discovery.DiscoveredPeers;
import io.p2pchat.internal.event.EventDispatcher;
import io.p2pchat.internal.exchange.NoExchange;
import io.p2pchat.internal.net.HostResolver;
import io.p2pchat.internal.net.LocalIdentity;
import io.p2pchat.internal.net.NodeCounters;
import io.p2pchat.internal.net.handshake.MemoryNet;
import io.p2pchat.internal.protocol.EncodedText;
import io.p2pchat.internal.protocol.NodeInfo;
import io.p2pchat.internal.registry.PeerRegistry;
import io.p2pchat.internal.security.TrustService;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.AbstractList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class EndpointTableTest {
  private static final PeerAddress PEER = new PeerAddress("127.0.0.1", 1000);

  private final EndpointTable table;
  private final MessageRouter router;

  /** A node whose event loop has ended: so what is to be woken fails what waits. */
  EndpointTableTest() {
    DefaultEventLoop loop = new DefaultEventLoop();
    loop.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
    NodeSettings settings = NodeSettings.builder().build();
    NodeCounters counters = new NodeCounters();
    EventDispatcher dispatcher =
        new EventDispatcher(List.of(), (event, e) -> {}, task -> {}, Runnable::run, 1, 1);
    NodeExecutors executors = new NodeExecutors(loop, Runnable::run);
    PeerEventPublisher publisher =
        new PeerEventPublisher(
            new PeerRegistry(1, 1, InstantSource.system()),
            dispatcher,
            InstantSource.system(),
            counters,
            executors,
            settings.sessionTimeout());
    TrustService trust = new TrustService(loop, null, false, Runnable::run, Runnable::run);
    MemoryNet net =
        new MemoryNet(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 2000), settings, dispatcher);
    PeerContext context =
        new PeerContext(
            executors,
            settings,
            counters,
            new LocalIdentity(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 2000),
                new NodeInfo("a".repeat(26), 1024, 2000, "One", true)),
            new PeerAuthenticator(Security.Policy.PLAINTEXT, trust, publisher, null),
            publisher,
            net,
            NoExchange.of(net.loop, trust, net),
            null);
    table =
        new EndpointTable(
            context, new DiscoveredPeers(InstantSource.system(), team -> List.of()), new Random(1));
    router =
        new MessageRouter(
            context,
            table,
            new HostNameQueue(
                new HostResolver(
                    loop, Duration.ofSeconds(1), Thread::new, InetAddress::getAllByName),
                context,
                table.budget(),
                () -> {}));
  }

  @Test
  void sendToManyThatBreaksOffWakesWhomItHasReached() {
    List<Peer> broken =
        new AbstractList<>() {
          @Override
          public Peer get(int index) {
            if (index == 0) {
              return Peer.builder(PEER).build();
            }
            throw new IllegalStateException("broken");
          }

          @Override
          public int size() {
            return 2;
          }
        };
    assertThatThrownBy(
            () -> router.send(broken, EncodedText.of("hi"), "hi", SendOptions.defaults()))
        .hasMessage("broken");
    assertThat(table.waiting()).containsExactly(0, 0);
  }
}
