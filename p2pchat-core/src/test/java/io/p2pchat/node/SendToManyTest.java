package io.p2pchat.node;

import static io.p2pchat.testing.Eventually.eventually;
import static io.p2pchat.testing.Eventually.failure;
import static io.p2pchat.testing.Eventually.result;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.Delivery;
import io.p2pchat.MessageTooLargeException;
import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerUnreachableException;
import io.p2pchat.Security;
import io.p2pchat.SendOutcome;
import io.p2pchat.testing.peers.OneReadPeer;
import io.p2pchat.testing.peers.TestNode;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SendToManyTest {
  private TestNode node;
  private OneReadPeer first;
  private OneReadPeer second;

  @BeforeEach
  void start() throws IOException {
    node = TestNode.start("One", TestNode.plain().build());
    first = new OneReadPeer("First");
    second = new OneReadPeer("Second");
  }

  @AfterEach
  void stop() throws IOException {
    node.close();
    first.close();
    second.close();
  }

  @Test
  void nobodyIsNoOutcome() {
    assertThat(result(node.node().connectAll())).isEmpty();
    assertThat(result(node.node().broadcast("x"))).isEmpty();
  }

  @Test
  void connectAllConnectsToAllActivePeers() {
    result(node.node().connect(first.address()));
    result(node.node().send(second.address(), "hello"));
    List<SendOutcome> outcomes = result(node.node().connectAll());
    assertThat(outcomes)
        .allSatisfy(
            outcome ->
                assertThat(outcome)
                    .isInstanceOfSatisfying(
                        SendOutcome.Delivered.class,
                        sent -> assertThat(sent.delivery()).isEqualTo(Delivery.WRITTEN)))
        .extracting(outcome -> outcome.peer().address())
        .containsExactlyInAnyOrder(first.address(), second.address());
    assertThat(node.connected()).containsExactlyInAnyOrder(first.address(), second.address());
    assertThat(first.printed()).containsExactly("manual connection message", "connection message");
    assertThat(second.printed()).containsExactly("hello", "connection message");
  }

  @Test
  void broadcastReachesTheConnectedPeersOnly() {
    result(node.node().connect(first.address()));
    result(node.node().send(second.address(), "hello"));
    assertThat(result(node.node().broadcast("to all")))
        .singleElement()
        .satisfies(outcome -> assertThat(outcome.peer().address()).isEqualTo(first.address()));
    assertThat(first.printed()).containsExactly("manual connection message", "to all");
    assertThat(second.printed()).containsExactly("hello");
  }

  @Test
  void failureOfOneIsItsOutcomeAlone() throws IOException {
    result(node.node().connect(first.address()));
    result(node.node().connect(second.address()));
    PeerAddress gone = first.address();
    first.close();
    List<SendOutcome> outcomes = result(node.node().broadcast("x"));
    assertThat(outcomes).hasSize(2);
    for (SendOutcome outcome : outcomes) {
      boolean failed = outcome.peer().address().equals(gone);
      assertThat(outcome instanceof SendOutcome.Delivered).isEqualTo(!failed);
      assertThat(
              outcome instanceof SendOutcome.Failed end
                  ? Optional.of(end.failure().getClass())
                  : Optional.empty())
          .isEqualTo(failed ? Optional.of(PeerUnreachableException.class) : Optional.empty());
    }
    assertThat(second.printed()).endsWith("x");
  }

  @Test
  void broadcastThatIsTooLargeFailsAsAWhole() {
    result(node.node().connect(first.address()));
    assertThat(failure(node.node().broadcast("x".repeat(65_536))))
        .isInstanceOf(MessageTooLargeException.class);
    assertThat(first.printed()).containsExactly("manual connection message");
  }

  @Test
  void listsBeginWithTheOneSilentForLongest() {
    first.send(node.port(), "1");
    node.log().awaitTexts(1);
    second.send(node.port(), "2");
    node.log().awaitTexts(2);
    result(node.node().connect(second.address()));
    result(node.node().connect(first.address()));
    assertThat(node.active()).containsExactly(first.address(), second.address());
    assertThat(node.connected()).containsExactly(first.address(), second.address());
    first.send(node.port(), "3");
    node.log().awaitTexts(3);
    assertThat(node.active()).containsExactly(second.address(), first.address());
    assertThat(node.connected()).containsExactly(second.address(), first.address());
  }

  @Test
  void listsAreSnapshots() {
    List<Peer> before = node.node().activePeers();
    result(node.node().connect(first.address()));
    assertThat(before).isEmpty();
    assertThat(node.node().activePeers()).hasSize(1).isUnmodifiable();
  }

  /** The queues of the peers hold one copy of it together. */
  @Test
  void longTextArrivesWholeAtPeersOfEveryKind() {
    String text = "ab\u00e9\u20ac\ud83d\ude00".repeat(3000);
    try (TestNode sender = TestNode.start("Sender");
        TestNode encrypted = TestNode.start("Encrypted");
        TestNode unencrypted =
            TestNode.start("Unencrypted", builder -> builder.security(Security.plaintext()))) {
      for (PeerAddress peer :
          List.of(encrypted.address(), unencrypted.address(), first.address(), second.address())) {
        result(sender.node().connect(peer));
      }
      assertThat(result(sender.node().broadcast(text)))
          .hasSize(4)
          .allMatch(SendOutcome.Delivered.class::isInstance);
      assertThat(encrypted.log().awaitTexts(1)).containsExactly(text);
      assertThat(unencrypted.log().awaitTexts(1)).containsExactly(text);
      for (OneReadPeer plain : List.of(first, second)) {
        eventually(
            () ->
                assertThat(
                        String.join("", plain.printed()).replace("manual connection message", ""))
                    .isEqualTo(text));
      }
    }
  }
}
