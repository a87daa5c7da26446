package io.p2pchat.node;

import static io.p2pchat.testing.Eventually.failure;
import static io.p2pchat.testing.Eventually.result;
import static io.p2pchat.testing.Eventually.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.Delivery;
import io.p2pchat.DeliveryUnknownException;
import io.p2pchat.NodeSettings;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerEvent.PeerConnected;
import io.p2pchat.PeerUnreachableException;
import io.p2pchat.testing.Blocking;
import io.p2pchat.testing.peers.TestNode;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** A peer that asks and never reads the answers costs a bounded amount (PROTOCOL.md section 6). */
class UnreadPeerTest {
  private static final int MIB = 1024 * 1024;
  private static final String HELLO =
      "HELLO:1|NODE:" + "a".repeat(26) + "|LIMIT:65536|LISTENING_PORT:1000|TEAM_NAME:Silent\n";

  @Test
  void answersThatAreNotReadDoNotPileUp() throws IOException {
    int pings = 2_000;
    byte[] ping = ("PING:" + "x".repeat(30_000) + "\n").getBytes(StandardCharsets.UTF_8);
    try (TestNode node = TestNode.start("One");
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), node.port())) {
      OutputStream out = socket.getOutputStream();
      out.write(HELLO.getBytes(StandardCharsets.UTF_8));
      for (int i = 0; i < pings; i++) {
        out.write(ping);
      }
      out.write("LISTENING_PORT:1000|TEAM_NAME:Silent|done\n".getBytes(StandardCharsets.UTF_8));
      node.log().awaitTexts(1);
      // What was given to the connection: far from all that was asked for.
      assertThat(node.node().metrics().bytesReceived()).isGreaterThan(pings * 30_000L);
      assertThat(node.node().metrics().bytesSent()).isLessThan(pings * 30_000L / 2);
      assertThat(node.node().metrics().sessionConnections()).isOne();
    }
  }

  @Test
  void reservedLinesWaitWithinTheBoundToo() throws IOException {
    byte[] lines =
        "LISTENING_PORT:1000|TEAM_NAME:Silent|connection message\n"
            .repeat(30_000)
            .getBytes(StandardCharsets.UTF_8);
    CountDownLatch open = new CountDownLatch(1);
    CountDownLatch begun = new CountDownLatch(1);
    try (TestNode node =
            TestNode.start(
                "One",
                builder -> builder.on(PeerConnected.class, event -> Blocking.until(open, begun)));
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), node.port())) {
      socket.getOutputStream().write(HELLO.getBytes(StandardCharsets.UTF_8));
      CompletableFuture<Void> written =
          CompletableFuture.runAsync(() -> write(socket, lines), run -> new Thread(run).start());
      until("a full window", () -> node.node().metrics().inboundBytes() >= MIB);
      assertThat(node.node().metrics().inboundBytes()).isLessThan(2 * MIB);
      open.countDown();
      result(written);
    }
  }

  /** Takes the 2 seconds that a node gives a peer which has left. */
  @Test
  void lastAcknowledgementIsNotLostThoughTheConnectionIsFull() throws IOException {
    int messages = 300;
    String text = "x".repeat(60_000);
    NodeSettings much = NodeSettings.builder().outboundBytesPerPeer(32 * MIB).build();
    PeerAddress silent = new PeerAddress("127.0.0.1", 1000);
    try (TestNode node = TestNode.start("One", much);
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), node.port())) {
      write(socket, HELLO.getBytes(StandardCharsets.UTF_8));
      until("a session", () -> node.node().metrics().sessionConnections() == 1);
      CompletableFuture<Delivery> first = node.node().send(silent, text);
      for (int i = 1; i < messages; i++) {
        assertThat(node.node().send(silent, text)).isNotDone();
      }
      until("the first line", () -> node.node().metrics().bytesSent() > text.length());
      write(socket, "LISTENING_PORT:1000|TEAM_NAME:Silent|exit\n".getBytes(StandardCharsets.UTF_8));
      assertThat(failure(first)).isInstanceOf(DeliveryUnknownException.class);
      byte[] read = socket.getInputStream().readAllBytes();
      assertThat(read.length).isLessThan(messages * text.length());
      assertThat(new String(read, StandardCharsets.UTF_8).lines())
          .filteredOn(line -> !line.startsWith("LISTENING_PORT:"))
          .endsWith("ACK:1", "BYE:closing");
    }
  }

  /** So the {@code exit} is never written. */
  @Test
  void whoeverReadsNothingCanBeLeft() throws IOException {
    NodeSettings much =
        NodeSettings.builder()
            .outboundBytesPerPeer(32 * MIB)
            .stallTimeout(Duration.ofMillis(100))
            .sessionTimeout(Duration.ofHours(1))
            .build();
    PeerAddress silent = new PeerAddress("127.0.0.1", 1000);
    try (TestNode node = TestNode.start("One", much);
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), node.port())) {
      write(socket, HELLO.getBytes(StandardCharsets.UTF_8));
      until("a session", () -> node.node().metrics().sessionConnections() == 1);
      String text = "x".repeat(60_000);
      for (int i = 0; i < 300; i++) {
        assertThat(node.node().send(silent, text)).isNotDone();
      }
      CompletableFuture<Delivery> exit = node.node().disconnect(silent);
      until(
          "it has left",
          () -> {
            write(socket, "PONG:alive\n".getBytes(StandardCharsets.UTF_8));
            return exit.isDone();
          });
      assertThat(node.active()).isEmpty();
      assertThat(failure(exit)).isInstanceOf(PeerUnreachableException.class);
    }
  }

  private static void write(Socket socket, byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
