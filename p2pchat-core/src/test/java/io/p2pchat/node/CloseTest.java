package io.p2pchat.node;

import static io.p2pchat.testing.Eventually.eventually;
import static io.p2pchat.testing.Eventually.failure;
import static io.p2pchat.testing.Eventually.result;
import static io.p2pchat.testing.Eventually.until;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.p2pchat.Delivery;
import io.p2pchat.NodeClosedException;
import io.p2pchat.NodeMetrics;
import io.p2pchat.NodeSettings;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerEvent.PeerLeft;
import io.p2pchat.PeerUnreachableException;
import io.p2pchat.testing.peers.BareConnection;
import io.p2pchat.testing.peers.BarePeer;
import io.p2pchat.testing.peers.BareSession;
import io.p2pchat.testing.peers.SilentServer;
import io.p2pchat.testing.peers.TestNode;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What closing a node does to its peers, its port, and what waits. */
class CloseTest {

  @Test
  void connectedPeersSeeItLeave() {
    try (TestNode one = TestNode.start("One");
        TestNode two = TestNode.start("Two");
        TestNode three = TestNode.start("Three")) {
      result(one.node().connect(two.address()));
      result(three.node().connect(one.address()));
      eventually(() -> assertThat(one.connected()).hasSize(2));
      one.node().close();
      for (TestNode other : List.of(two, three)) {
        assertThat(other.log().awaitFirst(PeerLeft.class).reason())
            .isEqualTo(PeerLeft.Reason.SAID_EXIT);
        assertThat(other.active()).isEmpty();
      }
    }
  }

  @Test
  void peersThatAreOnlyActiveAreToldNothing() {
    try (TestNode one = TestNode.start("One", TestNode.plain().build());
        TestNode two = TestNode.start("Two")) {
      result(one.send(two, "hello"));
      one.node().close();
      try (TestNode three = TestNode.start("Three", TestNode.plain().build())) {
        result(three.send(two, "after"));
      }
      two.log().awaitTexts(2);
      assertThat(two.log().of(PeerLeft.class)).isEmpty();
    }
  }

  @Test
  void onlyExitGoesAtLevel0ToAPeerThatHasNotGreetedYet() throws IOException {
    NodeSettings patient = TestNode.unhurried().closeTimeout(Duration.ofSeconds(30)).build();
    try (BarePeer peer = BarePeer.open();
        TestNode node = TestNode.start("One", patient)) {
      CompletableFuture<Delivery> secret =
          node.node().send(new PeerAddress("localhost", peer.address().port()), "secret");
      CompletableFuture<Void> closing =
          CompletableFuture.runAsync(node::close, action -> new Thread(action).start());
      BareSession silent = peer.accept();
      silent.say(peer.greeting());
      assertThat(silent.read()).startsWith("HELLO:");
      silent.say(peer.welcome("s".repeat(13), 0));
      assertThat(silent.read()).isEqualTo(node.line("secret"));
      silent.say("ACK:1");
      assertThat(silent.read()).isEqualTo(node.line("exit"));
      silent.say("ACK:2");
      assertThat(result(secret)).isEqualTo(Delivery.ACKNOWLEDGED);
      result(closing);
    }
  }

  @Test
  void exitGoesAtLevel0BehindWhatCouldNotBeSent() throws IOException {
    NodeSettings patient =
        NodeSettings.builder()
            .greetingTimeout(Duration.ofHours(1))
            .closeTimeout(Duration.ofSeconds(30))
            .build();
    try (SilentServer server = SilentServer.open();
        TestNode node = TestNode.start("One", patient)) {
      CompletableFuture<Delivery> secret = node.node().send(server.address(), "secret");
      node.node().disconnect(server.address());
      CompletableFuture<Void> closing =
          CompletableFuture.runAsync(node::close, action -> new Thread(action).start());
      until("the closing", () -> isFree(node.port()));
      server.accept().close();
      assertThat(failure(secret)).isInstanceOf(PeerUnreachableException.class);
      String exit = new String(server.accept().getInputStream().readNBytes(1), UTF_8);
      assertThat(exit).isEqualTo("L");
      result(closing);
    }
  }

