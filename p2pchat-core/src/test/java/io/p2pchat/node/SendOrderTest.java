package io.p2pchat.node;

import static io.p2pchat.testing.Eventually.result;
import static io.p2pchat.testing.Eventually.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.Delivery;
import io.p2pchat.NodeSettings;
import io.p2pchat.testing.peers.OneReadPeer;
import io.p2pchat.testing.peers.SilentServer;
import io.p2pchat.testing.peers.TestNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SendOrderTest {
  private TestNode node;

  @BeforeEach
  void start() {
    node =
        TestNode.start(
            "One",
            NodeSettings.builder()
                .peerCloseTimeout(Duration.ofHours(1))
                .connectTimeout(Duration.ofMinutes(1))
                .build());
  }

  @AfterEach
  void stop() {
    node.close();
  }

  @Test
  void messagesToOnePeerArriveInTheOrderOfTheCalls() throws IOException {
    try (OneReadPeer peer = new OneReadPeer("Python")) {
      List<String> texts = IntStream.range(0, 300).mapToObj(i -> "m" + i).toList();
      result(all(texts.stream().map(text -> node.node().send(peer.address(), text)).toList()));
      assertThat(peer.printed()).isEqualTo(texts);
    }
  }

  @Test
  void futuresCompleteInTheOrderOfTheCalls() throws IOException {
    List<Integer> completed = new CopyOnWriteArrayList<>();
    List<CompletableFuture<?>> sends = new ArrayList<>();
    try (OneReadPeer peer = new OneReadPeer("Python")) {
      for (int i = 0; i < 100; i++) {
        int number = i;
        sends.add(node.node().send(peer.address(), "x").thenAccept(sent -> completed.add(number)));
      }
      result(all(sends));
    }
    assertThat(completed).isEqualTo(IntStream.range(0, 100).boxed().toList());
  }

  @Test
  void piecesOfALongTextAreNotMixedWithOtherMessages() throws IOException {
    try (OneReadPeer peer = new OneReadPeer("Python")) {
      CompletableFuture<Delivery> before = node.node().send(peer.address(), "before");
      CompletableFuture<Delivery> text = node.node().send(peer.address(), "x".repeat(20_000));
      CompletableFuture<Delivery> after = node.node().send(peer.address(), "after");
      result(all(List.of(before, text, after)));
      assertThat(peer.printed()).startsWith("before").endsWith("after");
      assertThat(String.join("", peer.printed()))
          .isEqualTo("before" + "x".repeat(20_000) + "after");
    }
  }

  @Test
  void peersDoNotWaitForOneThatNeverCloses() throws IOException {
    try (SilentServer silent = SilentServer.open();
        OneReadPeer peer = new OneReadPeer("Python")) {
      CompletableFuture<Delivery> slow = node.node().send(silent.address(), "x");
      for (int i = 0; i < 20; i++) {
        result(node.node().send(peer.address(), "m" + i));
      }
      assertThat(slow).isNotDone();
      silent.accept().close();
      until("the slow one", slow::isDone);
    }
  }

  @Test
  void peersDoNotWaitForOneThatDoesNotAnswer() throws IOException {
    try (SilentServer unanswering = SilentServer.unanswering();
        TestNode two = TestNode.start("Two")) {
      CompletableFuture<Delivery> slow = node.node().send(unanswering.address(), "x");
      for (int i = 0; i < 20; i++) {
        result(node.send(two, "m" + i));
      }
      two.log().awaitTexts(20);
      assertThat(slow).isNotDone();
    }
  }

  @Test
  void messagesCrossInBothDirectionsInOrder() {
    try (TestNode two = TestNode.start("Two")) {
      List<String> texts = IntStream.range(0, 200).mapToObj(i -> "m" + i).toList();
      List<CompletableFuture<?>> sends = new ArrayList<>();
      for (String text : texts) {
        sends.add(node.send(two, text));
        sends.add(two.send(node, text));
      }
      result(all(sends));
      assertThat(node.log().awaitTexts(200)).isEqualTo(texts);
      assertThat(two.log().awaitTexts(200)).isEqualTo(texts);
    }
  }

  private static CompletableFuture<Void> all(List<? extends CompletableFuture<?>> futures) {
    return CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new));
  }
}
