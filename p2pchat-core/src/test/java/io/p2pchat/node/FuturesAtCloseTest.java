package io.p2pchat.node;

import static io.p2pchat.testing.Eventually.eventually;
import static io.p2pchat.testing.Eventually.result;
import static io.p2pchat.testing.Eventually.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.Delivery;
import io.p2pchat.NodeSettings;
import io.p2pchat.testing.Blocking;
import io.p2pchat.testing.peers.RunningNodeThreads;
import io.p2pchat.testing.peers.SilentServer;
import io.p2pchat.testing.peers.TestNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** Each future completes, however the node is closed. */
@Isolated("it counts the threads of all nodes of this JVM")
class FuturesAtCloseTest {
  private static final NodeSettings IN_A_HURRY =
      NodeSettings.builder().closeTimeout(Duration.ofMillis(50)).build();

  private final RunningNodeThreads threads = new RunningNodeThreads();

  @Test
  void everyFutureCompletesThoughACompletionBlocks() throws IOException {
    CountDownLatch blocked = new CountDownLatch(1);
    CountDownLatch inCompletion = new CountDownLatch(1);
    try (SilentServer silent = SilentServer.open();
        SilentServer peer = SilentServer.open()) {
      TestNode node = TestNode.start("One", IN_A_HURRY);
      CompletableFuture<Void> first =
          node.node()
              .send(peer.address(), "1")
              .handle((delivery, failure) -> Blocking.until(blocked, inCompletion))
              .thenAccept(done -> {});
      // Only now may the send end: else the test would be the one that completes it.
      peer.accept().close();
      until("the completion", () -> inCompletion.getCount() == 0);
      CompletableFuture<Delivery> second = node.node().send(silent.address(), "2");
      node.close();
      assertThat(second).isDone();
      blocked.countDown();
      result(first);
    }
    assertNoThreadIsLeft();
  }

  @Test
  void closeReturnsThoughTwoCompletionsBlock() throws IOException {
    CountDownLatch blocked = new CountDownLatch(1);
    CountDownLatch inFirst = new CountDownLatch(1);
    CountDownLatch inSecond = new CountDownLatch(1);
    try (SilentServer silent = SilentServer.open();
        SilentServer peer = SilentServer.open()) {
      TestNode node = TestNode.start("One", IN_A_HURRY);
      CompletableFuture<Void> first =
          node.node()
              .send(peer.address(), "1")
              .handle((delivery, failure) -> Blocking.until(blocked, inFirst))
              .thenAccept(done -> {});
      peer.accept().close();
      until("the completion", () -> inFirst.getCount() == 0);
      CompletableFuture<Void> second =
          node.node()
              .send(silent.address(), "2")
              .handle((delivery, failure) -> Blocking.until(blocked, inSecond))
              .thenAccept(done -> {});
      CompletableFuture<Void> closing =
          CompletableFuture.runAsync(node::close, action -> new Thread(action).start());
      assertThat(result(closing)).isNull();
      blocked.countDown();
      result(first);
      result(second);
    }
    assertNoThreadIsLeft();
  }

  @Test
  void everyFutureCompletesThoughTwoCompletionsBlock() throws IOException {
    CountDownLatch blocked = new CountDownLatch(1);
    List<SilentServer> silent = new ArrayList<>();
    List<CompletableFuture<Delivery>> sends = new ArrayList<>();
    List<CompletableFuture<Void>> blocking = new ArrayList<>();
    TestNode node = TestNode.start("One", IN_A_HURRY);
    for (int i = 0; i < 8; i++) {
      SilentServer server = SilentServer.open();
      silent.add(server);
      CompletableFuture<Delivery> send = node.node().send(server.address(), "x");
      sends.add(send);
      if (i % 3 == 0) {
        blocking.add(
            send.handle((delivery, failure) -> Blocking.until(blocked, new CountDownLatch(1)))
                .thenAccept(done -> {}));
      }
    }
    node.close();
    eventually(() -> assertThat(sends).allMatch(CompletableFuture::isDone));
    assertThat(blocking).noneMatch(CompletableFuture::isDone);
    blocked.countDown();
    blocking.forEach(send -> assertThat(result(send)).isNull());
    for (SilentServer server : silent) {
      server.close();
    }
    assertNoThreadIsLeft();
  }

  @RepeatedTest(5)
  void everyFutureCompletesOfManyThreadsThatSendMeanwhile() {
    Queue<CompletableFuture<Delivery>> sends = new ConcurrentLinkedQueue<>();
    List<CompletableFuture<Void>> senders = new ArrayList<>();
    try (TestNode two = TestNode.start("Two")) {
      TestNode node = TestNode.start("One", IN_A_HURRY);
      for (int i = 0; i < 4; i++) {
        senders.add(
            CompletableFuture.runAsync(
                () -> sendUntilClosed(node, two, sends), action -> new Thread(action).start()));
      }
      two.log().awaitTexts(5);
      node.close();
      senders.forEach(sender -> assertThat(result(sender)).isNull());
      eventually(() -> assertThat(sends).allMatch(CompletableFuture::isDone));
    }
    assertNoThreadIsLeft();
  }

  private static void sendUntilClosed(
      TestNode from, TestNode to, Queue<CompletableFuture<Delivery>> sends) {
    for (int i = 0; i < 20_000; i++) {
      CompletableFuture<Delivery> send = from.send(to, "x");
      sends.add(send);
      if (send.isCompletedExceptionally()) {
        return;
      }
    }
  }

  private void assertNoThreadIsLeft() {
    eventually(() -> assertThat(threads.now()).isEmpty());
  }
}
