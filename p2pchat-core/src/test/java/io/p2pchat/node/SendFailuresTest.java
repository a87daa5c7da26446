package io.p2pchat.node;

import static io.p2pchat.testing.Eventually.eventually;
import static io.p2pchat.testing.Eventually.failure;
import static io.p2pchat.testing.Eventually.result;
import static io.p2pchat.testing.Eventually.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.Delivery;
import io.p2pchat.DeliveryUnknownException;
import io.p2pchat.MessageTooLargeException;
import io.p2pchat.NodeSettings;
import io.p2pchat.OutboundQueueFullException;
import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerEvent.PeerReachable;
import io.p2pchat.PeerEvent.PeerUnreachable;
import io.p2pchat.PeerUnreachableException;
import io.p2pchat.testing.peers.Gate;
import io.p2pchat.testing.peers.OneReadPeer;
import io.p2pchat.testing.peers.SilentServer;
import io.p2pchat.testing.peers.TestNode;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SendFailuresTest {
  private TestNode node;

  @BeforeEach
  void start() {
    node =
        TestNode.start(
            "One",
            NodeSettings.builder()
                .maxFrameBytes(2000)
                .peerCloseTimeout(Duration.ofHours(1))
                .outboundLinesPerPeer(3)
                .outboundBytesPerPeer(2000)
                .build());
  }

  @AfterEach
  void stop() {
    node.close();
  }

  @Test
  void refusedConnectionIsUnreachableAndNoPeer() throws IOException {
    PeerAddress nobody = SilentServer.nobody();
    assertThat(failure(node.node().send(nobody, "x")))
        .isInstanceOf(PeerUnreachableException.class)
        .hasMessageContaining(nobody.toString())
        .hasMessageContaining("refused");
    assertThat(node.active()).isEmpty();
    assertThat(node.log().all()).isEmpty();
  }

  @Test
  void connectionThatIsNotAnsweredIsUnreachable() throws IOException {
    NodeSettings impatient = NodeSettings.builder().connectTimeout(Duration.ofMillis(300)).build();
    try (SilentServer server = SilentServer.unanswering();
        TestNode two = TestNode.start("Two", impatient)) {
      CompletableFuture<Delivery> first = two.node().send(server.address(), "x");
      CompletableFuture<Delivery> second = two.node().send(server.address(), "y");
      assertThat(List.of(failure(first), failure(second)))
          .allSatisfy(
              error ->
                  assertThat(error)
                      .isInstanceOf(PeerUnreachableException.class)
                      .hasMessageContaining(server.address().toString())
                      .hasMessageContaining("300 ms"));
    }
  }

  @Test
  void activePeerThatCannotBeReachedStaysInTheListsUntilItIsReached() throws IOException {
    OneReadPeer gone = new OneReadPeer("Python");
    PeerAddress address = gone.address();
    result(node.node().connect(address));
    gone.close();
    assertThat(failure(node.node().send(address, "x")))
        .isInstanceOf(PeerUnreachableException.class);
    assertThat(failure(node.node().send(address, "y")))
        .isInstanceOf(PeerUnreachableException.class);
    assertThat(node.log().awaitFirst(PeerUnreachable.class).peer().address()).isEqualTo(address);
    assertThat(node.connected()).containsExactly(address);
    assertThat(node.node().activePeers().get(0).state()).isEqualTo(Peer.State.UNREACHABLE);
    gone.send(node.port(), "here again");
    assertThat(node.log().awaitFirst(PeerReachable.class).peer().state())
        .isEqualTo(Peer.State.REACHABLE);
    node.log().awaitTexts(1);
    assertThat(node.log().of(PeerUnreachable.class)).hasSize(1);
    assertThat(node.node().activePeers().get(0).state()).isEqualTo(Peer.State.REACHABLE);
  }

  @Test
  void peerThatCannotBeReachedIsLeftAllTheSame() throws IOException {
    OneReadPeer gone = new OneReadPeer("Python");
    result(node.node().connect(gone.address()));
    gone.close();
    assertThat(failure(node.node().disconnect(gone.address())))
        .isInstanceOf(PeerUnreachableException.class);
    assertThat(node.active()).isEmpty();
    eventually(
        () ->
            assertThat(node.log().kinds())
                .containsExactly("PeerActive", "PeerConnected", "PeerLeft"));
  }

  @Test
  void resetAfterWritingIsUnknownDelivery() throws IOException {
    try (SilentServer server = SilentServer.open()) {
      CompletableFuture<Delivery> send = node.node().send(server.address(), "x");
      Socket connection = server.accept();
      assertThat(connection.getInputStream().readAllBytes()).isNotEmpty();
      connection.setSoLinger(true, 0);
      connection.close();
      assertThat(failure(send))
          .isInstanceOfSatisfying(
              DeliveryUnknownException.class,
              failure -> assertThat(failure.peer()).contains(server.address()));
      assertThat(node.active()).containsExactly(server.address());
    }
  }

  @Test
  void tooLargeMessageIsRefusedAtOnceAndNothingIsSent() throws IOException {
    try (OneReadPeer peer = new OneReadPeer("Python")) {
      int header = node.line("").length();
      CompletableFuture<Delivery> send =
          node.node().send(peer.address(), "x".repeat(2000 - header));
      assertThat(send).isCompletedExceptionally();
      assertThat(failure(send))
          .isInstanceOfSatisfying(
              MessageTooLargeException.class,
              failure -> {
                assertThat(failure.peer()).contains(peer.address());
                assertThat(failure.bytes()).isEqualTo(2001);
                assertThat(failure.limit()).isEqualTo(2000);
              })
          .hasMessageContaining("2000");
      result(node.node().send(peer.address(), "x".repeat(1999 - header)));
      assertThat(String.join("", peer.printed())).isEqualTo("x".repeat(1999 - header));
    }
  }

  @Test
  void fullQueueRefusesAtOnceAndTakesAgainWhenItIsEmptier() throws IOException {
    try (SilentServer server = SilentServer.open()) {
      CompletableFuture<Delivery> first = node.node().send(server.address(), "1");
      CompletableFuture<Delivery> second = node.node().send(server.address(), "2");
      CompletableFuture<Delivery> third = node.node().send(server.address(), "3");
      CompletableFuture<Delivery> refused = node.node().send(server.address(), "4");
      assertThat(refused).isCompletedExceptionally();
      assertThat(failure(refused))
          .isInstanceOfSatisfying(
              OutboundQueueFullException.class,
              failure -> assertThat(failure.peer()).contains(server.address()))
          .hasMessageContaining("3 messages");
      server.accept().close();
      until("room", first::isDone);
      assertThat(node.node().send(server.address(), "5")).isNotCompletedExceptionally();
      assertThat(List.of(second, third)).noneMatch(CompletableFuture::isDone);
    }
  }

  @Test
  void exitThatIsRefusedBecauseTheListenerIsBehindLeavesAllTheSame() {
    Gate gate = new Gate();
    NodeSettings little = TestNode.plain().inboundBytesPerSource(1024).build();
    try (TestNode everywhere = TestNode.start("Two", TestNode.notGreeting().build());
        TestNode busy = TestNode.start("Three", b -> b.settings(little).listener(gate))) {
      PeerAddress named = new PeerAddress("localhost", everywhere.port());
      result(busy.node().send(named, "x"));
      PeerAddress local = busy.active().get(0);
      CompletableFuture<Delivery> sent;
      int peers = 1;
      do {
        peers++;
        sent = busy.node().send(new PeerAddress("127.0.1." + peers, everywhere.port()), "x");
        until("an end", sent::isDone);
      } while (!sent.isCompletedExceptionally());
      assertThat(failure(sent)).isInstanceOf(OutboundQueueFullException.class);
      List<PeerAddress> active = busy.active();
      assertThat(active).isNotEmpty();
      for (PeerAddress peer : active) {
        assertThat(failure(busy.node().disconnect(peer.equals(local) ? named : peer)))
            .isInstanceOf(OutboundQueueFullException.class);
      }
      until("all left", () -> busy.active().isEmpty());
    } finally {
      gate.open();
    }
  }

  @Test
  void queueIsBoundedInBytesToo() throws IOException {
    try (SilentServer server = SilentServer.open()) {
      CompletableFuture<Delivery> first = node.node().send(server.address(), "x".repeat(1900));
      CompletableFuture<Delivery> refused = node.node().send(server.address(), "x".repeat(100));
      assertThat(failure(refused)).isInstanceOf(OutboundQueueFullException.class);
      assertThat(first).isNotDone();
    }
  }

  @Test
  void whatDoesNotFitIntoTheQueueOfANamedPeerFailsOnNoThreadThatDoesInputOrOutput()
      throws IOException {
    try (SilentServer server = SilentServer.open()) {
      PeerAddress named = new PeerAddress("localhost", server.address().port());
      List<CompletableFuture<Delivery>> fill =
          List.of(
              node.node().send(server.address(), "1"),
              node.node().send(server.address(), "2"),
              node.node().send(server.address(), "3"));
      CompletableFuture<String> thread =
          node.node()
              .send(named, "4")
              .handle((delivery, failure) -> failure + " on " + Thread.currentThread().getName());
      assertThat(result(thread)).contains("OutboundQueueFullException").doesNotContain("-io");
      assertThat(fill).noneMatch(CompletableFuture::isDone);
    }
  }
}
