package io.p2pchat.testing.faultproxy;

import static io.p2pchat.testing.faultproxy.ProxiedSockets.END;
import static io.p2pchat.testing.faultproxy.ProxiedSockets.RESET;
import static io.p2pchat.testing.faultproxy.ProxiedSockets.async;
import static io.p2pchat.testing.faultproxy.ProxiedSockets.read;
import static io.p2pchat.testing.faultproxy.ProxiedSockets.rest;
import static io.p2pchat.testing.faultproxy.ProxiedSockets.send;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.testing.peers.SilentServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A proxy that takes its time, and one between addresses of its user's choice. */
class FaultProxyDelayTest {
  private static final Duration DELAY = Duration.ofMillis(50);

  @AutoClose private final ProxiedSockets sockets = ProxiedSockets.open();

  @BeforeEach
  void delay() {
    sockets.proxy.delay(DELAY);
  }

  @Test
  void passesBytesOnLaterBothWays() throws IOException {
    SocketPair sides = sockets.connect();
    long begin = System.nanoTime();
    send(sides.dialer(), "question");
    assertThat(read(sides.acceptor(), 8)).isEqualTo("question");
    assertThat(since(begin)).isGreaterThanOrEqualTo(DELAY);
    send(sides.acceptor(), "answer");
    assertThat(read(sides.dialer(), 6)).isEqualTo("answer");
    assertThat(since(begin)).isGreaterThanOrEqualTo(DELAY.multipliedBy(2));
  }

  @Test
  void passesEndsAndResetsOnAfterTheBytesBeforeThem() throws IOException {
    SocketPair ended = sockets.connect();
    send(ended.dialer(), "last words");
    ended.dialer().shutdownOutput();
    assertThat(rest(ended.acceptor())).isEqualTo("last words" + END);
    SocketPair reset = sockets.connect();
    long begin = System.nanoTime();
    SocketPair.reset(reset.dialer());
    assertThat(rest(reset.acceptor())).isEqualTo(RESET);
    assertThat(since(begin)).isGreaterThanOrEqualTo(DELAY);
  }

  @Test
  void losesNothingOfWhatIsMoreThanItHolds() throws IOException {
    SocketPair sides = sockets.connect();
    String much = "much".repeat(2_000_000);
    CompletableFuture<Boolean> sent = async(() -> send(sides.dialer(), much));
    assertThat(read(sides.acceptor(), much.length())).isEqualTo(much);
    assertThat(sent).succeedsWithin(Duration.ofMinutes(1)).isEqualTo(true);
  }

  @Test
  void forwardsBetweenGivenAddresses() throws IOException {
    InetAddress one = InetAddress.getLoopbackAddress();
    try (SilentServer target = SilentServer.open();
        FaultProxy proxy =
            FaultProxy.between(
                new InetSocketAddress(one, 0),
                new InetSocketAddress(one, target.address().port()));
        Socket dialer = new Socket(one, proxy.port());
        Socket acceptor = target.accept()) {
      send(dialer, "there");
      assertThat(read(acceptor, 5)).isEqualTo("there");
    }
  }

  private static Duration since(long begin) {
    return Duration.ofNanos(System.nanoTime() - begin);
  }
}
