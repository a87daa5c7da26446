package io.p2pchat.node;

import static io.p2pchat.testing.Eventually.failure;
import static io.p2pchat.testing.Eventually.result;
import static io.p2pchat.testing.Eventually.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.Delivery;
import io.p2pchat.DeliveryUnknownException;
import io.p2pchat.MessageRefusedException;
import io.p2pchat.PeerEvent;
import io.p2pchat.PeerEvent.MessageReceived;
import io.p2pchat.testing.peers.BareConnection;
import io.p2pchat.testing.peers.BarePeer;
import io.p2pchat.testing.peers.BareSession;
import io.p2pchat.testing.peers.Gate;
import io.p2pchat.testing.peers.TestNode;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A listener refuses a message (PROTOCOL.md section 5, Refused lines). */
class MessageRefusalTest {
  private final BarePeer peer = BarePeer.open();
  private final Gate gate = new Gate();
  private final List<Throwable> failures = new CopyOnWriteArrayList<>();
  private final TestNode node =
      TestNode.start(
          "One",
          builder ->
              builder
                  .settings(TestNode.unhurried().build())
                  .listener(gate)
                  .listener(MessageRefusalTest::refuse)
                  .onListenerFailure((event, failure) -> failures.add(failure)));

  private static void refuse(PeerEvent event) {
    if (!(event instanceof MessageReceived message) || message.text().startsWith("bad")) {
      throw new MessageRefusedException("as the test asked");
    }
  }

  @AfterEach
  void stop() {
    gate.open();
    peer.close();
    node.close();
  }

  @Test
  void linesBeforeItAreAcknowledgedAndTheSessionEnds() {
    BareSession session = peer.open(node).connection();
    String lines = peer.chat("a") + "\n" + peer.chat("bad") + "\n" + peer.chat("b") + "\n";
    assertThat(session.write(lines).roundTrip()).isEmpty();
    gate.open();
    assertThat(session.readToEnd()).containsExactly("ACK:1", "BYE:closing|REASON:refused");
    assertThat(node.log().texts()).containsExactly("a", "bad");
    assertThat(failures).isEmpty();
  }

  @Test
  void nextSessionIsAsAnyOther() {
    BareSession session = peer.open(node).connection();
    gate.open();
    session.say(peer.chat("bad"));
    assertThat(session.readToEnd()).containsExactly("BYE:closing|REASON:refused");
    BareSession next = peer.open(node).connection();
    next.say(peer.chat("good"));
    assertThat(next.read()).isEqualTo("ACK:1");
    assertThat(node.log().texts()).containsExactly("bad", "good");
  }

  @Test
  void sessionWithoutAConnectionEndsToo() {
    BarePeer.Opened opened = peer.open(node);
    BareSession session = opened.connection();
    session.write(peer.chat("a") + "\n" + peer.chat("bad") + "\n" + peer.chat("b") + "\n");
    assertThat(session.roundTrip()).isEmpty();
    session.close();
    until("the loss", () -> node.node().metrics().sessionConnections() == 0);
    gate.open();
    BareConnection.sendAndClose(node.port(), BareConnection.line(1000, "A", "after"));
    assertThat(node.log().awaitTexts(3)).containsExactly("a", "bad", "after");
    BarePeer.Opened again = peer.resume(node, opened.field("SESSION"), 0);
    assertThat(again.field("SESSION")).isNotEqualTo(opened.field("SESSION"));
    assertThat(again.field("ENDED")).isEqualTo("1");
    assertThat(node.log().texts()).containsExactly("a", "bad", "after");
  }

  @Test
  void senderIsNotToldThatItWasDelivered() {
    try (TestNode two = TestNode.start("Two");
        TestNode three =
            TestNode.start("Three", builder -> builder.listener(MessageRefusalTest::refuse))) {
      assertThat(result(two.send(three, "good"))).isEqualTo(Delivery.ACKNOWLEDGED);
      CompletableFuture<Delivery> refused = two.send(three, "bad");
      assertThat(failure(refused))
          .isInstanceOf(DeliveryUnknownException.class)
          .hasMessageContaining("refused");
      assertThat(result(two.send(three, "good again"))).isEqualTo(Delivery.ACKNOWLEDGED);
      assertThat(three.log().texts()).containsExactly("good", "bad", "good again");
    }
  }

  @Test
  void messageOfThePlainFormatIsOnlyLogged() {
    gate.open();
    BareConnection.sendAndClose(node.port(), BareConnection.line(1000, "A", "bad"));
    BareConnection.sendAndClose(node.port(), BareConnection.line(1000, "A", "good"));
    assertThat(node.log().awaitTexts(2)).containsExactly("bad", "good");
  }
}
