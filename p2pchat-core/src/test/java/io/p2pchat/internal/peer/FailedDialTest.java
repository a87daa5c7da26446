package io.p2pchat.internal.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.netty.channel.ConnectTimeoutException;
import io.p2pchat.Delivery;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerUnreachableException;
import io.p2pchat.PeerUnreachableException.Reason;
import io.p2pchat.internal.net.Unreachable;
import io.p2pchat.internal.net.handshake.SessionDial;
import io.p2pchat.internal.protocol.Greeting;
import io.p2pchat.testing.Eventually;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What becomes of the messages that wait for a dial that fails. */
class FailedDialTest {
  private static final PeerAddress PEER = new PeerAddress("10.0.0.2", 7000);
  private static final Greeting GREETING = new Greeting(1, Greeting.Tls.OFFERED, "g".repeat(26));

  private final DialBench bench = new DialBench();

  static List<Exception> failuresToConnect() {
    return List.of(
        new NoRouteToHostException("No route to host"),
        new ConnectException("Connection refused"),
        new ConnectTimeoutException("no answer"),
        new SocketException("Network is unreachable"));
  }

  static List<PeerUnreachableException> endsOfAConnection() {
    return List.of(
        Unreachable.of(PEER, Reason.CLOSED, "it closed"),
        // While this node was still connecting.
        Unreachable.of(PEER, "it closed", new SocketException("Connection reset by peer")));
  }

  private List<CompletableFuture<Delivery>> send(int messages) {
    List<CompletableFuture<Delivery>> sends =
        IntStream.range(0, messages).mapToObj(i -> bench.send(PEER, "" + i)).toList();
    bench.loop.runTasks();
    return sends;
  }

  @ParameterizedTest
  @MethodSource("failuresToConnect")
  void firstContactThatCannotConnectFailsAllThatWaits(Exception cause) {
    List<CompletableFuture<Delivery>> sends = send(5000);
    bench.dials.remove().outcome().failed(Unreachable.of(PEER, "it is off", cause));
    bench.loop.runTasks();
    assertAllFailed(sends);
    assertThat(bench.dials).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("failuresToConnect")
  void plainSendThatCannotConnectFailsAllThatWaits(Exception cause) {
    List<CompletableFuture<Delivery>> sends = send(5000);
    Objects.requireNonNull(bench.dials.remove().outcome().plain(false)).done().accept(null);
    bench.loop.runTasks();
    assertThat(Eventually.result(sends.get(0))).isEqualTo(Delivery.WRITTEN);
    bench.plainDials.remove().done().accept(Unreachable.of(PEER, "it is off", cause));
    bench.loop.runTasks();
    assertAllFailed(sends.subList(1, 5000));
    assertThat(bench.plainDials).isEmpty();
  }

  /** The rest of a long text, and all behind it, fails too. */
  @Test
  void longTextThatIsCutOffByAFailureToConnectFailsAllThatWaits() {
    CompletableFuture<Delivery> text = bench.send(PEER, "x".repeat(3000));
    CompletableFuture<Delivery> next = bench.send(PEER, "next");
    bench.loop.runTasks();
    Objects.requireNonNull(bench.dials.remove().outcome().plain(false)).done().accept(null);
    bench
        .plainDials
        .remove()
        .done()
        .accept(Unreachable.of(PEER, "it is off", new ConnectException("refused")));
    bench.loop.runTasks();
    assertThat(Eventually.failure(text)).hasMessageContaining("Only the first 1 lines");
    assertAllFailed(List.of(next));
    assertThat(bench.plainDials).isEmpty();
  }

  /** It closes each connection, perhaps because it is full: the next one may succeed. */
  @ParameterizedTest
  @MethodSource("endsOfAConnection")
  void peerThatConnectsAndClosesFailsOneMessage(PeerUnreachableException end) {
    assertThat(end.reason()).isEqualTo(Reason.CLOSED);
    List<CompletableFuture<Delivery>> sends = send(2);
    bench.dials.remove().outcome().failed(end);
    bench.loop.runTasks();
    assertAllFailed(sends.subList(0, 1));
    assertThat(sends.get(1)).isNotDone();
    assertThat(bench.dials).hasSize(1);
  }

  /** A busy peer greets, and then has no time for TLS. */
  @Test
  void addressThatGreetedAndFailedInTheTlsHandshakeIsNotAtLevelZero() {
    List<CompletableFuture<Delivery>> sends = send(3);
    SessionDial.Outcome first = bench.dials.remove().outcome();
    first.encrypts(GREETING);
    first.failed(Unreachable.of(PEER, Reason.HANDSHAKE, "the TLS handshake took too long"));
    bench.loop.runTasks();
    assertAllFailed(sends.subList(0, 1));
    SessionDial second = bench.dials.remove();
    assertThat(second.patience()).isEqualTo(Duration.ofSeconds(5));
    PeerUnreachableException silent =
        catchThrowableOfType(PeerUnreachableException.class, () -> second.outcome().plain(true));
    assertThat(silent).hasMessageContaining("did not greet in time");
    assertThat(silent.reason()).isEqualTo(Reason.TIMED_OUT);
    second.outcome().failed(silent);
    bench.loop.runTasks();
    assertAllFailed(sends.subList(1, 2));
    assertThat(sends.get(2)).isNotDone();
  }

  @Test
  void firstContactThatIsCutInTheTlsHandshakeIsTriedAgainForAWhile() {
    List<CompletableFuture<Delivery>> sends = send(2);
    int dials = 0;
    for (int tenths = 0; sends.stream().noneMatch(CompletableFuture::isDone); tenths++) {
      assertThat(tenths).isLessThan(100);
      for (SessionDial dial = bench.dials.poll(); dial != null; dial = bench.dials.poll()) {
        dials++;
        dial.outcome().encrypts(GREETING);
        dial.outcome().cut("the connection ended during the TLS handshake");
      }
      bench.loop.pass(100);
    }
    assertThat(dials).isBetween(3, 20);
    assertAllFailed(sends);
    assertThat(Eventually.failure(sends.get(0)))
        .hasMessageContaining("the connection ended during the TLS handshake")
        .extracting(failure -> ((PeerUnreachableException) failure).reason())
        .isEqualTo(Reason.HANDSHAKE);
  }

  /** It has waited for its turn to begin TLS. */
  @Test
  void firstContactThatIsCutLateIsTriedAgainForAsLong() {
    List<CompletableFuture<Delivery>> sends = send(2);
    SessionDial.Outcome first = bench.dials.remove().outcome();
    first.encrypts(GREETING);
    for (int seconds = 0; seconds < 20; seconds++) {
      bench.loop.pass(1000);
    }
    first.cut("the connection ended before the TLS handshake");
    bench.loop.pass(1000);
    assertThat(bench.dials).hasSize(1);
    assertThat(sends).noneMatch(CompletableFuture::isDone);
  }

  private static void assertAllFailed(List<CompletableFuture<Delivery>> sends) {
    assertThat(sends).allMatch(CompletableFuture::isCompletedExceptionally);
    assertThat(sends.stream().map(Eventually::failure).distinct())
        .hasSize(sends.size())
        .allSatisfy(failure -> assertThat(failure).isInstanceOf(PeerUnreachableException.class));
  }
}
