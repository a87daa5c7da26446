package io.p2pchat.testing.faultproxy;

import static io.p2pchat.testing.Eventually.result;
import static io.p2pchat.testing.faultproxy.ProxiedSockets.END;
import static io.p2pchat.testing.faultproxy.ProxiedSockets.async;
import static io.p2pchat.testing.faultproxy.ProxiedSockets.isSilent;
import static io.p2pchat.testing.faultproxy.ProxiedSockets.read;
import static io.p2pchat.testing.faultproxy.ProxiedSockets.rest;
import static io.p2pchat.testing.faultproxy.ProxiedSockets.send;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Connections through a proxy that stay open while nothing comes: stalled, or half-open. */
class FaultProxySilenceTest {
  /** More than all buffers on the way can hold. */
  private static final String MUCH = "0123456789abcdef".repeat(1024 * 1024);

  @AutoClose private final ProxiedSockets sockets = ProxiedSockets.open();
  private final FaultProxy proxy = sockets.proxy;

  @Test
  void stallsBothWaysAndLosesNothing() throws IOException {
    Socket dialer = sockets.dial();
    Socket acceptor = sockets.accept();
    proxy.stall();
    CompletableFuture<Boolean> there = async(() -> sendAll(dialer));
    CompletableFuture<Boolean> back = async(() -> sendAll(acceptor));
    assertThat(isSilent(acceptor)).isTrue();
    assertThat(isSilent(dialer)).isTrue();
    assertThat(proxy.forwarded()).isZero();
    assertThat(there).isNotDone();
    assertThat(back).isNotDone();
    proxy.resume();
    CompletableFuture<String> atDialer = async(() -> rest(dialer));
    assertThat(rest(acceptor).equals(MUCH + END)).isTrue();
    assertThat(result(atDialer).equals(MUCH + END)).isTrue();
    assertThat(result(there)).isTrue();
    assertThat(result(back)).isTrue();
  }

  @Test
  void stallsNewConnectionsAndEndsOfStreams() throws IOException {
    SocketPair before = sockets.connect();
    proxy.stall();
    before.dialer().shutdownOutput();
    assertThat(isSilent(before.acceptor())).isTrue();
    SocketPair after = sockets.connect();
    send(after.dialer(), "late");
    after.dialer().shutdownOutput();
    assertThat(isSilent(after.acceptor())).isTrue();
    proxy.resume();
    assertThat(rest(before.acceptor())).isEqualTo(END);
    assertThat(rest(after.acceptor())).isEqualTo("late" + END);
  }

  @Test
  void aHalfOpenConnectionSwallowsBytesAndEnds() throws IOException {
    Socket dialer = sockets.dial();
    Socket acceptor = sockets.accept();
    proxy.dropSilently();
    assertThat(sendAll(dialer)).isTrue();
    assertThat(isSilent(acceptor)).isTrue();
    assertThat(sendAll(acceptor)).isTrue();
    assertThat(isSilent(dialer)).isTrue();
    assertThat(proxy.forwarded()).isZero();
    assertThat(proxy.openConnections()).isEqualTo(1);
  }

  @Test
  void aHalfOpenConnectionDoesNotTellOfAReset() throws IOException {
    Socket dialer = sockets.dial();
    Socket acceptor = sockets.accept();
    proxy.dropSilently();
    SocketPair.reset(dialer);
    assertThat(isSilent(acceptor)).isTrue();
    assertThat(sendAll(acceptor)).isTrue();
    Socket newDialer = sockets.dial();
    send(newDialer, "new");
    assertThat(read(sockets.accept(), 3)).isEqualTo("new");
    assertThat(proxy.openConnections()).isEqualTo(2);
  }

  private static boolean sendAll(Socket socket) {
    try {
      boolean sent = send(socket, MUCH);
      socket.shutdownOutput();
      return sent;
    } catch (IOException e) {
      return false;
    }
  }
}
