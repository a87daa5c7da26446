package io.p2pchat.internal.exchange;

import static io.p2pchat.testing.Eventually.result;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.PeerAddress;
import io.p2pchat.Security.Policy;
import io.p2pchat.discovery.PeerCandidate;
import io.p2pchat.discovery.Sink;
import io.p2pchat.internal.net.handshake.Dialer;
import io.p2pchat.internal.net.handshake.SessionDial;
import io.p2pchat.internal.net.plain.PlainDial;
import io.p2pchat.internal.protocol.NodeInfo;
import io.p2pchat.internal.protocol.Peers;
import io.p2pchat.internal.protocol.RandomIds;
import io.p2pchat.internal.security.TrustService;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.Test;

class PeerExchangerTest {
  private static final long NOW = 42;
  private static final PeerAddress THERE = PeerAddress.parse("192.0.2.9:7001");

  /** Takes the dial of a visit, and makes no connection. */
  private static final class NoDialer implements Dialer {
    final CompletableFuture<SessionDial> dialed = new CompletableFuture<>();

    @Override
    public void dial(PlainDial dial) {
      throw new AssertionError("a visit is not plain");
    }

    @Override
    public void dial(SessionDial dial) {
      dialed.complete(dial);
    }
  }

  private static final class NoSink implements Sink {
    @Override
    public void found(PeerCandidate candidate, Duration lease) {}

    @Override
    public void lost(String id) {}
  }

  /** The messages of the node look for peers by the same memory, so it has one clock. */
  @Test
  void visitIsADialOnTheClockOfTheNode() throws Exception {
    ScheduledExecutorService loop = Executors.newSingleThreadScheduledExecutor();
    try {
      NoDialer dialer = new NoDialer();
      NodeInfo self =
          new NodeInfo(
              RandomIds.node(1, 1),
              65_536,
              7001,
              "One",
              Set.of(NodeInfo.Feature.EXACT, NodeInfo.Feature.EXCHANGES));
      TrustService trust = new TrustService(loop, null, false, Runnable::run, Runnable::run);
      PeerExchanger exchanger =
          new PeerExchanger(
              loop, () -> NOW, self, Policy.OPPORTUNISTIC, trust, dialer, new Random(1));
      exchanger.begin(new NoSink(), false);
      Peers line = Peers.of(List.of(new Peers.Entry(RandomIds.node(2, 2), null, THERE)), 512);
      InetAddress teller = InetAddress.getByName("192.0.2.1");
      loop.submit(() -> exchanger.heard("teller", teller, line)).get();
      assertThat(result(dialer.dialed).peer()).isEqualTo(THERE);
      long minute = Duration.ofMinutes(1).toNanos();
      loop.submit(
              () -> {
                assertThat(exchanger.dials().mayDial(NOW + 10 * minute - 1, THERE)).isFalse();
                assertThat(exchanger.dials().mayDial(NOW + 10 * minute, THERE)).isTrue();
              })
          .get();
    } finally {
      loop.shutdownNow();
    }
  }
}
