package io.p2pchat.node;

import static io.p2pchat.testing.Eventually.eventually;
import static io.p2pchat.testing.Eventually.result;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.Delivery;
import io.p2pchat.Peer;
import io.p2pchat.PeerEvent.MessageReceived;
import io.p2pchat.PeerEvent.PeerLeft;
import io.p2pchat.testing.peers.BareConnection;
import io.p2pchat.testing.peers.OneReadPeer;
import io.p2pchat.testing.peers.TestNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A node and a program that makes a connection for each message and reads each only once. */
class OneReadPeerTest {
  private TestNode node;
  private OneReadPeer peer;

  @BeforeEach
  void start() throws IOException {
    node = TestNode.start("One");
    peer = new OneReadPeer("Python");
  }

  @AfterEach
  void stop() throws IOException {
    node.close();
    peer.close();
  }

  @Test
  void printsExactlyTheTextsItIsSent() {
    List<String> texts = List.of("hello", "", "a|b|c", "grüße, 世界 🌍", "not exit");
    for (String text : texts) {
      assertThat(result(node.node().send(peer.address(), text))).isEqualTo(Delivery.WRITTEN);
    }
    assertThat(peer.printed()).isEqualTo(texts);
    assertThat(peer.received()).first().isEqualTo(node.line("hello"));
  }

  @Test
  void printsALongTextInPiecesThatAreChatLinesOfAtMost1024Bytes() {
    String text = "aä世🌍".repeat(300);
    assertThat(text.getBytes(UTF_8)).hasSize(3000);
    result(node.node().send(peer.address(), text));
    assertThat(String.join("", peer.printed())).isEqualTo(text);
    assertThat(peer.received())
        .hasSizeGreaterThan(2)
        .allSatisfy(
            line -> {
              assertThat(line.getBytes(UTF_8)).hasSizeLessThanOrEqualTo(1024);
              assertThat(line).startsWith(BareConnection.line(node.port(), "One", ""));
            });
  }

  @Test
  void printsNothingOfWhatIsOnlyReceivedFromIt() {
    peer.send(node.port(), "hello");
    node.log().awaitTexts(1);
    result(node.node().send(peer.address(), "the only one"));
    assertThat(peer.received())
        .containsExactly(BareConnection.line(node.port(), "One", "the only one"));
  }

  @Test
  void isHeardInOrder() {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      texts.add("message " + i);
      peer.send(node.port(), "message " + i);
    }
    assertThat(node.log().awaitTexts(50)).isEqualTo(texts);
    MessageReceived first = node.log().messages().get(0);
    assertThat(first.raw()).isFalse();
    assertThat(first.peer().address()).isEqualTo(peer.address());
    assertThat(first.peer().teamName()).isEqualTo("Python");
  }

  @Test
  void isHeardWithALongText() {
    String text = "aä世🌍".repeat(300);
    peer.send(node.port(), text);
    assertThat(node.log().awaitTexts(1)).containsExactly(text);
  }

  @Test
  void seesTheNodeConnectAndLeave() {
    result(node.node().connect(peer.address()));
    assertThat(node.connected()).containsExactly(peer.address());
    result(node.node().disconnect(peer.address()));
    assertThat(peer.left()).containsExactly(node.port());
    assertThat(peer.printed()).containsExactly("manual connection message");
    assertThat(node.active()).isEmpty();
  }

  @Test
  void connectsAndLeaves() {
    peer.send(node.port(), "connection message");
    eventually(() -> assertThat(node.connected()).containsExactly(peer.address()));
    peer.send(node.port(), "exit");
    PeerLeft left = node.log().awaitFirst(PeerLeft.class);
    assertThat(left.reason()).isEqualTo(PeerLeft.Reason.SAID_EXIT);
    assertThat(left.peer()).extracting(Peer::teamName, Peer::connected).contains("Python", true);
    assertThat(node.active()).isEmpty();
    assertThat(node.log().messages()).isEmpty();
  }

  @Test
  void seesAClosingNodeLeave() {
    result(node.node().connect(peer.address()));
    node.close();
    assertThat(peer.left()).containsExactly(node.port());
  }
}
