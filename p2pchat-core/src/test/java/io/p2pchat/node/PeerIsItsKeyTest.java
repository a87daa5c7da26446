package io.p2pchat.node;

import static io.p2pchat.testing.Eventually.eventually;
import static io.p2pchat.testing.Eventually.failure;
import static io.p2pchat.testing.Eventually.result;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.Delivery;
import io.p2pchat.DeliveryUnknownException;
import io.p2pchat.NodeSettings;
import io.p2pchat.Peer;
import io.p2pchat.PeerEvent.ConnectionLost;
import io.p2pchat.PeerEvent.ConnectionRestored;
import io.p2pchat.PeerEvent.PeerConnected;
import io.p2pchat.PeerEvent.PeerLeft;
import io.p2pchat.PeerEvent.PeerRefused;
import io.p2pchat.PeerUnreachableException;
import io.p2pchat.Security;
import io.p2pchat.Trust;
import io.p2pchat.TrustException;
import io.p2pchat.internal.protocol.RandomIds;
import io.p2pchat.testing.peers.BareConnection;
import io.p2pchat.testing.peers.BarePeer;
import io.p2pchat.testing.peers.BareSession;
import io.p2pchat.testing.peers.BareTls;
import io.p2pchat.testing.peers.TestNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A peer that encrypts is its key, wherever it is (PROTOCOL.md sections 1 and 5). */
@Execution(ExecutionMode.CONCURRENT) // its tests mostly wait, each for nodes of its own
class PeerIsItsKeyTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final String SESSION = "s".repeat(13);
  private static final NodeSettings PATIENT =
      NodeSettings.builder()
          .greetingTimeout(HOUR)
          .greetingDelay(HOUR)
          // Peers of these tests do not answer a node that leaves.
          .closeTimeout(Duration.ofMillis(50))
          .build();

  @TempDir private Path directory;

  private final BarePeer peer = BarePeer.open();
  private final BareTls key = BareTls.anybody();
  private final BareTls other = BareTls.anybody();
  private TestNode node;

  @BeforeEach
  void start() {
    restart(PATIENT, Trust.pinned(directory.resolve("p2pchat")));
  }

  private void restart(NodeSettings settings, Trust trust) {
    if (node != null) {
      node.close();
    }
    node =
        TestNode.start(
            "One",
            builder -> builder.settings(settings).security(Security.opportunistic().with(trust)));
  }

  @AfterEach
  void stop() {
    node.close();
    peer.close();
  }

  /** What the peer says, said by another node of another team at the same address. */
  private static String another(String line) {
    return ofAnotherTeam(anotherNode(line));
  }

  private static String ofAnotherTeam(String line) {
    return line.replace("TEAM_NAME:" + BarePeer.TEAM, "TEAM_NAME:Another");
  }

  private static void assertChangedHands(CompletableFuture<Delivery> sent) {
    assertThat(failure(sent))
        .isInstanceOfSatisfying(
            TrustException.class,
            refused ->
                assertThat(refused.refusal().reason())
                    .isEqualTo(TrustException.Reason.ADDRESS_CHANGED_HANDS));
  }

  private static String anotherNode(String line) {
    return line.replaceAll("NODE:[a-z2-7]{26}", "NODE:" + RandomIds.node(7, 7));
  }

  private BareSession session(BareTls tls) {
    return session(tls, peer.hello());
  }

  private BareSession session(BareTls tls, String hello) {
    BareSession session = peer.dial(node, tls).say(hello);
    assertThat(session.read()).startsWith("WELCOME:1|");
    return session;
  }

  /** The peer has written, so it is listed. */
  private Peer listed(BareSession session, String chat) {
    session.say(chat);
    eventually(() -> assertThat(node.log().messages()).isNotEmpty());
    return node.log().messages().get(node.log().messages().size() - 1).peer();
  }

  /** The peer ends its session, and the node has noticed. */
  private void end(BareSession session) {
    session.say("BYE:closing").awaitEnd();
    eventually(
        () ->
            assertThat(node.node().activePeers())
                .noneMatch(peer -> peer.level() == Peer.Level.SESSION));
  }

  private static void assertGets(
      BareSession session, String text, CompletableFuture<Delivery> sent, int count) {
    String line = session.read();
    while (line.startsWith("ACK:")) {
      line = session.read();
    }
    assertThat(line).endsWith("|" + text);
    session.say("ACK:" + count);
    assertThat(result(sent)).isEqualTo(Delivery.ACKNOWLEDGED);
  }

  // ---- an address is not an identity

  @Test
  void nodeWithAnotherKeyAtAnAliasIsAPeerOfItsOwn() {
    restart(PATIENT, Trust.any());
    BareSession session = session(key);
    try (BarePeer alias = BarePeer.open()) {
      CompletableFuture<Delivery> first = node.node().send(alias.address(), "to the alias");
      alias.acceptAndSecure(key).readToEnd();
      assertGets(session, "to the alias", first, 1);
      BareSession stranger = alias.dial(node, other).say(another(alias.hello()));
      assertThat(stranger.read()).startsWith("WELCOME:1|");
      CompletableFuture<Delivery> sent = node.node().send(peer.address(), "for the peer");
      assertGets(session, "for the peer", sent, 2);
      assertThat(stranger.roundTrip()).isEmpty();
    }
  }

  @Test
  void liveSessionIsNotReplacedByAnotherKeyThatClaimsItsAddress() {
    restart(PATIENT, Trust.any());
    BareSession session = session(key);
    Peer known = listed(session, peer.chat("connection message") + "\n" + peer.chat("hi"));
    BareSession stranger = session(other, another(peer.hello()));
    assertGets(session, "one", node.node().send(known, "one"), 1);
    assertGets(session, "two", node.node().send(peer.address(), "two"), 2);
    CompletableFuture<Delivery> all =
        node.node().broadcast("three").thenApply(outcomes -> Delivery.ACKNOWLEDGED);
    assertGets(session, "three", all, 3);
    assertThat(stranger.roundTrip()).isEmpty();
    assertThat(node.connected()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void livePlainSessionKeepsItsPlaceAndTheOtherIsToldToWait(boolean sameTeam) {
    BareSession session = peer.open(node).connection();
    session.say(peer.chat("connection message"));
    node.log().awaitFirst(PeerConnected.class);
    session.answerPing();
    String hello = sameTeam ? anotherNode(peer.hello()) : another(peer.hello());
    assertThat(peer.dial(node).say(hello).readToEnd()).containsExactly("BYE:busy");
    session.answerPing();
    CompletableFuture<?> all = node.node().broadcast("for the first");
    assertThat(session.readTo(node.line("for the first"))).hasSizeLessThanOrEqualTo(1);
    session.say("ACK:1");
    result(all);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void silentPlainSessionLosesItsPlaceSoonAndAnotherTeamIsNotConnected(boolean sameTeam) {
    NodeSettings hasty = PATIENT.toBuilder().silenceTimeout(Duration.ofSeconds(1)).build();
    restart(hasty, Trust.any());
    BareSession session = peer.open(node).connection();
    session.say(peer.chat("connection message"));
    node.log().awaitFirst(PeerConnected.class);
    String hello = sameTeam ? anotherNode(peer.hello()) : another(peer.hello());
    eventually(() -> assertThat(peer.dial(node).say(hello).read()).startsWith("WELCOME:1|"));
    eventually(() -> assertThat(node.connected()).isEmpty());
    session.awaitEnd();
    assertThat(node.log().awaitFirst(PeerLeft.class).reason()).isEqualTo(PeerLeft.Reason.RESTARTED);
  }

  @Test
  void peerThatWasDialedAtTheAddressOfAnotherDoesNotGetItByDialing() {
    BareSession session = session(key);
    listed(session, peer.chat("hi"));
    end(session);
    peer.restart(BarePeer.LOWEST); // its HELLO is taken though that of the node is on its way
    CompletableFuture<Delivery> first = node.node().send(peer.address(), "for the known peer");
    BareSession dialed = peer.acceptAndSecure(other);
    assertThat(dialed.read()).startsWith("HELLO:1|");
    BareSession stranger = session(other, ofAnotherTeam(peer.hello()));
    assertChangedHands(first);
    for (String text : new String[] {"one", "two"}) {
      CompletableFuture<Delivery> sent = node.node().send(peer.address(), text);
      peer.acceptAndSecure(other).readToEnd();
      assertChangedHands(sent);
    }
    assertThat(stranger.roundTrip()).isEmpty();
  }

  @Test
  void peerGetsItsAddressWhenNobodyElseIsDialedThere() {
    CompletableFuture<Delivery> dialing = node.node().send(peer.address(), "whoever");
    BareSession dialed = peer.accept();
    BareSession session = session(key);
    dialing.cancel(false);
    dialed.say("no greeting").awaitEnd();
    session.roundTrip();
    assertGets(session, "two", node.node().send(peer.address(), "two"), 1);
  }

  // ---- one key, several nodes

  @Test
  void nodesOfOneKeyDoNotDisturbEachOther() {
    BareSession first = session(key);
    BareSession second = session(key, anotherNode(peer.hello()).replaceAll("PORT:\\d+", "PORT:1"));
    Peer known = listed(first, peer.chat("from the first"));
    assertThat(node.node().activePeers()).hasSize(1);
    assertGets(first, "to the first", node.node().send(known, "to the first"), 1);
    second.say(peer.chat("x").replaceAll("PORT:\\d+", "PORT:1"));
    eventually(() -> assertThat(node.log().texts()).endsWith("x"));
    CompletableFuture<Delivery> sent = node.node().send(key.fingerprint(), "to the last heard");
    assertGets(second, "to the last heard", sent, 1);
    assertThat(node.node().activePeers()).hasSize(1);
  }

  @Test
  void exitIsOfOneNodeAndThePeerLeavesWithTheLast() {
    BareSession first = session(key);
    BareSession second = session(key, anotherNode(peer.hello()).replaceAll("PORT:\\d+", "PORT:1"));
    listed(first, peer.chat("hi"));
    second.say(peer.chat("exit").replaceAll("PORT:\\d+", "PORT:1"));
    second.awaitEnd();
    assertThat(node.node().activePeers()).hasSize(1);
    assertThat(node.log().of(PeerLeft.class)).isEmpty();
    first.say(peer.chat("exit"));
    eventually(() -> assertThat(node.node().activePeers()).isEmpty());
    node.log().awaitFirst(PeerLeft.class);
    assertThat(node.log().of(PeerLeft.class)).hasSize(1);
  }

  /** What was queued before goes to no other node of the peer, behind the exit there. */
  @Test
  void whatWaitsWhenThePeerIsLeftFailsWithIt() {
    BareSession first = session(key);
    BareSession second = session(key, anotherNode(peer.hello()).replaceAll("PORT:\\d+", "PORT:1"));
    Peer known = listed(first, peer.chat("hi"));
    second.close();
    first.close();
    node.log().awaitFirst(ConnectionLost.class);
    CompletableFuture<Delivery> sent = node.node().send(known, "too late");
    failure(node.node().disconnect(known));
    assertThat(sent).isCompletedExceptionally();
    assertThat(node.node().activePeers()).isEmpty();
  }

  @Test
  void whatIsQueuedForANodeGoesToAnotherOfItsKeyWhenItsSessionEnds() {
    BareSession first = session(key);
    Peer known = listed(first, peer.chat("hi"));
    CompletableFuture<Delivery> written = node.node().send(known, "written");
    first.readTo(line("written"));
    first.close();
    node.log().awaitFirst(ConnectionLost.class);
    CompletableFuture<Delivery> forPeer = node.node().send(known, "for the peer");
    CompletableFuture<Delivery> forKey = node.node().send(key.fingerprint(), "for the key");
    BareSession second = session(key, hello(2));
    // It belongs to the session of the first node, as long as that can go on.
    assertThat(second.roundTrip()).isEmpty();
    BareSession again = peer.acceptAndSecure(key);
    assertThat(again.read()).startsWith("HELLO:1|").contains("|SESSION:");
    again.say("BYE:closing").awaitEnd();
    assertThat(second.read()).isEqualTo(line("for the peer"));
    assertThat(second.read()).isEqualTo(line("for the key"));
    second.say("ACK:2");
    assertThat(result(forPeer)).isEqualTo(Delivery.ACKNOWLEDGED);
    assertThat(result(forKey)).isEqualTo(Delivery.ACKNOWLEDGED);
    assertThat(failure(written)).isInstanceOf(DeliveryUnknownException.class);
    assertThat(second.roundTrip()).isEmpty();
  }

  private String line(String text) {
    return BareConnection.line(node.port(), "One", text);
  }

  @Test
  void nodesOfOneKeyAreBounded() {
    for (int i = 1; i <= 8; i++) {
      session(key, hello(i));
    }
    assertThat(peer.dial(node, key).say(hello(9)).readToEnd()).containsExactly("BYE:busy");
  }

  /** The quota of the host bounds them. */
  @Test
  void briefNodesThatWereKilledTakeNoRoom() {
    for (int i = 1; i <= 8; i++) {
      session(key, hello(i) + "|BRIEF:1").close();
    }
    eventually(
        () -> assertThat(peer.dial(node, key).say(hello(9)).read()).startsWith("WELCOME:1|"));
  }

  private String hello(int i) {
    return peer.hello()
        .replaceAll("NODE:[a-z2-7]{26}", "NODE:" + RandomIds.node(i, i))
        .replaceAll("PORT:\\d+", "PORT:" + i);
  }

  @Test
  void briefNodeGetsNoMessageForItsKey() {
    BareSession session = session(key, peer.hello() + "|BRIEF:1");
    Peer known = listed(session, peer.chat("hi"));
    assertThat(failure(node.node().send(known, "secret")))
        .isInstanceOf(PeerUnreachableException.class);
    assertThat(failure(node.node().send(key.fingerprint(), "secret")))
        .isInstanceOf(PeerUnreachableException.class)
        .hasMessageContaining("no address of it is known");
    assertGets(session, "answer", node.node().send(peer.address(), "answer"), 1);
  }

  /** A chat that has ended, and then a single send of its user from the same address. */
  @Test
  void briefNodeThatAnswersGetsNoMessageForItsKey() {
    BareSession session = session(key);
    Peer known = listed(session, peer.chat("hi"));
    end(session);
    CompletableFuture<Delivery> sent = node.node().send(known, "secret");
    BareSession brief = peer.acceptAndSecure(key);
    assertThat(brief.read()).startsWith("HELLO:1|");
    assertThat(brief.say(peer.welcome(SESSION, 0) + "|BRIEF:1").read()).startsWith("BYE:closing");
    assertThat(failure(sent))
        .isInstanceOf(PeerUnreachableException.class)
        .hasMessageContaining("another node of the peer answers at its address");
  }

  // ---- messages for a key

  @Test
  void messageForAKeyGoesToNobodyElse() {
    BareSession session = session(key);
    Peer known = listed(session, peer.chat("hi"));
    end(session);
    CompletableFuture<Delivery> sent = node.node().send(known, "secret");
    assertThat(peer.acceptAndSecure(other).readToEnd()).isEmpty();
    assertThat(failure(sent))
        .isInstanceOf(PeerUnreachableException.class)
        .hasMessageContaining("another peer answers at its address");
    assertThat(other.shown()).isEmpty();
    assertThat(node.log().of(PeerRefused.class)).isEmpty();
    CompletableFuture<Delivery> plain = node.node().send(known, "secret");
    assertThat(peer.accept().say(peer.greeting("no")).readToEnd()).isEmpty();
    assertThat(failure(plain)).isInstanceOf(PeerUnreachableException.class);
    CompletableFuture<Delivery> right = node.node().send(key.fingerprint(), "for you");
    BareSession again = peer.acceptAndSecure(key);
    assertThat(again.read()).startsWith("HELLO:1|");
    assertGets(again.say(peer.welcome(SESSION, 0)), "for you", right, 1);
    assertThat(key.shown()).containsExactly(node.node().fingerprint().orElseThrow());
  }

  @Test
  void keyWithoutAnAddressIsNotReached() {
    assertThat(failure(node.node().send(key.fingerprint(), "hi")))
        .isInstanceOf(PeerUnreachableException.class)
        .hasMessageContaining(key.fingerprint().toString());
  }

  @Test
  void withoutPinsAPeerIsFollowedThroughARestart() {
    restart(PATIENT, Trust.any());
    BareSession session = session(key);
    Peer known = listed(session, peer.chat("hi"));
    session.reset();
    node.log().awaitFirst(ConnectionLost.class);
    BareSession again = session(other, anotherNode(peer.hello()));
    assertGets(again, "to whoever it is now", node.node().send(known, "to whoever it is now"), 1);
    assertThat(failure(node.node().send(key.fingerprint(), "for the key")))
        .isInstanceOf(PeerUnreachableException.class);
    assertThat(node.node().activePeers())
        .singleElement()
        .satisfies(peer -> assertThat(peer.fingerprint()).contains(other.fingerprint()));
  }

  @Test
  void messageForAPeerGoesToNoOtherTeamOfItsKey() {
    BareSession session = session(key);
    Peer known = listed(session, peer.chat("hi"));
    end(session);
    CompletableFuture<Delivery> sent = node.node().send(known, "for this team");
    BareSession dialed = peer.acceptAndSecure(key);
    assertThat(dialed.read()).startsWith("HELLO:1|");
    dialed.say(ofAnotherTeam(peer.welcome(SESSION, 0)));
    assertThat(dialed.readToEnd()).containsExactly("BYE:closing");
    assertThat(failure(sent))
        .isInstanceOf(PeerUnreachableException.class)
        .hasMessageContaining("another node of the peer answers at its address");
    CompletableFuture<Delivery> byKey = node.node().send(key.fingerprint(), "for any");
    BareSession again = peer.acceptAndSecure(key);
    assertThat(again.read()).startsWith("HELLO:1|");
    assertGets(again.say(ofAnotherTeam(peer.welcome(SESSION, 0))), "for any", byKey, 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "BYE:busy", "BYE:closing"})
  void nextAddressIsDialedAfterAnEndBeforeWelcome(String bye) {
    BareSession session = session(key);
    Peer known = listed(session, peer.chat("hi"));
    end(session);
    try (BarePeer moved = BarePeer.open()) {
      BareSession there = moved.dial(node, key).say(moved.hello());
      assertThat(there.read()).startsWith("WELCOME:1|");
      there.say(moved.chat("moved"));
      eventually(() -> assertThat(node.log().texts()).endsWith("moved"));
      end(there);
      CompletableFuture<Delivery> sent = node.node().send(known, "found");
      // An address that is recorded comes before one that the peer has only claimed.
      BareSession dialed = peer.acceptAndSecure(key);
      assertThat(dialed.read()).startsWith("HELLO:1|");
      if (!bye.isEmpty()) {
        dialed.say(bye);
      }
      dialed.close();
      BareSession next = moved.acceptAndSecure(key);
      assertThat(next.read()).startsWith("HELLO:1|");
      assertGets(next.say(moved.welcome(SESSION, 0)), "found", sent, 1);
    }
  }

  // ---- moving

  @Test
  void sessionGoesOnAtAnotherAddressAndTheOldOneIsFree() {
    BareSession session = session(key);
    Peer known = listed(session, peer.chat("hi"));
    session.reset();
    node.log().awaitFirst(ConnectionLost.class);
    try (BarePeer moved = BarePeer.open()) {
      BareSession again = moved.dial(node, key).say(moved.hello());
      assertThat(again.read()).startsWith("WELCOME:1|");
      node.log().awaitFirst(ConnectionRestored.class);
      assertGets(again, "there", node.node().send(known, "there"), 1);
      assertThat(node.node().activePeers())
          .singleElement()
          .satisfies(
              now -> assertThat(now.addresses()).containsExactly(moved.address(), peer.address()));
      CompletableFuture<Delivery> bare = node.node().send(peer.address(), "whoever");
      BareSession there = peer.acceptAndSecure(other);
      assertThat(there.read()).startsWith("HELLO:1|");
      there.say(another(peer.welcome(SESSION, 0))).awaitEnd();
      assertThat(failure(bare)).isNotNull();
      assertThat(again.roundTrip()).isEmpty();
    }
  }

  @Test
  void whatWaitsForAPeerGoesAfterIt() {
    BareSession session = session(key);
    Peer known = listed(session, peer.chat("hi"));
    session.reset();
    node.log().awaitFirst(ConnectionLost.class);
    CompletableFuture<Delivery> sent = node.node().send(known, "after you");
    try (BarePeer moved = BarePeer.open()) {
      BareSession again = moved.dial(node, key).say(moved.hello());
      assertThat(again.read()).startsWith("WELCOME:1|");
      assertGets(again, "after you", sent, 1);
    }
  }

  @Test
  void whatWaitsWithoutASessionGoesAfterItToo() {
    BareSession session = session(key);
    Peer known = listed(session, peer.chat("hi"));
    end(session);
    CompletableFuture<Delivery> sent = node.node().send(known, "after you");
    BareSession silent = peer.accept();
    try (BarePeer moved = BarePeer.open()) {
      BareSession again = moved.dial(node, key).say(moved.hello());
      assertThat(again.read()).startsWith("WELCOME:1|");
      silent.close();
      assertGets(again, "after you", sent, 1);
    }
  }

  @Test
  void whatWasSentToAnAliasWaitsForThePeerWhoeverIsAtItsOtherAddress() {
    CompletableFuture<Delivery> first = node.node().send(peer.address(), "hi");
    BareSession session = peer.acceptAndSecure(key);
    assertThat(session.read()).startsWith("HELLO:1|");
    assertGets(session.say(peer.welcome(SESSION, 0)), "hi", first, 1);
    try (BarePeer alias = BarePeer.open()) {
      CompletableFuture<Delivery> second = node.node().send(alias.address(), "to the alias");
      alias.acceptAndSecure(key).readToEnd();
      assertGets(session, "to the alias", second, 2);
      session.reset();
      node.log().awaitFirst(ConnectionLost.class);
      CompletableFuture<Delivery> waits = node.node().send(alias.address(), "waits");
      alias.accept().say(alias.greeting("no")).readToEnd();
      peer.acceptAndSecure(other).readToEnd();
      BareSession again = alias.acceptAndSecure(key);
      assertThat(again.read()).startsWith("HELLO:1|");
      assertGets(again.say(peer.welcome(SESSION, 2)), "waits", waits, 3);
    }
  }

  @Test
  void whatWaitsWhileThePeerIsLookedForGoesToItWhenItDials() {
    BareSession session = session(key);
    Peer known = listed(session, peer.chat("hi"));
    end(session);
    CompletableFuture<Delivery> sent = node.node().send(known, "looked for");
    CompletableFuture<Delivery> byKey = node.node().send(key.fingerprint(), "by its key");
    BareSession silent = peer.accept();
    BareSession silentToo = peer.accept();
    try (BarePeer moved = BarePeer.open()) {
      BareSession again = moved.dial(node, key).say(moved.hello());
      assertThat(again.read()).startsWith("WELCOME:1|");
      String first = again.read();
      String next = again.read();
      assertThat(List.of(first, next))
          .containsExactlyInAnyOrder(node.line("looked for"), node.line("by its key"));
      again.say("ACK:2");
      assertThat(result(sent)).isEqualTo(Delivery.ACKNOWLEDGED);
      assertThat(result(byKey)).isEqualTo(Delivery.ACKNOWLEDGED);
    }
    silent.close();
    silentToo.close();
  }

  // ---- presence

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void sideThatWasDialedSaysAtOnceThatTheConnectionIsLost(boolean encrypted) {
    BareSession session = encrypted ? session(key) : peer.open(node).connection();
    Peer known = listed(session, peer.chat("connection message") + "\n" + peer.chat("hi"));
    session.reset();
    Peer lost = node.log().awaitFirst(ConnectionLost.class).peer();
    assertThat(lost).isEqualTo(known);
    assertThat(lost.state()).isEqualTo(Peer.State.UNREACHABLE);
    assertThat(lost.level()).isEqualTo(Peer.Level.SESSION);
    assertThat(lost.fingerprint()).isEqualTo(known.fingerprint());
    assertThat(lost.connected()).isTrue();
    BareSession again =
        encrypted ? peer.dial(node, key).say(peer.hello()) : peer.dial(node).say(peer.hello());
    assertThat(again.read()).startsWith("WELCOME:1|");
    Peer back = node.log().awaitFirst(ConnectionRestored.class).peer();
    assertThat(back.state()).isEqualTo(Peer.State.REACHABLE);
    assertThat(back.connected()).isTrue();
    assertThat(node.log().kinds()).doesNotContain("PeerUnreachable", "PeerReachable");
  }

  @Test
  void acknowledgementIsASignOfThePeer() {
    CompletableFuture<Delivery> sent = node.node().send(peer.address(), "hi");
    BareSession session = peer.acceptAndSecure(key);
    session.read();
    assertGets(session.say(peer.welcome(SESSION, 0)), "hi", sent, 1);
    assertThat(node.node().activePeers().get(0).lastHeard()).isPresent();
  }

  @Test
  void restartedPeerThatHadConnectedIsNotConnectedAnyMore() {
    BareSession session = session(key);
    session.say(peer.chat("connection message"));
    node.log().awaitFirst(PeerConnected.class);
    session.reset();
    node.log().awaitFirst(ConnectionLost.class);
    BareSession again = session(key, anotherNode(peer.hello()));
    assertThat(node.log().awaitFirst(PeerLeft.class).reason()).isEqualTo(PeerLeft.Reason.RESTARTED);
    assertThat(node.connected()).isEmpty();
    assertThat(node.node().activePeers()).hasSize(1);
    assertThat(again.roundTrip()).isEmpty();
  }

  @Test
  void restartedPeerThatTheApplicationConnectedIsToldSo() {
    BareSession session = session(key);
    Peer known = listed(session, peer.chat("hi"));
    CompletableFuture<Delivery> sent = node.node().connect(known);
    assertGets(session, "manual connection message", sent, 1);
    session.reset();
    node.log().awaitFirst(ConnectionLost.class);
    BareSession again = session(key, anotherNode(peer.hello()));
    assertThat(again.read()).endsWith("|connection message");
    assertThat(node.node().connectedPeers()).hasSize(1);
    assertThat(node.log().kinds()).doesNotContain("PeerLeft");
  }
}
