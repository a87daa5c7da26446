package io.p2pchat.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.Delivery;
import io.p2pchat.Peer;
import io.p2pchat.PeerEvent.PeerLeft;
import io.p2pchat.testing.Eventually;
import io.p2pchat.testing.peers.TestNode;
import org.junit.jupiter.api.Test;

/** Two nodes hold a session (PROTOCOL.md sections 3 to 5). */
class AcknowledgementTest {
  @Test
  void messagesAreAcknowledgedAndKeepTheirOrder() {
    try (TestNode one = TestNode.start("One");
        TestNode two = TestNode.start("Two")) {
      assertThat(one.send(two, "hello").join()).isEqualTo(Delivery.ACKNOWLEDGED);
      assertThat(two.send(one, "hello too").join()).isEqualTo(Delivery.ACKNOWLEDGED);
      assertThat(two.log().awaitTexts(1)).containsExactly("hello");
      Peer peer = one.node().activePeers().get(0);
      assertThat(peer.level()).isEqualTo(Peer.Level.SESSION);
      assertThat(peer.teamName()).isEqualTo("Two");
      assertThat(peer.unacknowledged()).isZero();
      Eventually.until(
          "a round trip", () -> one.node().activePeers().get(0).roundTrip().isPresent());
      one.node().close();
      assertThat(two.log().awaitFirst(PeerLeft.class).peer().address()).isEqualTo(one.address());
    }
  }
}
