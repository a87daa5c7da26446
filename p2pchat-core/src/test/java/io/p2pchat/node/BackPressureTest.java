package io.p2pchat.node;

import static io.p2pchat.testing.Eventually.result;
import static io.p2pchat.testing.peers.BareConnection.dial;
import static io.p2pchat.testing.peers.BareConnection.line;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.Delivery;
import io.p2pchat.NodeSettings;
import io.p2pchat.testing.peers.BareConnection;
import io.p2pchat.testing.peers.Gate;
import io.p2pchat.testing.peers.TestNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A listener that blocks stops the reading; when it goes on, nothing is missing or out of order.
 */
class BackPressureTest {
  /** At least this much is counted for an event, so so many wait for the listener at most. */
  private static final int EVENT_BYTES = 256;

  private static final int WAITING_BYTES = 4096;
  private static final int FEW = WAITING_BYTES / EVENT_BYTES;

  /** A node may read once more what was ready when it stopped: some accepted in the same turns. */
  private static final int READY_AT_ONCE = 64;

  private final Gate gate = new Gate();
  private final List<BareConnection> connections = new ArrayList<>();
  private TestNode node;

  @BeforeEach
  void start() {
    NodeSettings settings =
        NodeSettings.builder()
            .inboundBytesPerSource(WAITING_BYTES)
            .greetingDelay(Duration.ofHours(1))
            .build();
    node = TestNode.start("One", builder -> builder.settings(settings).listener(gate));
  }

  @AfterEach
  void stop() {
    gate.open();
    node.close();
    connections.forEach(BareConnection::close);
  }

  @Test
  void connectionsStayUnreadAndAreReadInTheOrderInWhichTheyCame() {
    int senders = 10;
    int count = 190;
    for (int i = 0; i < count; i++) {
      connections.add(dial(node.port()));
      connections.get(i).write(line(1000 + i % senders, "A", "" + i)).endOutput();
    }
    awaitOneFromElsewhere();
    assertThat(connections.stream().filter(BareConnection::isEnded).count())
        .isLessThanOrEqualTo(FEW + READY_AT_ONCE);
    gate.open();
    List<String> texts = new ArrayList<>(node.log().awaitTexts(count + 1));
    assertThat(texts.remove("from elsewhere")).isTrue();
    assertThat(texts.stream().collect(groupingBy(text -> Integer.parseInt(text) % senders)))
        .hasSize(senders)
        .allSatisfy(
            (sender, own) ->
                assertThat(own)
                    .isEqualTo(
                        IntStream.range(0, count)
                            .filter(i -> i % senders == sender)
                            .mapToObj(i -> "" + i)
                            .toList()));
    connections.forEach(connection -> assertThat(connection.readToEnd()).isEmpty());
  }

  @Test
  void sendersThatClosedMeanwhileAreHeardInOrder() {
    int count = 190;
    for (int i = 0; i < count; i++) {
      BareConnection.sendAndClose(node.port(), line(1000, "A", "" + i));
    }
    awaitOneFromElsewhere();
    gate.open();
    List<String> texts = new ArrayList<>(node.log().awaitTexts(count + 1));
    texts.remove("from elsewhere");
    assertThat(texts).isEqualTo(IntStream.range(0, count).mapToObj(i -> "" + i).toList());
  }

  @Test
  void nodesThatSendWaitAndLoseNothing() {
    NodeSettings patient = TestNode.plain().peerCloseTimeout(Duration.ofHours(1)).build();
    int count = 100;
    try (TestNode two = TestNode.start("Two", patient);
        TestNode three = TestNode.start("Three", patient)) {
      List<CompletableFuture<Delivery>> sends = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        sends.add(two.send(node, "two " + i));
        sends.add(three.send(node, "three " + i));
      }
      result(sends.get(0));
      awaitOneFromElsewhere();
      assertThat(sends.stream().filter(CompletableFuture::isDone).count())
          .isLessThanOrEqualTo(FEW + 2);
      gate.open();
      sends.forEach(send -> assertThat(result(send)).isEqualTo(Delivery.WRITTEN));
      List<String> texts = node.log().awaitTexts(2 * count + 1);
      assertThat(texts.stream().filter(text -> text.startsWith("two ")))
          .isEqualTo(IntStream.range(0, count).mapToObj(i -> "two " + i).toList());
      assertThat(texts.stream().filter(text -> text.startsWith("three ")))
          .isEqualTo(IntStream.range(0, count).mapToObj(i -> "three " + i).toList());
    }
  }

  @Test
  void oneConnectionWithManyLinesIsHeardCompleteAndInOrder() {
    int count = 5000;
    StringBuilder lines = new StringBuilder();
    IntStream.range(0, count).forEach(i -> lines.append(line(1000, "A", "" + i)).append('\n'));
    connections.add(dial(node.port()));
    connections.get(0).write(lines.toString()).endOutput();
    awaitOneFromElsewhere();
    gate.open();
    List<String> texts = new ArrayList<>(node.log().awaitTexts(count + 1));
    texts.remove("from elsewhere");
    assertThat(texts).isEqualTo(IntStream.range(0, count).mapToObj(i -> "" + i).toList());
    assertThat(connections.get(0).readToEnd()).isEmpty();
  }

  /** Another source is read meanwhile, and what came before it has been dealt with. */
  private void awaitOneFromElsewhere() {
    try (BareConnection elsewhere = dial("127.0.0.2", "127.0.0.1", node.port())) {
      elsewhere.write(line(2000, "B", "from elsewhere")).endOutput();
      assertThat(elsewhere.readToEnd()).isEmpty();
    }
  }
}
