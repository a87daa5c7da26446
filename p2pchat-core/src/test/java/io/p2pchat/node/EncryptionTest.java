package io.p2pchat.node;

import static io.p2pchat.testing.Eventually.eventually;
import static io.p2pchat.testing.Eventually.failure;
import static io.p2pchat.testing.Eventually.result;
import static io.p2pchat.testing.Eventually.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.Delivery;
import io.p2pchat.DeliveryUnknownException;
import io.p2pchat.NodeSettings;
import io.p2pchat.Peer;
import io.p2pchat.PeerEvent.PeerRefused;
import io.p2pchat.PeerEvent.ProtocolViolation;
import io.p2pchat.PeerUnreachableException;
import io.p2pchat.Security;
import io.p2pchat.testing.faultproxy.FaultProxy;
import io.p2pchat.testing.peers.BarePeer;
import io.p2pchat.testing.peers.BareSession;
import io.p2pchat.testing.peers.BareTls;
import io.p2pchat.testing.peers.OneReadPeer;
import io.p2pchat.testing.peers.TestNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who encrypts with whom (PROTOCOL.md section 7), and what a handshake may not be. */
@Execution(ExecutionMode.CONCURRENT) // its tests mostly wait, each for nodes of its own
class EncryptionTest {
  /** The bare peers of these tests do not answer a node that leaves. */
  private static final Duration NOBODY_ANSWERS = Duration.ofMillis(50);

  private static final NodeSettings SILENT =
      NodeSettings.builder()
          .greetingDelay(Duration.ofHours(1))
          .closeTimeout(NOBODY_ANSWERS)
          .build();

  private static final Duration HOUR = Duration.ofHours(1);

  private static final byte[] BEGUN = {0x16, 3, 1, 2, 0, 1};

  private static final NodeSettings REDIALING =
      TestNode.unhurried().redialDelay(Duration.ofMillis(2)).closeTimeout(NOBODY_ANSWERS).build();

  private final BarePeer peer = BarePeer.open();

  @AfterEach
  void stop() {
    peer.close();
  }

  private static TestNode start(String team, Security security) {
    return TestNode.start(team, builder -> builder.security(security));
  }

  private static Security security(String policy) {
    return switch (policy) {
      case "plaintext" -> Security.plaintext();
      case "opportunistic" -> Security.opportunistic();
      default -> Security.required();
    };
  }

