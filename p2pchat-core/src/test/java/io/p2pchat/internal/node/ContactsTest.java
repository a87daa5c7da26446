package io.p2pchat.internal.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.DefaultEventLoop;
import io.p2pchat.NodeSettings;
import io.p2pchat.PeerAddress;
import io.p2pchat.internal.event.Account;
import io.p2pchat.internal.event.HandOver;
import io.p2pchat.internal.message.Introduction;
import io.p2pchat.internal.peers.PeerRegistry;
import io.p2pchat.internal.transport.Counters;
import io.p2pchat.internal.transport.MemoryNet;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.AbstractList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ContactsTest {
  private static final PeerAddress PEER = new PeerAddress("127.0.0.1", 1000);

  /** Contacts of a node whose event loop has ended: so who is woken fails what waits. */
  private static Contacts contacts() {
    DefaultEventLoop loop = new DefaultEventLoop();
    loop.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
    NodeSettings settings = NodeSettings.builder().build();
    Counters counters = new Counters();
    Self self =
        new Self(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 2000),
            new Introduction("a".repeat(26), 1024, 2000, "One"));
    HandOver handOver = new HandOver(event -> {}, Runnable::run, Runnable::run, 1, 1);
    TrustGate gate = new TrustGate(loop, null, false, Runnable::run, Runnable::run);
    PeerTracker peers =
        new PeerTracker(
            new PeerRegistry(1, InstantSource.system(), address -> null),
            handOver,
            handOver.open(Account.Valve.NONE),
            self,
            InstantSource.system(),
            counters,
            gate);
    return new Contacts(
        new Tasks(loop, Runnable::run),
        settings,
        handOver,
        counters,
        peers,
        self,
        new NodeSecurity(MemoryNet.PLAIN, gate, new Vetting(gate, peers, null)),
        new Random(1));
  }

  @Test
  void sendToManyThatBreaksOffWakesWhomItHasReached() {
    Contacts contacts = contacts();
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
    assertThatThrownBy(() -> contacts.sender.send(broken, Encoded.of("hi"))).hasMessage("broken");
    assertThat(contacts.waiting()).containsExactly(0, 0);
  }
}
