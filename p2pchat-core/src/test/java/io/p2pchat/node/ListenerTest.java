package io.p2pchat.node;

import static io.p2pchat.testing.Eventually.eventually;
import static io.p2pchat.testing.Eventually.result;
import static io.p2pchat.testing.Eventually.until;
import static io.p2pchat.testing.peers.BareConnection.line;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.p2pchat.NodeSettings;
import io.p2pchat.PeerEvent;
import io.p2pchat.PeerEvent.MessageReceived;
import io.p2pchat.PeerEvent.PeerLeft;
import io.p2pchat.PeerNode;
import io.p2pchat.PeerNodeBuilder;
import io.p2pchat.testing.Blocking;
import io.p2pchat.testing.peers.BareConnection;
import io.p2pchat.testing.peers.BarePeer;
import io.p2pchat.testing.peers.EventLog;
import io.p2pchat.testing.peers.OneReadPeer;
import io.p2pchat.testing.peers.TestNode;
import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ListenerTest {
  private static final int MESSAGES = 1000;

  private final Set<String> threads = ConcurrentHashMap.newKeySet();
  private final AtomicInteger inListener = new AtomicInteger();
  private final AtomicInteger atOnce = new AtomicInteger();

  @Test
  void runsOnTheNodesOwnThreadInOrderOneEventAtATime() {
    try (TestNode node = TestNode.start("One", builder -> builder.listener(this::observe))) {
      sendNumbers(node);
      assertNumbers(node);
      assertThat(threads).allMatch(name -> name.contains("events"));
    }
    assertThat(atOnce).hasValue(1);
  }

  @Test
  void runsOnTheUsersExecutorInOrderOneEventAtATime() {
    ExecutorService executor =
        Executors.newFixedThreadPool(4, action -> new Thread(action, "the user's"));
    try (TestNode node =
        TestNode.start("One", builder -> builder.executor(executor).listener(this::observe))) {
      sendNumbers(node);
      assertNumbers(node);
      assertThat(threads).containsExactly("the user's");
      assertThat(atOnce).hasValue(1);
    }
    assertThat(executor.isShutdown()).isFalse();
    executor.shutdown();
  }

  @Test
  void runsOnTheEventLoopInOrderOneEventAtATime() {
    try (TestNode node =
        TestNode.start("One", builder -> builder.inlineListener().listener(this::observe))) {
      sendNumbers(node);
      assertNumbers(node);
      assertThat(threads).hasSize(1).allMatch(name -> name.endsWith("-io"));
    }
    assertThat(atOnce).hasValue(1);
  }

  @Test
  void answersOnTheEventLoopAndCompletesFuturesThere() {
    CompletableFuture<String> completedOn = new CompletableFuture<>();
    try (TestNode echo =
            TestNode.start(
                "Echo",
                builder ->
                    builder
                        .inlineListener()
                        .on(
                            MessageReceived.class,
                            (self, message) -> self.send(message.peer(), message.text())));
        TestNode one = TestNode.start("One", PeerNodeBuilder::inlineListener)) {
      for (int i = 0; i < MESSAGES; i++) {
        assertThat(one.send(echo, "again " + i)).isNotNull();
      }
      one.send(echo, "last")
          .whenComplete(
              (delivery, failure) -> completedOn.complete(Thread.currentThread().getName()));
      one.log().awaitTexts(MESSAGES + 1);
      assertThat(result(completedOn)).endsWith("-io");
    }
  }

  @Test
  void theLastOfTheTwoThreadsCounts() {
    ExecutorService executor =
        Executors.newSingleThreadExecutor(action -> new Thread(action, "the user's"));
    try (TestNode node =
        TestNode.start(
            "One",
            builder -> builder.inlineListener().executor(executor).listener(this::observe))) {
      sendNumbers(node);
      assertNumbers(node);
      assertThat(threads).containsExactly("the user's");
    }
    executor.shutdown();
  }

  @Test
  void losesNothingWhenTheUsersExecutorRejectsAtTimes() {
    ExecutorService executor = Executors.newSingleThreadExecutor();
    AtomicInteger offers = new AtomicInteger();
    Executor rejecting =
        task -> {
          if (offers.incrementAndGet() % 3 != 0) {
            throw new RejectedExecutionException("full");
          }
          executor.execute(task);
        };
    try (TestNode node = TestNode.start("One", builder -> builder.executor(rejecting))) {
      sendNumbers(node);
      assertNumbers(node);
      assertThat(offers).hasValueGreaterThan(1);
    }
    executor.shutdown();
  }

  @Test
  void survivesWhatItThrows() {
    try (TestNode node = TestNode.start("One", builder -> builder.listener(this::fail))) {
      for (int i = 0; i < 10; i++) {
        BareConnection.sendAndClose(node.port(), line(1000, "A", "x"));
      }
      node.log().awaitTexts(10);
    }
    assertThat(inListener).hasValue(11);
  }

  @Test
  void isToldEachEventInTheOrderInWhichTheListenersWereAdded() {
    EventLog second = new EventLog();
    List<String> calls = new CopyOnWriteArrayList<>();
    try (TestNode node =
        TestNode.start(
            "One",
            builder ->
                builder
                    .onMessage(message -> calls.add("first"))
                    .onMessage(message -> calls.add("second"))
                    .listener(second))) {
      BareConnection.sendAndClose(node.port(), line(1000, "A", "x"));
      second.awaitTexts(1);
      assertThat(calls).containsExactly("first", "second");
      assertThat(second.all()).isEqualTo(node.log().all());
    }
  }

  @Test
  void eachIsToldWhatAnotherFailedAtAndTheFailureIsObserved() {
    List<String> failures = new CopyOnWriteArrayList<>();
    EventLog last = new EventLog();
    try (TestNode node =
        TestNode.start(
            "One",
            builder ->
                builder
                    .onMessage(ListenerTest::failAt)
                    .listener(last)
                    .onListenerFailure(
                        (event, failure) -> {
                          failures.add(
                              ((MessageReceived) event).text() + ": " + failure.getMessage());
                          throw new IllegalStateException("a failure of the observer's");
                        }))) {
      for (String text : List.of("1", "2", "3")) {
        BareConnection.sendAndClose(node.port(), line(1000, "A", text));
      }
      assertThat(last.awaitTexts(3)).containsExactly("1", "2", "3");
      eventually(() -> assertThat(failures).containsExactly("1: at 1", "2: at 2", "3: at 3"));
    }
  }

  private static void failAt(MessageReceived message) {
    throw new IllegalStateException("at " + message.text());
  }

  @Test
  void isNotCalledAnyMoreWhenCloseHasReturned() {
    NodeSettings hurried = NodeSettings.builder().closeTimeout(Duration.ofMillis(1)).build();
    CountDownLatch end = new CountDownLatch(1);
    CountDownLatch inListener = new CountDownLatch(1);
    ExecutorService executor = Executors.newSingleThreadExecutor();
    TestNode node =
        TestNode.start(
            "One",
            builder ->
                builder
                    .settings(hurried)
                    .executor(executor)
                    .onMessage(message -> Blocking.until(end, inListener)));
    BarePeer peer = BarePeer.open();
    peer.open(node).connection().write((peer.chat("x") + "\n").repeat(100));
    until("the listener", () -> inListener.getCount() == 0);
    node.close();
    int told = node.log().all().size();
    end.countDown();
    // What the node has given to the executor ends first.
    result(CompletableFuture.runAsync(() -> {}, executor));
    assertThat(node.log().all()).hasSize(told);
    executor.shutdown();
    peer.close();
  }

  @Test
  void directExecutorIsRefused() {
    PeerNodeBuilder builder = PeerNode.builder().teamName("One").executor(Runnable::run);
    assertThatThrownBy(builder::start)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("threads of its own");
  }

  @Test
  void isToldOfConnectionsAndLeavingByTheirShorthands() {
    List<String> calls = new CopyOnWriteArrayList<>();
    try (TestNode node =
        TestNode.start(
            "One",
            builder ->
                builder
                    .onPeerConnected(event -> calls.add("connected " + event.manual()))
                    .onPeerLeft(event -> calls.add("left " + event.reason())))) {
      BareConnection.sendAndClose(node.port(), line(1000, "A", "connection message"));
      BareConnection.sendAndClose(node.port(), line(1000, "A", "exit"));
      eventually(() -> assertThat(calls).containsExactly("connected false", "left SAID_EXIT"));
    }
  }

  @Test
  void isToldOfOneKindTogetherWithTheNode() {
    List<String> calls = new CopyOnWriteArrayList<>();
    try (TestNode node =
        TestNode.start(
            "One",
            builder ->
                builder
                    .on(
                        PeerLeft.class,
                        (self, left) ->
                            calls.add(self.teamName() + " sees " + left.peer().teamName()))
                    .on(MessageReceived.class, (self, message) -> calls.add(message.text())))) {
      BareConnection.sendAndClose(node.port(), line(1000, "A", "connection message"));
      BareConnection.sendAndClose(node.port(), line(1000, "A", "hello"));
      BareConnection.sendAndClose(node.port(), line(1000, "A", "exit"));
      eventually(() -> assertThat(calls).containsExactly("hello", "One sees A"));
    }
  }

  @Test
  void isToldOfTheNodesOwnDoingInOrder() throws IOException {
    try (TestNode node = TestNode.start("One");
        OneReadPeer peer = new OneReadPeer("Python")) {
      result(node.node().send(peer.address(), "x"));
      result(node.node().connect(peer.address()));
      result(node.node().disconnect(peer.address()));
      eventually(
          () ->
              assertThat(node.log().kinds())
                  .containsExactly("PeerActive", "PeerConnected", "PeerLeft"));
      assertThat(node.log().all()).isSortedAccordingTo(Comparator.comparing(PeerEvent::time));
    }
  }

  private void observe(PeerEvent event) {
    threads.add(Thread.currentThread().getName());
    atOnce.accumulateAndGet(inListener.incrementAndGet(), Math::max);
    inListener.decrementAndGet();
  }

  private void fail(PeerEvent event) {
    if (inListener.incrementAndGet() % 2 == 0) {
      throw new AssertionError("an error of the application's: " + event);
    }
    throw new IllegalStateException("a failure of the application's: " + event);
  }

  private static void sendNumbers(TestNode node) {
    StringBuilder lines = new StringBuilder();
    IntStream.range(0, MESSAGES).forEach(i -> lines.append(line(1000, "A", "" + i)).append('\n'));
    try (BareConnection connection = BareConnection.dial(node.port())) {
      connection.write(lines.toString()).endOutput().readToEnd();
    }
  }

  private static void assertNumbers(TestNode node) {
    assertThat(node.log().awaitTexts(MESSAGES))
        .isEqualTo(IntStream.range(0, MESSAGES).mapToObj(i -> "" + i).toList());
    assertThat(node.log().all().get(0)).isNotInstanceOf(MessageReceived.class);
  }
}
