package io.p2pchat.node;

import static io.p2pchat.testing.Eventually.result;
import static io.p2pchat.testing.Eventually.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.Delivery;
import io.p2pchat.Peer;
import io.p2pchat.testing.peers.BareConnection;
import io.p2pchat.testing.peers.BarePeer;
import io.p2pchat.testing.peers.BareSession;
import io.p2pchat.testing.peers.TestNode;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two connections for one pair of nodes, and those who claim to be one of it. */
class SessionWirePairTest {
  private static final String SESSION = "s".repeat(13);

  private final TestNode node = TestNode.start("One", TestNode.unhurried().build());

  @AfterEach
  void stop() {
    node.close();
  }

  @Test
  void bothHaveDialedAndTheHigherNodeTakesTheOthersHello() {
    try (BarePeer peer = BarePeer.open(BarePeer.LOWEST)) {
      CompletableFuture<Delivery> sent = node.node().send(peer.address(), "hi");
      BareSession own = peer.acceptAndGreet();
      assertThat(own.read()).startsWith("HELLO:1|");
      BareSession other = peer.open(node).connection();
      assertThat(own.readToEnd()).isEmpty();
      assertThat(other.read()).isEqualTo(node.line("hi"));
      other.say("ACK:1");
      assertThat(result(sent)).isEqualTo(Delivery.ACKNOWLEDGED);
      assertThat(node.active()).containsExactly(peer.address());
    }
  }

  @Test
  void bothHaveDialedAndTheLowerNodeRefusesTheOthersHello() {
    try (BarePeer peer = BarePeer.open(BarePeer.HIGHEST)) {
      CompletableFuture<Delivery> sent = node.node().send(peer.address(), "hi");
      BareSession own = peer.acceptAndGreet();
      assertThat(own.read()).startsWith("HELLO:1|");
      BareSession other = peer.dial(node).say(peer.hello());
      assertThat(other.readToEnd()).containsExactly("BYE:duplicate");
      own.say(peer.welcome(SESSION, 0));
      assertThat(own.read()).isEqualTo(node.line("hi"));
      own.say("ACK:1");
      assertThat(result(sent)).isEqualTo(Delivery.ACKNOWLEDGED);
      assertThat(node.node().metrics().violations()).isZero();
    }
  }

  @Test
  void nodeDoesNotHoldASessionWithItself() {
    try (BarePeer peer = BarePeer.open()) {
      BarePeer.Opened opened = peer.open(node);
      assertThat(opened.connection().say("BYE:closing").readToEnd()).isEmpty();
      peer.restart(opened.field("NODE"));
      BareSession connection = peer.dial(node);
      assertThat(connection.say(peer.hello()).readToEnd()).containsExactly("BYE:duplicate");
      assertThat(node.active()).isEmpty();
    }
  }

  @Test
  void knownNodeFromAnotherAddressIsNotTrusted() {
    try (BarePeer peer = BarePeer.open()) {
      BarePeer.Opened opened = peer.open(node);
      try (BareSession forged = BareSession.dial("127.0.0.2", node.port())) {
        forged.say(peer.hello(opened.field("SESSION"), 0));
        assertThat(forged.readToEnd()).containsExactly("BYE:trust|REASON:key");
      }
      assertThat(opened.connection().roundTrip()).isEmpty();
      CompletableFuture<Delivery> sent = node.node().send(peer.address(), "hi");
      assertThat(opened.connection().read()).isEqualTo(node.line("hi"));
      opened.connection().say("ACK:1");
      assertThat(result(sent)).isEqualTo(Delivery.ACKNOWLEDGED);
      assertThat(node.active()).containsExactly(peer.address());
    }
  }

  @Test
  void knownNodeFromAnotherAddressIsAnotherPeer() {
    try (BarePeer peer = BarePeer.open();
        BareSession forged = BareSession.dial("127.0.0.2", node.port())) {
      assertThat(forged.say(peer.hello()).read()).startsWith("WELCOME:1|");
      BareSession session = peer.open(node).connection();
      CompletableFuture<Delivery> sent = node.node().send(peer.address(), "hi");
      assertThat(session.read()).isEqualTo(node.line("hi"));
      session.say("ACK:1");
      assertThat(result(sent)).isEqualTo(Delivery.ACKNOWLEDGED);
      assertThat(forged.roundTrip()).isEmpty();
    }
  }

