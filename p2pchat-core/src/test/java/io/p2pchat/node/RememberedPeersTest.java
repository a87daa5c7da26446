package io.p2pchat.node;

import static io.p2pchat.testing.Eventually.eventually;
import static io.p2pchat.testing.peers.BareConnection.line;
import static io.p2pchat.testing.peers.BareConnection.sendAndClose;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.NodeSettings;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerEvent.PeerLeft;
import io.p2pchat.testing.peers.TestNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A node that remembers three active peers. */
class RememberedPeersTest {
  private TestNode node;
  private int messages;

  @BeforeEach
  void start() {
    node = TestNode.start("One", NodeSettings.builder().maxActivePeers(3).build());
  }

  @AfterEach
  void stop() {
    node.close();
  }

  @Test
  void forgetsTheLongestSilentForANewOne() {
    hear(1000);
    hear(1001);
    hear(1002);
    hear(1000);
    hear(1003);
    PeerLeft left = node.log().awaitFirst(PeerLeft.class);
    assertThat(left.peer().address()).isEqualTo(peer(1001));
    assertThat(left.reason()).isEqualTo(PeerLeft.Reason.FORGOTTEN);
    assertThat(node.active()).containsExactly(peer(1002), peer(1000), peer(1003));
  }

  @Test
  void forgetsNoConnectedPeer() {
    sendAndClose(node.port(), line(1000, "A", "connection message"));
    eventually(() -> assertThat(node.connected()).containsExactly(peer(1000)));
    hear(1001);
    hear(1002);
    hear(1003);
    hear(1004);
    assertThat(node.active()).containsExactly(peer(1000), peer(1003), peer(1004));
    assertThat(node.log().of(PeerLeft.class))
        .extracting(left -> left.peer().address())
        .containsExactly(peer(1001), peer(1002));
  }

  @Test
  void deliversTheMessagesOfThoseItCannotRemember() {
    for (int port = 1000; port < 1003; port++) {
      sendAndClose(node.port(), line(port, "A", "connection message"));
    }
    eventually(() -> assertThat(node.connected()).hasSize(3));
    hear(1003);
    assertThat(node.log().texts()).containsExactly("from 1003");
    assertThat(node.active()).containsExactly(peer(1000), peer(1001), peer(1002));
    assertThat(node.log().of(PeerLeft.class)).isEmpty();
  }

  private void hear(int port) {
    sendAndClose(node.port(), line(port, "A", "from " + port));
    node.log().awaitTexts(++messages);
  }

  private static PeerAddress peer(int port) {
    return new PeerAddress("127.0.0.1", port);
  }
}
