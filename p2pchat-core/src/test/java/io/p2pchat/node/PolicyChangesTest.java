package io.p2pchat.node;

import static io.p2pchat.testing.Eventually.eventually;
import static io.p2pchat.testing.Eventually.failure;
import static io.p2pchat.testing.Eventually.result;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.Delivery;
import io.p2pchat.Fingerprint;
import io.p2pchat.Peer;
import io.p2pchat.PeerNodeException;
import io.p2pchat.Security;
import io.p2pchat.Trust;
import io.p2pchat.testing.FreePort;
import io.p2pchat.testing.peers.TestNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A peer comes back at its address with another policy (PROTOCOL.md sections 1, 5 and 7). */
class PolicyChangesTest {
  @TempDir private Path directory;

  private final List<TestNode> nodes = new ArrayList<>();

  @AfterEach
  void stop() {
    nodes.forEach(TestNode::close);
  }

  private enum Kind {
    ANY,
    PINNED
  }

  private Trust trust(Kind kind, String team) {
    return kind == Kind.ANY ? Trust.any() : Trust.pinned(directory.resolve(team));
  }

  private TestNode start(String team, int port, Security security) {
    int own = port == 0 ? FreePort.next() : port;
    TestNode node = TestNode.start(team, builder -> builder.port(own).security(security));
    nodes.add(node);
    return node;
  }

  /** Both write, and each has one entry for the other. */
  private static Peer assertTheyTalk(TestNode one, TestNode two, String text) {
    assertThat(result(one.send(two, text))).isEqualTo(Delivery.ACKNOWLEDGED);
    assertThat(result(two.send(one, text))).isEqualTo(Delivery.ACKNOWLEDGED);
    eventually(() -> assertThat(two.log().texts()).contains(text));
    eventually(() -> assertThat(one.log().texts()).contains(text));
    eventually(() -> assertThat(one.node().activePeers()).hasSize(1));
    return one.node().activePeers().get(0);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void peerThatBeginsToEncryptAndThenRequiresItKeepsItsEntry(Kind kind) {
    TestNode one = start("One", 0, Security.opportunistic().with(trust(kind, "One")));
    TestNode two = start("Two", 0, Security.plaintext());
    int port = two.port();
    assertThat(assertTheyTalk(one, two, "plain").fingerprint()).isEmpty();
    two.close();
    two = start("Two", port, Security.opportunistic().with(trust(kind, "Two")));
    Optional<Fingerprint> key = two.node().fingerprint();
    assertThat(assertTheyTalk(one, two, "encrypted").fingerprint()).isEqualTo(key);
    two.close();
    two = start("Two", port, Security.required().with(trust(kind, "Two")));
    key = two.node().fingerprint();
    Peer peer = assertTheyTalk(one, two, "required");
    assertThat(peer.fingerprint()).isEqualTo(key);
    assertThat(result(one.node().send(peer, "for it"))).isEqualTo(Delivery.ACKNOWLEDGED);
  }

  @Test
  void knownPeerThatNoLongerEncryptsIsNotWrittenToNorHeard() {
    TestNode one = start("One", 0, Security.opportunistic().with(trust(Kind.PINNED, "One")));
    TestNode two = start("Two", 0, Security.opportunistic().with(trust(Kind.PINNED, "Two")));
    int port = two.port();
    Peer peer = assertTheyTalk(one, two, "encrypted");
    two.close();
    two = start("Two", port, Security.plaintext());
    assertThat(failure(one.send(two, "secret"))).isInstanceOf(PeerNodeException.class);
    assertThat(failure(one.node().send(peer, "secret"))).isInstanceOf(PeerNodeException.class);
    assertThat(failure(two.send(one, "as Two"))).isInstanceOf(PeerNodeException.class);
    assertThat(two.log().texts()).isEmpty();
    assertThat(one.log().texts()).containsExactly("encrypted");
    two.close();
    two = start("Two", port, Security.required().with(trust(Kind.PINNED, "Two")));
    assertThat(assertTheyTalk(one, two, "again").fingerprint()).isEqualTo(peer.fingerprint());
  }

  @Test
  void nodeThatBeginsToRequireEncryptionDoesNotWriteToItsPlainPeers() {
    TestNode two = start("Two", 0, Security.plaintext());
    TestNode one = start("One", 0, Security.opportunistic().with(trust(Kind.PINNED, "One")));
    int port = one.port();
    assertTheyTalk(one, two, "plain");
    one.close();
    one = start("One", port, Security.required().with(trust(Kind.PINNED, "One")));
    assertThat(failure(one.send(two, "secret"))).isInstanceOf(PeerNodeException.class);
    assertThat(failure(two.send(one, "plain again"))).isInstanceOf(PeerNodeException.class);
    assertThat(one.log().texts()).isEmpty();
    assertThat(two.log().texts()).containsExactly("plain");
  }
}
