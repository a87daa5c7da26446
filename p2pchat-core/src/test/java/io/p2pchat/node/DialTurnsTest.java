package io.p2pchat.node;

import static io.p2pchat.testing.Eventually.failure;
import static io.p2pchat.testing.Eventually.result;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.Delivery;
import io.p2pchat.NodeSettings;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerUnreachableException;
import io.p2pchat.testing.peers.BareSession;
import io.p2pchat.testing.peers.SilentServer;
import io.p2pchat.testing.peers.TestNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A host whose ports accept and stay silent keeps its dials busy, and not those of others. */
class DialTurnsTest {
  private static final String OTHER_HOST = "127.0.0.2";

  private final List<SilentServer> silent = new ArrayList<>();
  private TestNode honest;

  @BeforeEach
  void start() throws IOException {
    honest = TestNode.start("Honest", builder -> builder.bindAddress(OTHER_HOST));
    for (int i = 0; i < 5; i++) {
      silent.add(SilentServer.open());
    }
  }

  @AfterEach
  void stop() throws IOException {
    honest.close();
    for (SilentServer server : silent) {
      server.close();
    }
  }

  private CompletableFuture<Delivery> send(TestNode from) {
    return from.node().send(PeerAddress.of(honest.node().localAddress()), "hello");
  }

  @Test
  void oneHostHasAFewDialsAtATimeAndLeavesSomeToOthers() {
    NodeSettings settings =
        TestNode.unhurried().maxDialedConnections(4).maxDialedConnectionsPerHost(3).build();
    try (TestNode node = TestNode.start("One", settings)) {
      List<CompletableFuture<Delivery>> kept =
          silent.stream().map(server -> node.node().send(server.address(), "x")).toList();
      assertThat(result(send(node))).isEqualTo(Delivery.ACKNOWLEDGED);
      assertThat(kept).noneMatch(CompletableFuture::isDone);
    }
  }

  @Test
  void someHostsLeaveRoomForAnother() throws IOException {
    NodeSettings settings =
        TestNode.unhurried().maxDialedConnections(4).maxDialedConnectionsPerHost(2).build();
    try (TestNode node = TestNode.start("One", settings);
        ServerSocket third = new ServerSocket(0, 16, InetAddress.getByName("127.0.0.3"));
        ServerSocket fourth = new ServerSocket(0, 16, InetAddress.getByName("127.0.0.3"))) {
      List<CompletableFuture<Delivery>> kept =
          Stream.concat(
                  silent.stream().map(SilentServer::address),
                  Stream.of(third, fourth)
                      .map(server -> new PeerAddress("127.0.0.3", server.getLocalPort())))
              .map(address -> node.node().send(address, "x"))
              .toList();
      assertThat(result(send(node))).isEqualTo(Delivery.ACKNOWLEDGED);
      assertThat(kept).noneMatch(CompletableFuture::isDone);
    }
  }

  @Test
  void hostsTakeTurns() throws IOException {
    try (TestNode node =
        TestNode.start("One", TestNode.unhurried().maxDialedConnections(1).build())) {
      List<CompletableFuture<Delivery>> sends =
          silent.stream().map(server -> node.node().send(server.address(), "x")).toList();
      CompletableFuture<Delivery> other = send(node);
      // Otherwise the first dial could end before the node knows of all messages.
      BareSession.settle(node.port());
      for (int i = 0; i < 2; i++) {
        // The first is being dialed; the second came to wait before the other host did.
        silent.get(i).accept().close();
        assertThat(failure(sends.get(i))).isInstanceOf(PeerUnreachableException.class);
      }
      assertThat(result(other)).isEqualTo(Delivery.ACKNOWLEDGED);
      for (int i = 2; i < silent.size(); i++) {
        silent.get(i).accept().close();
        assertThat(failure(sends.get(i))).isInstanceOf(PeerUnreachableException.class);
      }
    }
  }
}
