package io.p2pchat.node;

import static io.p2pchat.testing.Eventually.eventually;
import static io.p2pchat.testing.Eventually.result;
import static io.p2pchat.testing.Eventually.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.NodeSettings;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerNode;
import io.p2pchat.testing.Blocking;
import io.p2pchat.testing.peers.BareConnection;
import io.p2pchat.testing.peers.RunningNodeThreads;
import io.p2pchat.testing.peers.SilentServer;
import io.p2pchat.testing.peers.TestNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** Closing from any thread, any number of times; and what is left then. */
@Isolated("it counts the threads of all nodes of this JVM")
class CloseFromAnywhereTest {
  private static final NodeSettings IN_A_HURRY =
      NodeSettings.builder().closeTimeout(Duration.ofMillis(50)).build();

  private final RunningNodeThreads threads = new RunningNodeThreads();
  private final CompletableFuture<Boolean> closeReturned = new CompletableFuture<>();

  @Test
  void twiceIsOnce() {
    TestNode node = TestNode.start("One");
    assertThat(threads.now()).isNotEmpty();
    node.close();
    node.close();
    assertNoThreadIsLeft();
  }

  @Test
  void aNodeThatWasBusyLeavesNoThread() {
    try (TestNode two = TestNode.start("Two")) {
      TestNode one = TestNode.start("One");
      result(one.node().send(new PeerAddress("localhost", two.port()), "by name"));
      result(two.send(one, "x"));
      one.log().awaitTexts(1);
      one.close();
    }
    assertNoThreadIsLeft();
  }

  @Test
  void fromTheListener() {
    CompletableFuture<PeerNode> self = new CompletableFuture<>();
    TestNode node =
        TestNode.start("One", builder -> builder.onMessage(message -> closeAndTell(result(self))));
    assertThat(self.complete(node.node())).isTrue();
    BareConnection.sendAndClose(node.port(), BareConnection.line(1000, "A", "x"));
    assertThat(result(closeReturned)).isTrue();
    node.close();
    assertNoThreadIsLeft();
  }

  @Test
  void fromAListenerOnTheUsersExecutor() {
    ExecutorService executor = Executors.newSingleThreadExecutor();
    CompletableFuture<PeerNode> self = new CompletableFuture<>();
    TestNode node =
        TestNode.start(
            "One",
            builder -> builder.executor(executor).onMessage(message -> closeAndTell(result(self))));
    assertThat(self.complete(node.node())).isTrue();
    BareConnection.sendAndClose(node.port(), BareConnection.line(1000, "A", "x"));
    assertThat(result(closeReturned)).isTrue();
    node.close();
    assertThat(executor.isShutdown()).isFalse();
    executor.shutdown();
    assertNoThreadIsLeft();
  }

  @Test
  void fromAListenerOnTheEventLoop() {
    CompletableFuture<PeerNode> self = new CompletableFuture<>();
    TestNode node =
        TestNode.start(
            "One",
            builder -> builder.inlineListener().onMessage(message -> closeAndTell(result(self))));
    assertThat(self.complete(node.node())).isTrue();
    BareConnection.sendAndClose(node.port(), BareConnection.line(1000, "A", "x"));
    assertThat(result(closeReturned)).isTrue();
    node.close();
    assertNoThreadIsLeft();
  }

  @Test
  void fromACompletion() throws IOException {
    try (SilentServer server = SilentServer.open()) {
      NodeSettings settings = NodeSettings.builder().peerCloseTimeout(Duration.ofHours(1)).build();
      TestNode node = TestNode.start("One", settings);
      CompletableFuture<Void> closing =
          node.node()
              .send(server.address(), "x")
              .handle((delivery, failure) -> closeAndTell(node.node()))
              .thenAccept(closed -> {});
      server.accept().close();
      assertThat(result(closeReturned)).isTrue();
      result(closing);
      node.close();
      assertNoThreadIsLeft();
    }
  }

  @Test
  void fromManyThreadsAtOnceEachReturnsWhenItIsDone() {
    TestNode node = TestNode.start("One");
    List<CompletableFuture<Void>> closings = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      closings.add(
          CompletableFuture.runAsync(
              () -> {
                node.close();
                bindAndClose(node.port());
              },
              action -> new Thread(action).start()));
    }
    closings.forEach(closing -> assertThat(result(closing)).isNull());
    assertNoThreadIsLeft();
  }

  @Test
  void whileAListenerBlocksItReturnsAndTheRestIsDropped() {
    CountDownLatch blocked = new CountDownLatch(1);
    CountDownLatch inListener = new CountDownLatch(1);
    TestNode node =
        TestNode.start(
            "One",
            builder ->
                builder
                    .settings(IN_A_HURRY)
                    .onMessage(message -> Blocking.until(blocked, inListener)));
    BareConnection.sendAndClose(node.port(), BareConnection.line(1000, "A", "x"));
    until("the listener", () -> inListener.getCount() == 0);
    node.close();
    eventually(() -> assertThat(threads.now()).hasSizeLessThanOrEqualTo(1));
    blocked.countDown();
    assertNoThreadIsLeft();
  }

  private synchronized void bindAndClose(int port) {
    TestNode.start("Two", builder -> builder.port(port)).close();
  }

  private boolean closeAndTell(PeerNode node) {
    node.close();
    return closeReturned.complete(true);
  }

  private void assertNoThreadIsLeft() {
    eventually(() -> assertThat(threads.now()).isEmpty());
  }
}
