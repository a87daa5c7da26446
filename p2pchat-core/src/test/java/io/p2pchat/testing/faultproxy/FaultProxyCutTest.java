package io.p2pchat.testing.faultproxy;

import static io.p2pchat.testing.Eventually.eventually;
import static io.p2pchat.testing.Eventually.result;
import static io.p2pchat.testing.faultproxy.ProxiedSockets.RESET;
import static io.p2pchat.testing.faultproxy.ProxiedSockets.async;
import static io.p2pchat.testing.faultproxy.ProxiedSockets.isSilent;
import static io.p2pchat.testing.faultproxy.ProxiedSockets.read;
import static io.p2pchat.testing.faultproxy.ProxiedSockets.rest;
import static io.p2pchat.testing.faultproxy.ProxiedSockets.send;
import static io.p2pchat.testing.faultproxy.ProxiedSockets.sendAndRest;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.testing.faultproxy.Cut.Manner;
import io.p2pchat.testing.faultproxy.FaultProxy.Direction;
import java.io.IOException;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Cuts of a proxy at a byte, or at once. */
class FaultProxyCutTest {
  @AutoClose private final ProxiedSockets sockets = ProxiedSockets.open();
  private final FaultProxy proxy = sockets.proxy;

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 7, 100, 1000, 32_767})
  void resetsTheNextConnectionAtAByte(int bytes) throws IOException {
    String text = "x".repeat(bytes);
    proxy.cutAfter(bytes);
    assertThat(sendAndRest(sockets.dial(), text + "never seen")).isEqualTo(RESET);
    assertThat(rest(sockets.accept())).isEqualTo(text + RESET);
    assertThat(proxy.forwarded()).isEqualTo(bytes);
    assertThat(proxy.cuts()).isEqualTo(1);
    assertThat(sockets.passes("uncut")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {65_535, 65_536, 65_537, 1_000_000})
  void forwardsExactlyThatManyOfALongStream(int bytes) throws IOException {
    proxy.cutAfter(bytes);
    SocketPair sides = sockets.connect();
    CompletableFuture<Boolean> sent = sendAsync(sides.dialer(), bytes + 10_000_000);
    assertThat(rest(sides.acceptor())).endsWith(RESET).hasSizeLessThanOrEqualTo(bytes + 7);
    assertThat(proxy.forwarded()).isEqualTo(bytes);
    assertThat(result(sent)).isFalse();
  }

  @Test
  void resetsEachExistingConnectionAndNotTheNext() throws IOException {
    SocketPair first = sockets.connect();
    SocketPair second = sockets.connect();
    proxy.cutAfter(3);
    send(first.dialer(), "abcdef");
    assertThat(rest(first.acceptor())).isEqualTo("abc" + RESET);
    send(second.acceptor(), "vwxyz");
    assertThat(rest(second.dialer())).isEqualTo("vwx" + RESET);
    assertThat(proxy.cuts()).isEqualTo(2);
    assertThat(sockets.passes("uncut")).isTrue();
  }

  @Test
  void countsBothWaysTogether() throws IOException {
    SocketPair sides = sockets.connect();
    proxy.cutAfter(5);
    send(sides.dialer(), "abc");
    assertThat(read(sides.acceptor(), 3)).isEqualTo("abc");
    send(sides.acceptor(), "xyz");
    assertThat(rest(sides.dialer())).isEqualTo("xy" + RESET);
    assertThat(rest(sides.acceptor())).isEqualTo(RESET);
  }

  @Test
  void cutsAtAByteAlsoWhenBothSidesSendAtOnce() throws IOException {
    SocketPair sides = sockets.connect();
    proxy.cutAfter(1_000_000);
    CompletableFuture<Boolean> there = sendAsync(sides.dialer(), 10_000_000);
    CompletableFuture<Boolean> back = sendAsync(sides.acceptor(), 10_000_000);
    CompletableFuture<String> read = async(() -> rest(sides.dialer()));
    rest(sides.acceptor());
    result(read);
    assertThat(result(there)).isFalse();
    assertThat(result(back)).isFalse();
    assertThat(proxy.forwarded()).isEqualTo(1_000_000);
    assertThat(proxy.cuts()).isEqualTo(1);
  }

  @Test
  void countsOneWayOnly() throws IOException {
    SocketPair sides = sockets.connect();
    proxy.cutAfter(Direction.TO_DIALER, 2);
    send(sides.dialer(), "does not count");
    assertThat(read(sides.acceptor(), 14)).isEqualTo("does not count");
    send(sides.acceptor(), "xyz");
    assertThat(rest(sides.dialer())).isEqualTo("xy" + RESET);
  }

  @Test
  void cutsAtOnceAlsoWhatIsStalledOrHalfOpen() throws IOException {
    SocketPair halfOpen = sockets.connect();
    proxy.dropSilently();
    proxy.stall();
    SocketPair stalled = sockets.connect();
    send(stalled.dialer(), "lost");
    assertThat(isSilent(stalled.acceptor())).isTrue();
    proxy.cutNow();
    for (SocketPair each : List.of(halfOpen, stalled)) {
      assertThat(rest(each.dialer())).isEqualTo(RESET);
      assertThat(rest(each.acceptor())).isEqualTo(RESET);
    }
    assertThat(proxy.cuts()).isEqualTo(2);
    assertThat(proxy.openConnections()).isZero();
  }

  @Test
  void cutsAtOnceInTheMiddleOfAWrite() throws IOException {
    SocketPair sides = sockets.connect();
    CompletableFuture<Boolean> sent = sendAsync(sides.dialer(), 50_000_000);
    eventually(() -> assertThat(proxy.forwarded()).isPositive());
    assertThat(sides.acceptor().getInputStream().read()).isEqualTo('x');
    proxy.cutNow();
    assertThat(rest(sides.acceptor())).endsWith(RESET);
    assertThat(result(sent)).isFalse();
  }

  @Test
  void aCutWaitsForTheWritesUnderWay() throws IOException {
    TrafficLog log = new TrafficLog();
    var connection = new ForwardedConnection(sockets.connect(), log, closed -> {});
    byte[] bytes = new byte[9];
    assertThat(connection.beginWrite(Direction.TO_DIALER, bytes, 0, 9)).isEqualTo(9);
    connection.cutBy(Cut.after(Set.of(Direction.TO_ACCEPTOR), 3, Manner.RESET));
    assertThat(connection.beginWrite(Direction.TO_ACCEPTOR, bytes, 0, 9)).isEqualTo(3);
    connection.endWrite(Direction.TO_ACCEPTOR, true);
    assertThat(connection.isForwarding()).isTrue();
    connection.endWrite(Direction.TO_DIALER, true);
    assertThat(connection.isForwarding()).isFalse();
    assertThat(log.cuts()).isEqualTo(1);
  }

  private static CompletableFuture<Boolean> sendAsync(Socket socket, int bytes) {
    return async(() -> send(socket, "x".repeat(bytes)));
  }
}