  @ParameterizedTest
  @CsvSource({
    "plaintext, plaintext, false",
    "plaintext, opportunistic, false",
    "opportunistic, plaintext, false",
    "opportunistic, opportunistic, true",
    "opportunistic, required, true",
    "required, opportunistic, true",
    "required, required, true"
  })
  void twoNodesEncryptWhereBothCan(String dialing, String accepting, boolean encrypted) {
    try (TestNode one = start("One", security(dialing));
        TestNode two = start("Two", security(accepting))) {
      assertThat(result(one.send(two, "hi"))).isEqualTo(Delivery.ACKNOWLEDGED);
      assertThat(two.log().awaitTexts(1)).containsExactly("hi");
      assertThat(result(two.send(one, "hello"))).isEqualTo(Delivery.ACKNOWLEDGED);
      Peer twoSeen = one.node().activePeers().get(0);
      Peer oneSeen = two.log().messages().get(0).peer();
      assertThat(twoSeen.encrypted()).isEqualTo(encrypted);
      assertThat(oneSeen.encrypted()).isEqualTo(encrypted);
      if (encrypted) {
        assertThat(twoSeen.fingerprint()).isEqualTo(two.node().fingerprint());
        assertThat(oneSeen.fingerprint()).isEqualTo(one.node().fingerprint());
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"plaintext, required", "required, plaintext"})
  void whereOneMustAndTheOtherMayNotNothingIsSent(String dialing, String accepting) {
    try (TestNode one = start("One", security(dialing));
        TestNode two = start("Two", security(accepting))) {
      assertThat(failure(one.send(two, "hi")))
          .isInstanceOf(PeerUnreachableException.class)
          .hasMessageContaining("encrypt");
      assertThat(two.log().messages()).isEmpty();
    }
  }

  @Test
  void nodeThatEncryptsHasAFingerprintAndOneThatDoesNotHasNone() {
    try (TestNode one = start("One", Security.opportunistic());
        TestNode two = start("Two", Security.plaintext())) {
      assertThat(one.node().fingerprint()).isPresent();
      assertThat(two.node().fingerprint()).isEmpty();
    }
  }

  @Test
  void nothingThatIsSaidCanBeReadOnTheWire() throws IOException {
    try (TestNode one = start("Reader", Security.opportunistic());
        TestNode two = start("Writer", Security.opportunistic());
        FaultProxy wire = FaultProxy.to(two.port())) {
      wire.record(true);
      assertThat(result(one.node().send(wire.address(), "the secret")))
          .isEqualTo(Delivery.ACKNOWLEDGED);
      assertThat(wire.transcript()).first().asString().contains("GREETING:1|TLS:offered|NODE:");
      assertThat(String.join("\n", wire.transcript()))
          .doesNotContain("secret", "Reader", "Writer", "HELLO", "LISTENING_PORT");
    }
  }

  @Test
  void plainProgramGetsTheStandardLineAndNothingElse() throws IOException {
    try (TestNode one = start("One", Security.opportunistic());
        OneReadPeer old = new OneReadPeer("Old");
        FaultProxy wire = FaultProxy.to(old.port())) {
      wire.record(true);
      assertThat(result(one.node().send(wire.address(), "hi"))).isEqualTo(Delivery.WRITTEN);
      assertThat(wire.transcript())
          .singleElement()
          .asString()
          .endsWith("LISTENING_PORT:" + one.port() + "|TEAM_NAME:One|hi");
      assertThat(one.node().activePeers().get(0).encrypted()).isFalse();
    }
  }

  @Test
  void whoMustEncryptDoesNotFallBack() {
    NodeSettings quick = NodeSettings.builder().greetingTimeout(Duration.ofMillis(20)).build();
    try (TestNode one =
        TestNode.start("One", b -> b.security(Security.required()).settings(quick))) {
      var sent = one.node().send(peer.address(), "hi");
      assertThat(peer.accept().readToEnd()).isEmpty();
      assertThat(failure(sent))
          .isInstanceOf(PeerUnreachableException.class)
          .hasMessageContaining("it does not encrypt, and this node requires that");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"LISTENING_PORT:7070|TEAM_NAME:Two|hi\n", "HELLO:1|", "x", "H"})
  void whoMustEncryptTakesNothingElse(String said) {
    try (TestNode one = start("One", Security.required())) {
      BareSession connection = peer.dial(one).write(said);
      assertThat(connection.readToEnd()).isEmpty();
      ProtocolViolation refused = one.log().awaitFirst(ProtocolViolation.class);
      assertThat(refused.description()).isEqualTo("no TLS, which this node requires");
      assertThat(refused.unencrypted()).isTrue();
      assertThat(one.log().messages()).isEmpty();
      assertThat(one.active()).isEmpty();
    }
  }

  /** After a clean close, the sender would take its line for written. */
  @Test
  void plainLineThatIsRefusedIsNotTakenForWritten() {
    NodeSettings silent = NodeSettings.builder().greetingDelay(Duration.ofHours(1)).build();
    NodeSettings hasty = NodeSettings.builder().greetingTimeout(Duration.ofMillis(20)).build();
    try (TestNode one = TestNode.start("One", hasty);
        TestNode two =
            TestNode.start("Two", b -> b.security(Security.required()).settings(silent))) {
      assertThat(failure(one.send(two, "hi"))).isInstanceOf(DeliveryUnknownException.class);
      assertThat(two.log().awaitFirst(ProtocolViolation.class).description())
          .isEqualTo("no TLS, which this node requires");
      assertThat(two.log().messages()).isEmpty();
    }
  }

  @Test
  void whoMayNotEncryptRefusesTls() {
    try (TestNode one = start("One", Security.plaintext())) {
      assertThat(peer.dial(one).write(new byte[] {0x16, 3, 1, 2}).readToEnd()).isEmpty();
      assertThat(one.log().awaitFirst(ProtocolViolation.class).description())
          .startsWith("TLS, which this node does not take");
    }
  }

  @Test
  void sessionThatWaitsForItsNextConnectionStaysEncryptedUntilItEnds() {
    BareTls tls = BareTls.anybody();
    try (TestNode one = TestNode.start("One", TestNode.unhurried().build())) {
      BareSession session = peer.dial(one, tls).say(peer.hello());
      String sid = new BarePeer.Opened(session, session.read()).field("SESSION");
      assertThat(session.say(peer.chat("hi")).readTo("ACK:1")).isEmpty();
      session.reset();
      until("no connection", () -> one.node().metrics().sessionConnections() == 0);
      assertThat(one.node().activePeers().get(0).fingerprint()).contains(tls.fingerprint());
      BareSession back = peer.dial(one, tls).say(peer.hello(sid, 0));
      assertThat(back.read()).contains("SESSION:" + sid);
      back.say("BYE:closing").awaitEnd();
      until("no session", () -> one.node().activePeers().get(0).level() == Peer.Level.PLAIN);
      assertThat(one.node().activePeers().get(0).fingerprint()).contains(tls.fingerprint());
    }
  }

  @Test
  void bareSessionOverTlsWorksLikeAnyOther() {
    BareTls tls = BareTls.anybody();
    try (TestNode one = TestNode.start("One", SILENT)) {
      BareSession session = peer.dial(one, tls).say(peer.hello());
      assertThat(session.read()).startsWith("WELCOME:1|");
      session.say(peer.chat("hi"));
      assertThat(session.readTo("ACK:1")).isEmpty();
      assertThat(one.log().messages().get(0).peer().fingerprint()).contains(tls.fingerprint());
    }
  }

  @Test
  void connectionsMayBeCutAnywhereInTheHandshakeToo() throws IOException {
    NodeSettings quick = NodeSettings.builder().redialDelay(Duration.ofMillis(5)).build();
    try (TestNode one = TestNode.start("One", quick);
        TestNode two = start("Two", Security.opportunistic());
        FaultProxy wire = FaultProxy.to(two.port())) {
      assertThat(result(one.node().send(wire.address(), "first"))).isEqualTo(Delivery.ACKNOWLEDGED);
      for (int cut = 1; cut < 40; cut++) {
        wire.cutAfter(cut * 97L);
        assertThat(result(one.node().send(wire.address(), "cut " + cut)))
            .isEqualTo(Delivery.ACKNOWLEDGED);
      }
      assertThat(two.log().awaitTexts(40)).doesNotHaveDuplicates().hasSize(40);
    }
  }

  @Test
  void restartedPeerWithAnotherKeyIsTakenWhenBothDial() {
    try (TestNode one = TestNode.start("One", REDIALING)) {
      CompletableFuture<Delivery> sent = restartPeerBeforeItAcknowledges(one, BarePeer.LOWEST);
      BareTls newKey = BareTls.anybody();
      acceptUpToHello(newKey);
      BareSession dialing = peer.dial(one, newKey).say(peer.hello());
      assertThat(dialing.read()).startsWith("WELCOME:1|");
      assertSentAgain(one, sent, dialing);
    }
  }

  @Test
  void restartedPeerWithAnotherKeyIsTakenWhenItIsDialedASecondTime() {
    try (TestNode one = TestNode.start("One", REDIALING)) {
      CompletableFuture<Delivery> sent = restartPeerBeforeItAcknowledges(one, BarePeer.HIGHEST);
      BareTls newKey = BareTls.anybody();
      acceptUpToHello(newKey).close();
      BareSession second = acceptUpToHello(newKey).say(peer.welcome("t".repeat(13), 0));
      assertSentAgain(one, sent, second);
    }
  }

  private CompletableFuture<Delivery> restartPeerBeforeItAcknowledges(
      TestNode one, String newNode) {
    CompletableFuture<Delivery> sent = one.node().send(peer.address(), "hi");
    BareSession session = acceptUpToHello(BareTls.anybody()).say(peer.welcome("s".repeat(13), 0));
    assertThat(session.read()).isEqualTo(one.line("hi"));
    session.close();
    peer.restart(newNode);
    return sent;
  }

  private BareSession acceptUpToHello(BareTls key) {
    BareSession session = peer.acceptAndSecure(key);
    assertThat(session.read()).startsWith("HELLO:1|");
    return session;
  }

  private static void assertSentAgain(
      TestNode one, CompletableFuture<Delivery> sent, BareSession session) {
    assertThat(session.read()).isEqualTo(one.line("hi"));
    session.say("ACK:1");
    assertThat(result(sent)).isEqualTo(Delivery.ACKNOWLEDGED);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void linesOfAnEncryptedSessionAreNotToldToAPlainHello(boolean lost) {
    BareTls tls = BareTls.anybody();
    try (TestNode one = TestNode.start("One", TestNode.unhurried().build())) {
      BareSession session = peer.dial(one, tls).say(peer.hello());
      String sid = new BarePeer.Opened(session, session.read()).field("SESSION");
      CompletableFuture<Delivery> sent = one.node().send(peer.address(), "secret");
      assertThat(session.read()).isEqualTo(one.line("secret"));
      if (lost) {
        session.reset();
        eventually(() -> assertThat(one.node().metrics().sessionConnections()).isZero());
      }
      String other = peer.hello().replaceAll("NODE:[a-z2-7]{26}", "NODE:" + BarePeer.LOWEST);
      assertThat(peer.dial(one).say(other).readToEnd()).containsExactly("BYE:trust|REASON:key");
      assertThat(one.log().awaitFirst(PeerRefused.class).reason().refusal().known())
          .contains(tls.fingerprint());
      BareSession back = peer.dial(one, tls).say(peer.hello(sid, 1));
      assertThat(back.read()).contains("SESSION:" + sid);
      back.say("ACK:1");
      assertThat(result(sent)).isEqualTo(Delivery.ACKNOWLEDGED);
    }
  }

  @Test
  void nodeOfAnEncryptedSessionAtItsAddressIsRefusedByAnotherKey() {
    try (TestNode one = TestNode.start("One", SILENT)) {
      BareSession session = peer.dial(one, BareTls.anybody()).say(peer.hello());
      session.read();
      assertThat(peer.dial(one, BareTls.anybody()).say(peer.hello()).readToEnd())
          .containsExactly("BYE:trust|REASON:key");
      assertThat(session.roundTrip()).isEmpty();
    }
  }

  @Test
  void nodeOfADialedPeerAtItsAddressIsRefusedByAnotherKey() {
    peer.restart(BarePeer.LOWEST);
    BareTls tls = BareTls.anybody();
    try (TestNode one = TestNode.start("One", TestNode.unhurried().build())) {
      CompletableFuture<Delivery> sent = one.node().send(peer.address(), "secret");
      BareSession session = peer.acceptAndSecure(tls);
      assertThat(session.read()).startsWith("HELLO:1|");
      assertThat(peer.dial(one, BareTls.anybody()).say(peer.hello()).readToEnd())
          .containsExactly("BYE:trust|REASON:key");
      session.say(peer.welcome("s".repeat(13), 0));
      assertThat(session.read()).isEqualTo(one.line("secret"));
      session.say("ACK:1");
      assertThat(result(sent)).isEqualTo(Delivery.ACKNOWLEDGED);
    }
  }

  @Test
  void linesThatWaitForTheNextSessionAreNotSentInPlain() {
    try (TestNode one = TestNode.start("One", TestNode.unhurried().build())) {
      BareSession session = peer.dial(one, BareTls.anybody()).say(peer.hello());
      session.read();
      session.say(peer.chat("exit"));
      assertThat(session.readTo("ACK:1")).isEmpty();
      CompletableFuture<Delivery> sent = one.node().send(peer.address(), "secret");
      assertThat(session.say("BYE:closing").readToEnd()).isEmpty();
      assertThat(peer.acceptAndGreet().readToEnd()).isEmpty();
      assertThat(failure(sent))
          .isInstanceOf(PeerUnreachableException.class)
          .hasMessageContaining("it does not encrypt any more");
      CompletableFuture<Delivery> later = one.node().send(peer.address(), "not secret");
      BareSession plain = peer.acceptAndWelcome("s".repeat(13), 0).connection();
      assertThat(plain.read()).isEqualTo(one.line("not secret"));
      plain.say("ACK:1");
      assertThat(result(later)).isEqualTo(Delivery.ACKNOWLEDGED);
    }
  }

  @Test
  void connectionWithoutACertificateIsNoSession() {
    try (TestNode one = TestNode.start("One", SILENT)) {
      assertEnds(peer.dial(one, BareTls.anybody().anonymous()));
      assertThat(one.active()).isEmpty();
    }
  }

  @Test
  void connectionInAnOlderVersionIsNoSession() {
    try (TestNode one = TestNode.start("One", SILENT)) {
      assertEnds(peer.dial(one, BareTls.anybody().version("TLSv1.2")));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"http/1.1", ""})
  void connectionForAnotherProtocolIsNoSession(String protocol) {
    String[] protocols = protocol.isEmpty() ? new String[0] : new String[] {protocol};
    try (TestNode one = TestNode.start("One", SILENT)) {
      assertEnds(peer.dial(one, BareTls.anybody().protocols(protocols)));
    }
  }

  @Test
  void connectionThatAgreesOnKeysInAnotherGroupIsNoSession() {
    BareTls slow = BareTls.anybody().without("x25519", "secp256r1");
    try (TestNode one = TestNode.start("One", SILENT)) {
      assertEnds(peer.dial(one, slow));
      assertThat(peer.dial(one, BareTls.anybody().without("x25519")).say(peer.hello()).read())
          .startsWith("WELCOME:1|");
    }
  }

  @Test
  void oneHostHasABoundedNumberOfHandshakesUnderWayAndTheOthersWaitTheirTurn() {
    NodeSettings few = SILENT.toBuilder().maxHandshakesPerIp(2).firstFrameTimeout(HOUR).build();
    try (TestNode one = TestNode.start("One", few)) {
      List<BareSession> begun = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        begun.add(BareSession.dial("127.0.0.2", one.port()).write(BEGUN));
      }
      try (BarePeer other = BarePeer.open(BarePeer.LOWEST)) {
        other.dial(one, BareTls.anybody()).say(other.hello()).read();
      }
      BareSession waiting = BareSession.dial("127.0.0.2", one.port()).write(BareTls.clientHello());
      assertThat(peer.dial(one, BareTls.anybody()).say(peer.hello()).read())
          .startsWith("WELCOME:1|");
      assertThat(waiting.isSilent()).isTrue();
      begun.get(0).close();
      until("its turn", () -> !waiting.isSilent());
      assertThat(one.node().metrics().connectionsRefused()).isZero();
      begun.get(1).close();
      waiting.close();
    }
  }

  @Test
  void moreNodesThanHaveHandshakesAtATimeAreAllTaken() {
    NodeSettings few = NodeSettings.builder().maxHandshakesPerIp(1).maxConnectionsPerIp(12).build();
    List<TestNode> nodes = new ArrayList<>();
    try (TestNode hub = TestNode.start("Hub", few)) {
      List<CompletableFuture<Delivery>> sends = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        nodes.add(TestNode.start("Node" + i));
        sends.add(nodes.get(i).send(hub, "from " + i));
      }
      assertThat(sends)
          .allSatisfy(sent -> assertThat(result(sent)).isEqualTo(Delivery.ACKNOWLEDGED));
      assertThat(hub.node().metrics().sessionConnections()).isEqualTo(12);
    } finally {
      nodes.forEach(TestNode::close);
    }
  }