  private static boolean isFree(int port) {
    try {
      new ServerSocket(port).close();
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void whatWaitsIsStillSent() {
    NodeSettings patient = TestNode.plain().closeTimeout(Duration.ofMinutes(1)).build();
    try (TestNode one = TestNode.start("One", patient);
        TestNode two = TestNode.start("Two", TestNode.notGreeting().build())) {
      List<CompletableFuture<Delivery>> sends =
          List.of(one.send(two, "1"), one.send(two, "2"), one.send(two, "3"));
      one.node().close();
      sends.forEach(send -> assertThat(result(send)).isEqualTo(Delivery.WRITTEN));
      assertThat(two.log().awaitTexts(3)).containsExactly("1", "2", "3");
    }
  }

  @Test
  void whatCannotBeSentInTimeFails() throws IOException {
    NodeSettings settings =
        NodeSettings.builder()
            .closeTimeout(Duration.ofMillis(100))
            .peerCloseTimeout(Duration.ofHours(1))
            .build();
    try (SilentServer silent = SilentServer.open();
        TestNode node = TestNode.start("One", settings)) {
      CompletableFuture<Delivery> begun = node.node().send(silent.address(), "1");
      assertThat(silent.accept().getInputStream().read()).isPositive();
      CompletableFuture<Delivery> waiting = node.node().send(silent.address(), "2");
      node.node().close();
      assertThat(result(begun)).isEqualTo(Delivery.WRITTEN);
      assertThat(failure(waiting))
          .isInstanceOfSatisfying(
              NodeClosedException.class,
              failure -> assertThat(failure.peer()).contains(silent.address()));
    }
  }

  @Test
  void nothingCanBeSentAfterwards() {
    TestNode node = TestNode.start("One");
    node.close();
    List<CompletableFuture<?>> sends =
        List.of(
            node.send(node, "x"),
            node.node().connect(node.address()),
            node.node().disconnect(node.address()),
            node.node().connectAll(),
            node.node().broadcast("x"));
    assertThat(sends)
        .allSatisfy(send -> assertThat(failure(send)).isInstanceOf(NodeClosedException.class));
  }

  @Test
  void whatItKnewCanStillBeAsked() {
    try (TestNode two = TestNode.start("Two")) {
      TestNode one = TestNode.start("One", TestNode.plain().build());
      result(one.send(two, "x"));
      int port = one.port();
      one.close();
      assertThat(one.node().port()).isEqualTo(port);
      assertThat(one.node().teamName()).isEqualTo("One");
      assertThat(one.active()).containsExactly(two.address());
      assertThat(one.connected()).isEmpty();
    }
  }

  @Test
  void portIsFree() {
    TestNode first = TestNode.start("One");
    int port = first.port();
    BareConnection.sendAndClose(port, BareConnection.line(1000, "A", "x"));
    first.log().awaitTexts(1);
    first.close();
    try (TestNode second = TestNode.start("Two", builder -> builder.port(port))) {
      assertThat(second.port()).isEqualTo(port);
    }
    assertThatCode(() -> new ServerSocket(port).close()).doesNotThrowAnyException();
  }

  @Test
  void connectionsAreEnded() {
    // Silence must not end the line that is begun, however slow the machine is.
    NodeSettings settings = TestNode.notGreeting().quietPeriod(Duration.ofHours(1)).build();
    TestNode node = TestNode.start("One", settings);
    try (BareConnection silent = BareConnection.dial(node.port());
        BareConnection begun = BareConnection.dial(node.port())) {
      begun.write("LISTENING_PORT:1000|TEAM_NAME:A|not ended");
      BareConnection.sendAndClose(node.port(), BareConnection.line(1000, "A", "x"));
      node.log().awaitTexts(1);
      node.close();
      assertThat(silent.readToEnd()).isEmpty();
      assertThat(begun.readToEnd()).isEmpty();
    }
    assertThat(node.log().texts()).containsExactly("x");
  }

  @Test
  void eventsThatWaitStillReachTheListener() {
    NodeSettings patient = TestNode.plain().closeTimeout(Duration.ofMinutes(1)).build();
    TestNode node = TestNode.start("One", patient);
    try (BareConnection connection = BareConnection.dial(node.port())) {
      connection.write((BareConnection.line(1000, "A", "x") + "\n").repeat(1000));
      node.log().awaitTexts(1);
      connection.endOutput().readToEnd();
    }
    node.close();
    assertThat(node.log().texts()).hasSize(1000);
  }

  /** Peers with keys dial, write and connect to all of their peers while it closes. */
  @Test
  void peersWithKeysThatComeWhileItClosesAreNeitherKeptNorLeftWaiting() {
    for (int round = 0; round < 5; round++) {
      List<TestNode> others = new ArrayList<>();
      List<CompletableFuture<?>> sent = new ArrayList<>();
      TestNode one = TestNode.start("One");
      try {
        for (int i = 0; i < 8; i++) {
          others.add(TestNode.start("Other" + i));
        }
        result(others.get(0).send(one, "hello"));
        result(one.node().connect(others.get(0).address()));
        for (TestNode other : others) {
          sent.add(other.send(one, "hi"));
          sent.add(other.node().connect(one.address()));
          sent.add(one.send(other, "and hi"));
        }
        sent.add(one.node().connectAll());
        CompletableFuture<Void> closing =
            CompletableFuture.runAsync(one.node()::close, action -> new Thread(action).start());
        for (TestNode other : others) {
          sent.add(other.send(one, "late"));
          sent.add(other.node().connectAll());
        }
        result(closing);
        int heard = one.log().texts().size();
        NodeMetrics metrics = one.node().metrics();
        assertThat(metrics.plainConnections() + metrics.sessionConnections()).isZero();
        assertThat(metrics.outboundMessages()).isZero();
        until("the ends of the sends", () -> sent.stream().allMatch(CompletableFuture::isDone));
        assertThat(one.log().texts()).hasSize(heard);
        for (TestNode other : others) {
          eventually(() -> assertThat(other.connected()).isEmpty());
        }
      } finally {
        one.close();
        others.forEach(TestNode::close);
      }
    }
  }
}
