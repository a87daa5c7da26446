package io.p2pchat.node;

import static io.p2pchat.testing.Eventually.failure;
import static io.p2pchat.testing.Eventually.result;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.Delivery;
import io.p2pchat.DeliveryUnknownException;
import io.p2pchat.PeerEvent.PeerLeft;
import io.p2pchat.PeerEvent.PeerLeft.Reason;
import io.p2pchat.PeerEvent.PeerStalled;
import io.p2pchat.testing.peers.BarePeer;
import io.p2pchat.testing.peers.BareSession;
import io.p2pchat.testing.peers.TestNode;
import java.time.Duration;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A peer that holds a session and takes nothing (PROTOCOL.md section 5, Progress). */
class StalledPeerTest {
  private static final String SESSION = "s".repeat(13);

  private final BarePeer peer = BarePeer.open();
  private final TestNode node =
      TestNode.start(
          "One",
          TestNode.unhurried()
              .stallTimeout(Duration.ofMillis(50))
              .sessionTimeout(Duration.ofMillis(500))
              .silenceTimeout(Duration.ofMillis(600))
              .build());

  @AfterEach
  void stop() {
    peer.close();
    node.close();
  }

  @Test
  void peerThatAnswersAndAcknowledgesNothingIsToldOfAndHoldsNothingForEver() {
    CompletableFuture<Delivery> connect = node.node().connect(peer.address());
    CompletableFuture<Delivery> send = node.node().send(peer.address(), "hello");
    BareSession connection = peer.acceptAndWelcome(SESSION, 0).connection();
    CompletableFuture<Void> answers = CompletableFuture.runAsync(() -> answerPings(connection));
    PeerStalled stalled = node.log().awaitFirst(PeerStalled.class);
    assertThat(stalled.peer().address()).isEqualTo(peer.address());
    assertThat(stalled.peer().unacknowledged()).isEqualTo(2);
    assertThat(List.of(failure(connect), failure(send)))
        .allSatisfy(
            failure ->
                assertThat(failure)
                    .isInstanceOf(DeliveryUnknownException.class)
                    .hasMessageContaining(peer.address().toString())
                    .hasMessageContaining("500 ms"));
    assertThat(node.log().awaitFirst(PeerLeft.class).reason()).isEqualTo(Reason.GIVEN_UP);
    assertThat(node.log().of(PeerStalled.class)).hasSize(1);
    assertThat(node.connected()).isEmpty();
    result(answers);
  }

  @Test
  void broadcastDoesNotWaitForItForEver() {
    CompletableFuture<Delivery> connect = node.node().connect(peer.address());
    BareSession connection = peer.acceptAndWelcome(SESSION, 0).connection();
    connection.readTo(node.line("manual connection message"));
    connection.say("ACK:1");
    assertThat(result(connect)).isEqualTo(Delivery.ACKNOWLEDGED);
    CompletableFuture<Void> answers = CompletableFuture.runAsync(() -> answerPings(connection));
    assertThat(result(node.node().broadcast("to all")))
        .singleElement()
        .satisfies(outcome -> assertThat(outcome).asString().contains("DeliveryUnknown"));
    result(answers);
  }

  private static void answerPings(BareSession connection) {
    try {
      while (true) {
        connection.answerPing();
      }
    } catch (NoSuchElementException e) {
      // The connection has ended.
    }
  }
}
