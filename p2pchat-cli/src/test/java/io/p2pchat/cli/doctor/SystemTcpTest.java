package io.p2pchat.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.p2pchat.PeerNode;
import io.p2pchat.Security;
import io.p2pchat.Trust;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real connections, on the loopback. */
class SystemTcpTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path temp;
  private final SystemTcp tcp = new SystemTcp();

  private static InetSocketAddress at(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  @Test
  void aNodeGreetsAndProvesItsKey() throws Exception {
    try (PeerNode node =
            PeerNode.builder()
                .teamName("Bob")
                .bindAddress("127.0.0.1")
                .security(Security.opportunistic().with(Trust.pinned(temp.resolve("bob"))))
                .listener(event -> {})
                .start();
        TcpProbe.Connection connection = tcp.connect(at(node.port()), PATIENCE)) {
      assertThat(connection.greeting(PATIENCE).orElseThrow().tls()).isEqualTo("offered");
      assertThat(connection.tls(PATIENCE)).isEqualTo(node.fingerprint().orElseThrow());
      assertThat(node.activePeers()).isEmpty();
    }
  }

  @Test
  void aProgramThatSaysSomethingElseDoesNotGreet() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        TcpProbe.Connection connection = tcp.connect(at(server.getLocalPort()), PATIENCE);
        Socket accepted = server.accept()) {
      assertThat(connection.greeting(Duration.ofMillis(20))).isEmpty();
      accepted.getOutputStream().write("220 ready\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(connection.greeting(PATIENCE)).isEmpty();
      accepted.getOutputStream().write("x".repeat(2000).getBytes(StandardCharsets.US_ASCII));
      assertThat(connection.greeting(PATIENCE)).isEmpty();
    }
  }

  @Test
  void aHandshakeOfSingleBytesEndsInTime() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        TcpProbe.Connection connection = tcp.connect(at(server.getLocalPort()), PATIENCE);
        Socket accepted = server.accept()) {
      CompletableFuture<Void> drip =
          CompletableFuture.runAsync(
              () -> drip(accepted), task -> new Thread(task, "drip").start());
      assertThatThrownBy(() -> connection.tls(Duration.ofMillis(200)))
          .isInstanceOf(SocketTimeoutException.class);
      // The connection is closed, so the next byte fails.
      drip.handle((done, failure) -> failure).get(60, TimeUnit.SECONDS);
    }
  }

  /** Sends the header of a long TLS record, and then a byte each 50 ms, until that fails. */
  private static void drip(Socket to) {
    try {
      to.getOutputStream().write(new byte[] {22, 3, 3, 64, 0});
      while (true) {
        TimeUnit.MILLISECONDS.sleep(50);
        to.getOutputStream().write(0);
      }
    } catch (IOException | InterruptedException e) {
      throw new CompletionException(e);
    }
  }

  @Test
  void anEndBeforeAnyByteIsAFailure() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        TcpProbe.Connection connection = tcp.connect(at(server.getLocalPort()), PATIENCE)) {
      server.accept().close();
      assertThatThrownBy(() -> connection.greeting(PATIENCE)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void aPortIsTakenWhileItIsListenedOn() throws Exception {
    try (ServerSocket first = (ServerSocket) tcp.listen(at(0))) {
      int port = first.getLocalPort();
      assertThatThrownBy(() -> tcp.listen(at(port))).isInstanceOf(BindException.class);
      tcp.connect(at(port), PATIENCE).close();
    }
  }

  @Test
  void failuresAreToldApart() {
    assertThat(ConnectFailure.of(new ConnectException("Connection refused: connect")))
        .isEqualTo(ConnectFailure.REFUSED);
    assertThat(ConnectFailure.of(new ConnectException("Connection timed out: connect")))
        .isEqualTo(ConnectFailure.TIMED_OUT);
    assertThat(ConnectFailure.of(new SocketTimeoutException())).isEqualTo(ConnectFailure.TIMED_OUT);
    assertThat(ConnectFailure.of(new NoRouteToHostException())).isEqualTo(ConnectFailure.NO_ROUTE);
    assertThat(ConnectFailure.of(new ConnectException("Network is unreachable")))
        .isEqualTo(ConnectFailure.NO_ROUTE);
    assertThat(ConnectFailure.of(new IOException())).isEqualTo(ConnectFailure.OTHER);
  }
}
