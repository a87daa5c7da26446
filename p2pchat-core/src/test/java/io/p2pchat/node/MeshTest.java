package io.p2pchat.node;

import static io.p2pchat.testing.Eventually.result;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.Delivery;
import io.p2pchat.PeerEvent.MessageReceived;
import io.p2pchat.testing.peers.TestNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** All dial all at once, and nobody is taken for a program that does not greet. */
class MeshTest {
  /** For a trial by hand: 60 nodes are 1,770 first contacts. */
  private static final int NODES = Integer.getInteger("p2pchat.mesh", 12);

  @Test
  void firstContactsAtOnceAreAllEncryptedSessions() {
    List<TestNode> nodes = new ArrayList<>();
    try {
      for (int i = 0; i < NODES; i++) {
        nodes.add(TestNode.start("Team" + i));
      }
      List<CompletableFuture<Delivery>> sends = new ArrayList<>();
      for (int to = 1; to < NODES; to++) {
        for (TestNode from : nodes.subList(0, to)) {
          sends.add(from.send(nodes.get(to), "hi"));
        }
      }
      assertThat(sends)
          .allSatisfy(sent -> assertThat(result(sent)).isEqualTo(Delivery.ACKNOWLEDGED));
      for (TestNode node : nodes) {
        assertThat(node.log().messages()).noneMatch(MessageReceived::raw);
        assertThat(node.node().activePeers()).hasSize(NODES - 1).allMatch(peer -> peer.encrypted());
      }
    } finally {
      nodes.forEach(TestNode::close);
    }
  }
}
