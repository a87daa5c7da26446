package io.p2pchat.node;

import static io.p2pchat.testing.Eventually.result;
import static io.p2pchat.testing.peers.BareConnection.line;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.Delivery;
import io.p2pchat.PeerEvent.MessageReceived;
import io.p2pchat.testing.peers.BareConnection;
import io.p2pchat.testing.peers.TestNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Fifty senders at once. */
class VolumeTest {
  private static final int SENDERS = 50;
  private static final int THREADS = 5;
  private static final int FIRST_PORT = 1000;

  /** Each sender keeps one connection; one for each message would use up the machine's ports. */
  @Test
  void tenThousandMessagesArriveCompleteAndInOrderPerSender() {
    int each = 200;
    try (TestNode node = TestNode.start("One")) {
      List<BareConnection> senders =
          IntStream.range(0, SENDERS).mapToObj(i -> BareConnection.dial(node.port())).toList();
      for (int message = 0; message < each; message++) {
        for (int i = 0; i < SENDERS; i++) {
          senders.get(i).write(line(FIRST_PORT + i, "S" + i, "" + message) + "\n");
        }
      }
      node.log().awaitTexts(SENDERS * each);
      assertCompleteAndInOrder(node, each);
      assertThat(node.active()).hasSize(SENDERS);
      senders.forEach(BareConnection::close);
    }
  }

  @Test
  void aConnectionForEachMessageKeepsTheOrderPerSender() {
    int each = 40;
    try (TestNode node = TestNode.start("One")) {
      List<CompletableFuture<Void>> threads = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        int thread = i;
        threads.add(
            CompletableFuture.runAsync(
                () -> sendInTurns(node.port(), thread, each), run -> new Thread(run).start()));
      }
      threads.forEach(thread -> assertThat(result(thread)).isNull());
      node.log().awaitTexts(SENDERS * each);
      assertCompleteAndInOrder(node, each);
      assertThat(node.active()).hasSize(SENDERS);
    }
  }

  @Test
  void fiftyNodesReachOneNodeCompleteAndInOrder() {
    int each = 20;
    List<TestNode> senders = new ArrayList<>();
    try (TestNode node = TestNode.start("One", TestNode.notGreeting().build())) {
      IntStream.range(0, SENDERS)
          .forEach(i -> senders.add(TestNode.start("Sender " + i, TestNode.plain().build())));
      List<CompletableFuture<Delivery>> sends = new ArrayList<>();
      for (int message = 0; message < each; message++) {
        for (TestNode sender : senders) {
          sends.add(sender.send(node, "" + message));
        }
      }
      sends.forEach(send -> assertThat(result(send)).isEqualTo(Delivery.WRITTEN));
      node.log().awaitTexts(SENDERS * each);
      assertCompleteAndInOrder(node, each);
    } finally {
      senders.forEach(TestNode::close);
    }
  }

  private static void sendInTurns(int port, int thread, int each) {
    for (int message = 0; message < each; message++) {
      for (int sender = thread; sender < SENDERS; sender += THREADS) {
        BareConnection.sendAndClose(port, line(FIRST_PORT + sender, "S" + sender, "" + message));
      }
    }
  }

  private static void assertCompleteAndInOrder(TestNode node, int each) {
    List<String> numbers = IntStream.range(0, each).mapToObj(i -> "" + i).toList();
    Map<Object, List<String>> bySender =
        node.log().messages().stream()
            .collect(
                groupingBy(
                    message -> message.peer().address(), mapping(MessageReceived::text, toList())));
    assertThat(bySender).hasSize(SENDERS);
    assertThat(bySender.values()).allSatisfy(texts -> assertThat(texts).isEqualTo(numbers));
  }
}