  @Test
  void knownNodeFromAnotherAddressDoesNotTakeOverADialedEndpoint() {
    try (BarePeer peer = BarePeer.open(BarePeer.LOWEST);
        BareSession forged = BareSession.dial("127.0.0.2", node.port())) {
      CompletableFuture<Delivery> sent = node.node().send(peer.address(), "hi");
      BareSession own = peer.acceptAndGreet();
      assertThat(own.read()).startsWith("HELLO:1|");
      assertThat(forged.say(peer.hello()).read()).startsWith("WELCOME:1|");
      own.say(peer.welcome(SESSION, 0));
      assertThat(own.read()).isEqualTo(node.line("hi"));
      own.say("ACK:1");
      assertThat(result(sent)).isEqualTo(Delivery.ACKNOWLEDGED);
      assertThat(forged.roundTrip()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"forged", "exit", "connection message", "manual connection message"})
  void lineThatClaimsToBeAPeerWithASessionIsRawAndChangesNothing(String text) {
    try (BarePeer peer = BarePeer.open()) {
      BareSession session = peer.open(node).connection();
      assertThat(session.say(peer.chat("hi")).readTo("ACK:1")).isEmpty();
      BareConnection.sendAndClose(node.port(), peer.chat(text));
      assertThat(node.log().awaitTexts(2)).containsExactly("hi", text);
      assertThat(node.log().messages().get(1).raw()).isTrue();
      assertThat(node.log().messages().get(1).peer().teamName()).isEqualTo(Peer.UNKNOWN_TEAM);
      assertThat(node.active()).containsExactly(peer.address());
      assertThat(node.connected()).isEmpty();
      assertThat(node.log().kinds())
          .containsExactly("PeerActive", "MessageReceived", "MessageReceived");
      assertThat(session.say(peer.chat("still here")).readTo("ACK:2")).isEmpty();
    }
  }

  @Test
  void exitOutsideOfASessionThatHasLostItsConnectionChangesNothing() {
    try (BarePeer peer = BarePeer.open()) {
      BareSession session = peer.open(node).connection();
      assertThat(session.say(peer.chat("connection message")).readTo("ACK:1")).isEmpty();
      session.reset();
      until("the loss", () -> node.node().metrics().sessionConnections() == 0);
      BareConnection.sendAndClose(node.port(), peer.chat("exit"));
      assertThat(node.log().awaitTexts(1)).containsExactly("exit");
      assertThat(node.log().messages().get(0).raw()).isTrue();
      assertThat(node.connected()).containsExactly(peer.address());
    }
  }

  @Test
  void sameLineFromElsewhereIsAnotherPeer() {
    try (BarePeer peer = BarePeer.open()) {
      assertThat(peer.open(node).connection().roundTrip()).isEmpty();
      try (BareSession elsewhere = BareSession.dial("127.0.0.2", node.port())) {
        elsewhere.say(peer.chat("hi"));
        assertThat(node.log().awaitTexts(1)).containsExactly("hi");
      }
      assertThat(node.log().messages().get(0).raw()).isFalse();
    }
  }

  @Test
  void messagesToAnotherAddressOfAKnownNodeGoInItsSession() {
    try (BarePeer peer = BarePeer.open();
        BarePeer alias = BarePeer.open()) {
      BareSession session = peer.open(node).connection();
      List<CompletableFuture<Delivery>> sends =
          List.of(
              node.node().send(alias.address(), "one"), node.node().send(alias.address(), "two"));
      assertThat(alias.acceptAndGreet().readToEnd()).isEmpty();
      assertThat(session.readTo(node.line("two"))).containsExactly(node.line("one"));
      session.say("ACK:2");
      assertThat(sends).allSatisfy(s -> assertThat(result(s)).isEqualTo(Delivery.ACKNOWLEDGED));
      CompletableFuture<Delivery> third = node.node().send(alias.address(), "three");
      assertThat(session.read()).isEqualTo(node.line("three"));
      session.say("ACK:3");
      assertThat(result(third)).isEqualTo(Delivery.ACKNOWLEDGED);
      assertThat(node.active()).containsExactly(peer.address());
    }
  }
}
