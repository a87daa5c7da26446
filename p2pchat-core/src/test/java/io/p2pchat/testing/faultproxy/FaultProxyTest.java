package io.p2pchat.testing.faultproxy;

import static io.p2pchat.testing.Eventually.eventually;
import static io.p2pchat.testing.Eventually.result;
import static io.p2pchat.testing.faultproxy.ProxiedSockets.END;
import static io.p2pchat.testing.faultproxy.ProxiedSockets.RESET;
import static io.p2pchat.testing.faultproxy.ProxiedSockets.async;
import static io.p2pchat.testing.faultproxy.ProxiedSockets.read;
import static io.p2pchat.testing.faultproxy.ProxiedSockets.rest;
import static io.p2pchat.testing.faultproxy.ProxiedSockets.send;
import static io.p2pchat.testing.faultproxy.ProxiedSockets.sendAndRest;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.testing.faultproxy.FaultProxy.Direction;
import io.p2pchat.testing.peers.SilentServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Comparator;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What a proxy passes on, which dials, and what it records of it. */
class FaultProxyTest {
  @AutoClose private final ProxiedSockets sockets = ProxiedSockets.open();
  private final FaultProxy proxy = sockets.proxy;

  @Test
  void passesBytesAndHalfClosesBothWays() throws IOException {
    Socket dialer = sockets.dial();
    Socket acceptor = sockets.accept();
    send(dialer, "question");
    dialer.shutdownOutput();
    assertThat(rest(acceptor)).isEqualTo("question" + END);
    send(acceptor, "answer");
    acceptor.shutdownOutput();
    assertThat(rest(dialer)).isEqualTo("answer" + END);
    assertThat(proxy.forwarded()).isEqualTo(14);
    assertThat(proxy.connections()).isEqualTo(1);
    eventually(() -> assertThat(proxy.openConnections()).isZero());
    assertThat(proxy.cuts()).isZero();
  }

  @Test
  void passesResetsOnBothWays() throws IOException {
    SocketPair first = sockets.connect();
    SocketPair.reset(first.dialer());
    assertThat(rest(first.acceptor())).isEqualTo(RESET);
    SocketPair second = sockets.connect();
    send(second.acceptor(), "last");
    assertThat(read(second.dialer(), 4)).isEqualTo("last");
    SocketPair.reset(second.acceptor());
    assertThat(rest(second.dialer())).isEqualTo(RESET);
    assertThat(proxy.cuts()).isZero();
  }

  @Test
  void passesAResetOnInTheMiddleOfAWrite() throws IOException {
    SocketPair sides = sockets.connect();
    CompletableFuture<String> end =
        async(() -> sendAndRest(sides.dialer(), "x".repeat(50_000_000)));
    eventually(() -> assertThat(proxy.forwarded()).isPositive());
    SocketPair.reset(sides.acceptor());
    // Also if the proxy has read all of it before it passes the reset on.
    assertThat(result(end)).isEqualTo(RESET);
  }

  @Test
  void readsToItsEndWhatAReceiverSentBeforeItsReset() throws IOException {
    var connection = new ForwardedConnection(sockets.connect(), new TrafficLog(), closed -> {});
    assertThat(connection.beginWrite(Direction.TO_ACCEPTOR, new byte[9], 0, 9)).isEqualTo(9);
    connection.endWrite(Direction.TO_ACCEPTOR, false);
    assertThat(connection.isOpen()).isTrue();
    connection.inputEnded(Direction.TO_DIALER, false);
    assertThat(connection.isOpen()).isFalse();
  }

  @Test
  void resetsADialWhereNobodyListens() throws IOException {
    try (FaultProxy nowhere = FaultProxy.to(SilentServer.nobody().port());
        Socket dialer = new Socket(InetAddress.getLoopbackAddress(), nowhere.port())) {
      assertThat(rest(dialer)).isEqualTo(RESET);
      assertThat(nowhere.connections()).isZero();
    }
  }

  @Test
  void refusesDialsUntilItNoLongerDoes() throws IOException {
    proxy.refuse(true);
    assertThat(rest(sockets.dial())).isEqualTo(RESET);
    assertThat(rest(sockets.dial())).isEqualTo(RESET);
    assertThat(proxy.refusedDials()).isEqualTo(2);
    assertThat(proxy.connections()).isZero();
    proxy.refuse(false);
    send(sockets.dial(), "in");
    assertThat(read(sockets.accept(), 2)).isEqualTo("in");
  }

  @Test
  void releasesHeldDialsInAnyOrder() throws IOException {
    proxy.holdDials();
    for (int i = 0; i < 3; i++) {
      Socket dialer = sockets.dial();
      send(dialer, "dial " + i);
      dialer.shutdownOutput();
      int held = i + 1;
      eventually(() -> assertThat(proxy.heldDials()).isEqualTo(held));
    }
    assertThat(proxy.connections()).isZero();
    proxy.releaseDials(Comparator.reverseOrder());
    assertThat(rest(sockets.accept())).isEqualTo("dial 2" + END);
    assertThat(rest(sockets.accept())).isEqualTo("dial 1" + END);
    assertThat(rest(sockets.accept())).isEqualTo("dial 0" + END);
    send(sockets.dial(), "later");
    assertThat(read(sockets.accept(), 5)).isEqualTo("later");
  }

  @Test
  void recordsLinesOfBothWaysWithTheirConnection() throws IOException {
    Socket dialer = sockets.dial();
    Socket acceptor = sockets.accept();
    send(dialer, "before\n");
    read(acceptor, 7);
    proxy.record(true);
    send(dialer, "one\n\ntw");
    read(acceptor, 7);
    send(acceptor, "é\n");
    read(dialer, 3);
    send(dialer, "o\n");
    read(acceptor, 2);
    send(sockets.dial(), "no end");
    read(sockets.accept(), 6);
    assertThat(proxy.transcript())
        .containsExactly("0 > one", "0 > ", "0 < é", "0 > two", "1 > no end");
  }
}
