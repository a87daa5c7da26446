package io.p2pchat.node;

import static io.p2pchat.testing.Eventually.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.Delivery;
import io.p2pchat.NodeSettings;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerUnreachableException;
import io.p2pchat.PeerUnreachableException.Reason;
import io.p2pchat.Security;
import io.p2pchat.testing.peers.BarePeer;
import io.p2pchat.testing.peers.SilentServer;
import io.p2pchat.testing.peers.TestNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class UnreachableReasonTest {
  private static TestNode start(NodeSettings.Builder settings) {
    return TestNode.start("One", settings.build());
  }

  private static PeerUnreachableException unreachable(CompletableFuture<Delivery> send) {
    Throwable failure = failure(send);
    assertThat(failure).isInstanceOf(PeerUnreachableException.class);
    return (PeerUnreachableException) failure;
  }

  private static void assertUnreachable(TestNode node, PeerAddress peer, Reason reason) {
    PeerUnreachableException failure = unreachable(node.node().send(peer, "x"));
    assertThat(failure.reason()).isEqualTo(reason);
    assertThat(failure.peer()).contains(peer);
    assertThat(failure).hasMessageStartingWith("Could not reach " + peer + ": ");
  }

  @Test
  void nobodyListens() throws IOException {
    try (TestNode node = start(NodeSettings.builder())) {
      assertUnreachable(node, SilentServer.nobody(), Reason.REFUSED);
    }
  }

  @Test
  void nobodyListensAtTheAddressOfAName() throws IOException {
    try (TestNode node = start(NodeSettings.builder())) {
      PeerAddress nobody = SilentServer.nobody();
      PeerUnreachableException failure =
          unreachable(node.node().send(new PeerAddress("localhost", nobody.port()), "x"));
      assertThat(failure.reason()).isEqualTo(Reason.REFUSED);
    }
  }

  @Test
  void nothingAnswersAndEachMessageFailsWithThatAnew() throws IOException {
    try (TestNode node = start(NodeSettings.builder().connectTimeout(Duration.ofMillis(300)));
        SilentServer server = SilentServer.unanswering()) {
      CompletableFuture<Delivery> first = node.node().send(server.address(), "1");
      CompletableFuture<Delivery> second = node.node().send(server.address(), "2");
      PeerUnreachableException one = unreachable(first);
      PeerUnreachableException other = unreachable(second);
      assertThat(one.reason()).isEqualTo(Reason.TIMED_OUT);
      assertThat(other.reason()).isEqualTo(Reason.TIMED_OUT);
      assertThat(other.peer()).contains(server.address());
      assertThat(other).isNotSameAs(one);
    }
  }

  /** The broadcast address of the loopback network: no connection can be made to it. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void thereIsNoRoute() {
    try (TestNode node = start(NodeSettings.builder())) {
      assertUnreachable(node, new PeerAddress("127.255.255.255", 7001), Reason.NO_ROUTE);
    }
  }

  @Test
  void theTwoDoNotAgreeOnEncryption() {
    try (TestNode node = TestNode.start("One", builder -> builder.security(Security.plaintext()));
        TestNode other = TestNode.start("Two", builder -> builder.security(Security.required()))) {
      assertUnreachable(node, other.address(), Reason.HANDSHAKE);
    }
  }

  @Test
  void thePeerEndsTheTlsHandshake() {
    try (TestNode node = start(NodeSettings.builder());
        BarePeer peer = BarePeer.open()) {
      CompletableFuture<Delivery> send = node.node().send(peer.address(), "x");
      Thread each = new Thread(() -> endAfterGreeting(peer));
      each.start();
      assertThat(unreachable(send).reason()).isEqualTo(Reason.HANDSHAKE);
    }
  }

  /** Ends each connection after the greeting, until the peer is closed. */
  private static void endAfterGreeting(BarePeer peer) {
    try {
      while (true) {
        peer.accept().say(peer.greeting("offered")).endOutput();
      }
    } catch (UncheckedIOException closed) {
      // The test is over.
    }
  }

  @Test
  void thePeerClosesBeforeAnythingIsSaid() throws IOException {
    try (TestNode node = start(TestNode.unhurried());
        SilentServer server = SilentServer.open()) {
      CompletableFuture<Delivery> send = node.node().send(server.address(), "x");
      server.accept().close();
      PeerUnreachableException failure = unreachable(send);
      assertThat(failure.reason()).isEqualTo(Reason.CLOSED);
      assertThat(failure.peer()).contains(server.address());
    }
  }
}