  private void assertEnds(BareSession connection) {
    try {
      assertThat(connection.say(peer.hello()).readToEnd()).isEmpty();
    } catch (UncheckedIOException e) {
      assertThat(e).hasCauseInstanceOf(IOException.class);
    }
  }

  @Test
  void peerThatAsksForKeysAndDoesNotReadTheAnswersIsCut() {
    try (TestNode one = TestNode.start("One", SILENT)) {
      BareSession session = peer.dialWithLittleRoom(one, BareTls.anybody()).say(peer.hello());
      session.read();
      fill(one);
      assertThat(one.node().metrics().sessionConnections()).isOne();
      session.askForKeys();
      eventually(() -> assertThat(one.node().metrics().sessionConnections()).isZero());
    }
  }

  /** Has the node write as much of its own as the connection takes. */
  private void fill(TestNode node) {
    String text = "x".repeat(60_000);
    for (int i = 0; i < 100; i++) {
      node.node().send(peer.address(), text);
    }
    until("the first line", () -> node.node().metrics().bytesSent() > text.length());
  }

  @Test
  void recordThatIsTooLongEndsTheConnection() {
    NodeSettings quick =
        NodeSettings.builder()
            .greetingDelay(Duration.ofHours(1))
            .firstFrameTimeout(Duration.ofMillis(50))
            .build();
    try (TestNode one = TestNode.start("One", quick)) {
      byte[] header = {0x16, 3, 1, (byte) 0xff, (byte) 0xff};
      peer.dial(one).write(header).awaitEnd();
      assertThat(one.log().messages()).isEmpty();
    }
  }

  @Test
  void handshakeThatIsBegunAndLeftIsClosed() {
    NodeSettings quick =
        NodeSettings.builder()
            .greetingDelay(Duration.ofHours(1))
            .firstFrameTimeout(Duration.ofMillis(50))
            .build();
    try (TestNode one = TestNode.start("One", quick)) {
      List<BareSession> left =
          List.of(peer.dial(one).write(new byte[] {0x16}), peer.dial(one).write(BEGUN));
      left.forEach(BareSession::awaitEnd);
      eventually(() -> assertThat(one.node().metrics().plainConnections()).isZero());
    }
  }

  @Test
  void dialerIsToldWhatBecameOfTheHandshake() {
    try (TestNode one = TestNode.start("One", SILENT)) {
      var sent = one.node().send(peer.address(), "hi");
      BareSession connection = peer.accept().say(peer.greeting("offered"));
      connection.write("no TLS at all, but a long enough text\n");
      assertThat(failure(sent))
          .isInstanceOf(PeerUnreachableException.class)
          .hasMessageContaining("TLS handshake failed");
    }
  }
}
