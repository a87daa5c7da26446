package io.p2pchat.internal.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.DefaultEventLoop;
import io.p2pchat.NodeSettings;
import io.p2pchat.PeerAddress;
import io.p2pchat.internal.event.EventDispatcher;
import io.p2pchat.internal.event.FlowWindow;
import io.p2pchat.internal.net.NodeCounters;
import io.p2pchat.internal.net.handshake.MemoryNet;
import io.p2pchat.internal.protocol.NodeInfo;
import io.p2pchat.internal.security.TrustService;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.AbstractList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class EndpointTableTest {
  private static final PeerAddress PEER = new PeerAddress("127.0.0.1", 1000);

  /** Contacts of a node whose event loop has ended: so who is woken fails what waits. */
  private static EndpointTable contacts() {
    DefaultEventLoop loop = new DefaultEventLoop();
    loop.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
    NodeSettings settings = NodeSettings.builder().build();
    NodeCounters counters = new NodeCounters();
    LocalIdentity self =
        new LocalIdentity(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 2000),
            new NodeInfo("a".repeat(26), 1024, 2000, "One"));
    EventDispatcher handOver = new EventDispatcher(event -> {}, Runnable::run, Runnable::run, 1, 1);
    TrustService gate = new TrustService(loop, null, false, Runnable::run, Runnable::run);
    PeerEventPublisher peers =
        new PeerEventPublisher(
            new PeerRegistry(1, InstantSource.system(), address -> null),
            handOver,
            handOver.open(FlowWindow.Valve.NONE),
            self,
            InstantSource.system(),
            counters,
            gate);
    return new EndpointTable(
        new NodeExecutors(loop, Runnable::run),
        settings,
        handOver,
        counters,
        peers,
        self,
        new NodeSecurity(MemoryNet.PLAIN, gate, new PeerAuthenticator(gate, peers, null)),
        new Random(1));
  }

  @Test
  void sendToManyThatBreaksOffWakesWhomItHasReached() {
    EndpointTable contacts = contacts();
    List<PeerAddress> broken =
        new AbstractList<>() {
          @Override
          public PeerAddress get(int index) {
            if (index == 0) {
              return PEER;
            }
            throw new IllegalStateException("broken");
          }

          @Override
          public int size() {
            return 2;
          }
        };
    assertThatThrownBy(() -> contacts.sender.send(broken, EncodedText.of("hi")))
        .hasMessage("broken");
    assertThat(contacts.waiting()).containsExactly(0, 0);
  }
}
