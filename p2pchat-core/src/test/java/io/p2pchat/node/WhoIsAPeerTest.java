package io.p2pchat.node;

import static io.p2pchat.testing.Eventually.eventually;
import static io.p2pchat.testing.Eventually.failure;
import static io.p2pchat.testing.Eventually.result;
import static io.p2pchat.testing.peers.BareConnection.dial;
import static io.p2pchat.testing.peers.BareConnection.line;
import static io.p2pchat.testing.peers.BareConnection.sendAndClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerEvent.MessageReceived;
import io.p2pchat.PeerEvent.PeerConnected;
import io.p2pchat.PeerEvent.PeerLeft;
import io.p2pchat.testing.peers.BareConnection;
import io.p2pchat.testing.peers.BarePeer;
import io.p2pchat.testing.peers.BareSession;
import io.p2pchat.testing.peers.OneReadPeer;
import io.p2pchat.testing.peers.TestNode;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WhoIsAPeerTest {
  private TestNode node;

  @BeforeEach
  void start() {
    node = TestNode.start("One");
  }

  @AfterEach
  void stop() {
    node.close();
  }

  @Test
  void senderIsKnownByItsIpAndItsDeclaredPort() {
    try (BareConnection connection = dial("127.0.0.2", "127.0.0.1", node.port())) {
      connection.write(line(1000, "A", "x") + "\n" + line(1001, "B", "y") + "\n");
      node.log().awaitTexts(2);
    }
    assertThat(node.active())
        .containsExactly(new PeerAddress("127.0.0.2", 1000), new PeerAddress("127.0.0.2", 1001));
    assertThat(node.node().activePeers()).extracting(Peer::teamName).containsExactly("A", "B");
    assertThat(node.connected()).isEmpty();
  }

  @Test
  void peerIsNamedAsItLastNamedItself() {
    sendAndClose(node.port(), line(1000, "Before", "x"));
    node.log().awaitTexts(1);
    sendAndClose(node.port(), line(1000, " After ", "y"));
    node.log().awaitTexts(2);
    assertThat(node.node().activePeers()).extracting(Peer::teamName).containsExactly("After");
  }

  @Test
  void peerThatNamesItselfUnknownTeamIsNoRawLine() {
    sendAndClose(node.port(), line(1000, "unknown_team", "x"));
    node.log().awaitTexts(1);
    sendAndClose(node.port(), "y");
    node.log().awaitTexts(2);
    assertThat(node.log().messages())
        .extracting(
            MessageReceived::text,
            MessageReceived::raw,
            m -> m.peer().named(),
            m -> m.peer().teamName())
        .containsExactly(
            tuple("x", false, true, "unknown_team"), tuple("y", true, false, "unknown_team"));
    assertThat(node.node().activePeers()).singleElement().matches(Peer::named);
  }

  @Test
  void dialedPeerIsKnownByTheDialedAddress() throws IOException {
    try (OneReadPeer peer = new OneReadPeer("Python")) {
      result(node.node().send(peer.address(), "hello"));
      assertThat(node.active()).containsExactly(peer.address());
      assertThat(node.node().activePeers().get(0).teamName()).isEqualTo(Peer.UNKNOWN_TEAM);
      assertThat(node.node().activePeers().get(0).named()).isFalse();
      assertThat(node.node().activePeers().get(0).lastHeard()).isEmpty();
      peer.send(node.port(), "hello back");
      node.log().awaitTexts(1);
      assertThat(node.active()).containsExactly(peer.address());
      assertThat(node.node().activePeers().get(0).teamName()).isEqualTo("Python");
      assertThat(node.node().activePeers().get(0).lastHeard()).isPresent();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"hello", "exit", "connection message"})
  void lineThatClaimsToBeTheNodeItselfIsRawAndChangesNothing(String text) {
    sendAndClose(node.port(), line(node.port(), "Impostor", text));
    node.log().awaitTexts(1);
    MessageReceived message = node.log().messages().get(0);
    assertThat(message.raw()).isTrue();
    assertThat(message.text()).isEqualTo(text);
    assertThat(message.peer().teamName()).isEqualTo(Peer.UNKNOWN_TEAM);
    assertThat(node.active()).isEmpty();
    assertThat(node.log().kinds()).containsExactly("MessageReceived");
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "127.0.0.2", "::1", "::ffff:127.0.0.1", "localhost"})
  void sendingToOneselfIsAnError(String host) {
    PeerAddress self = new PeerAddress(host, node.port());
    assertThat(List.of(failure(node.node().send(self, "x")), failure(node.node().connect(self))))
        .allSatisfy(error -> assertThat(error).isInstanceOf(IllegalArgumentException.class));
    assertThat(node.active()).isEmpty();
    assertThat(node.log().all()).isEmpty();
  }

  @Test
  void ipv4PeerIsOnePeerHoweverItsAddressIsWritten() {
    try (TestNode two = TestNode.start("Two")) {
      result(node.send(two, "dialed"));
      result(node.node().send(new PeerAddress("::ffff:127.0.0.1", two.port()), "mapped"));
      result(node.node().send(new PeerAddress("localhost", two.port()), "by name"));
      assertThat(two.log().awaitTexts(3)).containsExactly("dialed", "mapped", "by name");
      result(two.send(node, "back"));
      node.log().awaitTexts(1);
      assertThat(node.active()).containsExactly(two.address());
      assertThat(two.active()).containsExactly(node.address());
    }
  }

  @Test
  void ipv6PeersAreKnownByTheirIpv6Address() {
    try (TestNode two = TestNode.start("Two")) {
      result(node.node().send(new PeerAddress("::1", two.port()), "over IPv6"));
      two.log().awaitTexts(1);
      PeerAddress seen = new PeerAddress("::1", node.port());
      assertThat(two.active()).containsExactly(seen);
      result(two.node().connect(seen));
      eventually(
          () -> assertThat(node.connected()).containsExactly(new PeerAddress("::1", two.port())));
    }
  }

  @Test
  void namedPeerIsListedByItsIp() {
    try (TestNode two = TestNode.start("Two")) {
      result(node.node().connect(new PeerAddress("LocalHost", two.port())));
      assertThat(node.connected()).containsExactly(two.address());
    }
  }

  @Test
  void exitCountsOnlyForTheAddressItComesFrom() {
    node.close();
    node = TestNode.start("One", TestNode.notGreeting().build());
    try (BareConnection peer = dial("127.0.0.2", "127.0.0.1", node.port());
        BareConnection forger = dial("127.0.0.3", "127.0.0.1", node.port())) {
      peer.write(line(1000, "A", "connection message") + "\n");
      node.log().awaitFirst(PeerConnected.class);
      assertThat(forger.write(line(1000, "A", "exit") + "\n").readToEnd()).isEmpty();
      peer.write(line(1000, "A", "still here") + "\n");
      node.log().awaitTexts(1);
    }
    assertThat(node.connected()).containsExactly(new PeerAddress("127.0.0.2", 1000));
    assertThat(node.log().of(PeerLeft.class)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "127.0.0.2"})
  void exitOutsideOfASessionDoesNotEndIt(String from) {
    try (BarePeer peer = BarePeer.open();
        BareConnection forger = dial(from, "127.0.0.1", node.port())) {
      BareSession session = peer.open(node).connection();
      session.say(peer.chat("connection message"));
      node.log().awaitFirst(PeerConnected.class);
      forger.write(peer.chat("exit")).endOutput().readToEnd();
      session.say(peer.chat("still here"));
      eventually(() -> assertThat(node.log().texts()).endsWith("still here"));
      assertThat(node.connected()).containsExactly(peer.address());
      assertThat(node.log().of(PeerLeft.class)).isEmpty();
      assertThat(node.node().metrics().sessionConnections()).isOne();
    }
  }

  @Test
  void peerThatExitedBecomesActiveAgainByItsNextMessage() {
    sendAndClose(node.port(), line(1000, "A", "x"));
    node.log().awaitTexts(1);
    sendAndClose(node.port(), line(1000, "A", "exit"));
    sendAndClose(node.port(), line(1000, "A", "y"));
    node.log().awaitTexts(2);
    assertThat(node.log().kinds())
        .containsExactly(
            "PeerActive", "MessageReceived", "PeerLeft", "PeerActive", "MessageReceived");
  }
}
