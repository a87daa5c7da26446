package io.p2pchat.node;

import static io.p2pchat.testing.Eventually.eventually;
import static io.p2pchat.testing.Eventually.result;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.NodeSettings;
import io.p2pchat.PeerEvent.PeerLeft;
import io.p2pchat.testing.peers.OpenConnectionPeer;
import io.p2pchat.testing.peers.TestNode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A node and a program that keeps its connections open and never ends a line. */
class OpenConnectionPeerTest {
  private TestNode node;
  private OpenConnectionPeer peer;

  @BeforeEach
  void start() throws IOException {
    node =
        TestNode.start(
            "One",
            NodeSettings.builder()
                .quietPeriod(Duration.ofMillis(50))
                .peerCloseTimeout(Duration.ofMillis(50))
                .build());
    peer = new OpenConnectionPeer("Open");
  }

  @AfterEach
  void stop() throws IOException {
    node.close();
    peer.close();
  }

  @Test
  void printsExactlyTheTextsItIsSentThoughItNeverCloses() {
    List<String> texts = List.of("hello", "grüße", "世界 🌍");
    texts.forEach(text -> result(node.node().send(peer.address(), text)));
    eventually(() -> assertThat(peer.printed()).containsExactlyInAnyOrderElementsOf(texts));
  }

  @Test
  void printsALongTextInPieces() {
    String text = "aä世🌍".repeat(300);
    result(node.node().send(peer.address(), text));
    eventually(
        () -> assertThat(peer.printed().stream().mapToInt(String::length).sum()).isEqualTo(1500));
    assertThat(peer.received()).allSatisfy(line -> assertThat(line).startsWith("LISTENING_PORT:"));
  }

  @Test
  void isHeardAfterEachQuietPeriodOnOneConnection() {
    peer.send(node.port(), "first");
    assertThat(node.log().awaitTexts(1)).containsExactly("first");
    peer.send(node.port(), "zweite, größer");
    assertThat(node.log().awaitTexts(2)).containsExactly("first", "zweite, größer");
    peer.send(node.port(), "third");
    assertThat(node.log().awaitTexts(3)).containsExactly("first", "zweite, größer", "third");
    assertThat(node.active()).containsExactly(peer.address());
  }

  @Test
  void leavesByAQuietExitAndItsConnectionIsEndedWithNothingSaidOnIt() {
    peer.send(node.port(), "connection message");
    eventually(() -> assertThat(node.connected()).containsExactly(peer.address()));
    peer.send(node.port(), "exit");
    assertThat(node.log().awaitFirst(PeerLeft.class).reason()).isEqualTo(PeerLeft.Reason.SAID_EXIT);
    assertThat(peer.readToEnd()).isEmpty();
    assertThat(peer.received()).isEmpty();
  }

  @Test
  void seesTheNodeLeave() {
    result(node.node().connect(peer.address()));
    result(node.node().disconnect(peer.address()));
    eventually(() -> assertThat(peer.left()).containsExactly(node.port()));
    assertThat(peer.printed()).containsExactly("manual connection message");
  }
}
