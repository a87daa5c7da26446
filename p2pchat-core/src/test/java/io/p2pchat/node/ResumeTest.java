package io.p2pchat.node;

import static io.p2pchat.testing.peers.BareConnection.line;
import static io.p2pchat.testing.peers.BareConnection.sendAndClose;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.NodeSettings;
import io.p2pchat.testing.peers.Gate;
import io.p2pchat.testing.peers.TestNode;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;

/**
 * Reading that stops and goes on many times while connections come: a sender that writes and closes
 * is heard completely and in order, whenever its connections are accepted and read.
 */
class ResumeTest {
  private static final NodeSettings LITTLE =
      NodeSettings.builder().inboundBytesPerSource(2048).build();

  @RepeatedTest(10)
  void orderIsKeptWhileConnectionsAreStillBeingAccepted() {
    assertHeardInOrder(150);
  }

  /** More than three quarters of the bound on connections from one address. */
  @RepeatedTest(5)
  void connectionsThatWaitedUnreadAreNotTheOnesThatGiveWay() {
    assertHeardInOrder(240);
  }

  private static void assertHeardInOrder(int count) {
    Gate gate = new Gate();
    try (TestNode node =
        TestNode.start("One", builder -> builder.settings(LITTLE).listener(gate))) {
      for (int i = 0; i < count; i++) {
        sendAndClose(node.port(), line(1000, "A", "" + i));
      }
      gate.open();
      assertThat(node.log().awaitTexts(count))
          .isEqualTo(IntStream.range(0, count).mapToObj(i -> "" + i).toList());
    } finally {
      gate.open();
    }
  }
}
