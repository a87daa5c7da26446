package io.p2pchat.node;

import static io.p2pchat.testing.Eventually.eventually;
import static io.p2pchat.testing.Eventually.failure;
import static io.p2pchat.testing.Eventually.result;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.Delivery;
import io.p2pchat.NodeSettings;
import io.p2pchat.Peer;
import io.p2pchat.PeerEvent.ConnectionLost;
import io.p2pchat.PeerUnreachableException;
import io.p2pchat.Security;
import io.p2pchat.SendOutcome;
import io.p2pchat.Trust;
import io.p2pchat.internal.protocol.RandomIds;
import io.p2pchat.testing.peers.BarePeer;
import io.p2pchat.testing.peers.BareSession;
import io.p2pchat.testing.peers.BareTls;
import io.p2pchat.testing.peers.TestNode;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Where keys change with each start, a message for a peer goes to its session, and after that to a
 * node of its team at its address (PROTOCOL.md section 1).
 */
@Execution(ExecutionMode.CONCURRENT) // its tests mostly wait, each for nodes of its own
class ChangingKeysTest {
  private static final String SESSION = "s".repeat(13);

  private static final NodeSettings PATIENT =
      NodeSettings.builder()
          .greetingTimeout(Duration.ofHours(1))
          .greetingDelay(Duration.ofHours(1))
          // Peers of these tests do not answer a node that leaves.
          .closeTimeout(Duration.ofMillis(50))
          .build();

  private final BarePeer peer = BarePeer.open();
  private final BareTls key = BareTls.anybody();
  private final BareTls other = BareTls.anybody();
  private TestNode node = start(PATIENT);

  private static TestNode start(NodeSettings settings) {
    return TestNode.start(
        "One",
        builder -> builder.settings(settings).security(Security.opportunistic().with(Trust.any())));
  }

  @AfterEach
  void stop() {
    node.close();
    peer.close();
  }

  private static String ofAnotherTeam(String line) {
    return line.replace("TEAM_NAME:" + BarePeer.TEAM, "TEAM_NAME:Another");
  }

  private static String anotherNode(String line) {
    return line.replaceAll("NODE:[a-z2-7]{26}", "NODE:" + RandomIds.node(7, 7));
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

  /** A peer whose session has ended. */
  private Peer ended() {
    return ended(peer.chat("hi"));
  }

  private Peer ended(String chat) {
    BareSession session = session(key, peer.hello());
    Peer known = listed(session, chat);
    end(session);
    return known;
  }

  private void end(BareSession session) {
    session.say("BYE:closing").awaitEnd();
    eventually(
        () ->
            assertThat(node.node().activePeers())
                .noneMatch(each -> each.level() == Peer.Level.SESSION));
  }

  /** The node dials the address of the peer, and this one answers. */
  private BareSession answer(BareTls tls) {
    BareSession session = peer.acceptAndSecure(tls);
    assertThat(session.read()).startsWith("HELLO:1|");
    return session;
  }

  /** The node dials several times, and ends those dials that are for another key. */
  private BareSession answerWhoeverIsLookedFor(BareTls tls) {
    while (true) {
      try {
        return answer(tls);
      } catch (AssertionError e) {
        assertThat(e).hasMessage("the connection has ended");
      }
    }
  }

  private static String chatOn(BareSession session) {
    String line = session.read();
    while (line.startsWith("ACK:") || line.startsWith("PING:")) {
      line = session.read();
    }
    return line;
  }

  private static void assertGets(
      BareSession session, String text, CompletableFuture<Delivery> sent, int count) {
    assertThat(chatOn(session)).endsWith("|" + text);
    session.say("ACK:" + count);
    assertThat(result(sent)).isEqualTo(Delivery.ACKNOWLEDGED);
  }

  private static void assertNotReached(CompletableFuture<Delivery> sent) {
    assertThat(failure(sent))
        .isInstanceOf(PeerUnreachableException.class)
        .hasMessageContaining("another peer answers at its address");
  }

  private enum Form {
    SEND,
    TEXT,
    CONNECT,
    DISCONNECT
  }

  private CompletableFuture<Delivery> send(Form form, Peer to) {
    return switch (form) {
      case SEND -> node.node().send(to, "secret");
      case TEXT -> node.node().sendText(to, "exit");
      case CONNECT -> node.node().connect(to);
      case DISCONNECT -> node.node().disconnect(to);
    };
  }

  // ---- another is at the address

  @ParameterizedTest
  @EnumSource
  void nothingForAPeerGoesToAnotherTeamAtItsAddress(Form form) {
    Peer known = ended();
    CompletableFuture<Delivery> sent = send(form, known);
    BareSession another = answer(other).say(ofAnotherTeam(peer.welcome(SESSION, 0)));
    assertThat(another.readToEnd()).containsExactly("BYE:closing");
    assertNotReached(sent);
    assertThat(node.node().activePeers()).hasSize(form == Form.DISCONNECT ? 0 : 1);
  }

  @Test
  void broadcastDoesNotReachAnotherTeamAtTheAddressOfAConnectedPeer() {
    ended(peer.chat("connection message") + "\n" + peer.chat("hi"));
    CompletableFuture<List<SendOutcome>> sent = node.node().broadcast("secret");
    BareSession another = answer(other).say(ofAnotherTeam(peer.welcome(SESSION, 0)));
    assertThat(another.readToEnd()).containsExactly("BYE:closing");
    assertThat(result(sent))
        .singleElement()
        .isInstanceOfSatisfying(
            SendOutcome.Failed.class,
            failed -> assertThat(failed.failure()).isInstanceOf(PeerUnreachableException.class));
  }

  @ParameterizedTest
  @ValueSource(strings = {"hello?", "GREETING:1|TLS:no|NODE:zyyyyyyyyyyyyyyyyyyyyyyyyy"})
  void messageForAPeerIsNotSentWithoutTls(String answer) {
    Peer known = ended();
    CompletableFuture<Delivery> sent = node.node().send(known, "secret");
    assertThat(peer.accept().say(answer).readToEnd()).isEmpty();
    assertThat(failure(sent)).isInstanceOf(PeerUnreachableException.class);
  }

  @Test
  void messageForAPeerDoesNotJoinTheSessionOfAnotherTeamAtItsAddress() {
    Peer known = ended();
    BareSession another = session(other, ofAnotherTeam(anotherNode(peer.hello())));
    CompletableFuture<Delivery> sent = node.node().send(known, "secret");
    peer.restart(RandomIds.node(7, 7));
    assertThat(peer.acceptAndSecure(other).readToEnd()).isEmpty();
    assertNotReached(sent);
    CompletableFuture<Delivery> bare = node.node().send(peer.address(), "whoever");
    assertGets(another, "whoever", bare, 1);
  }

  @Test
  void messageForAPeerDoesNotWaitForAnotherTeamThatDialsIn() {
    Peer known = ended();
    CompletableFuture<Delivery> sent = node.node().send(known, "secret");
    BareSession dialed = peer.accept();
    BareSession another = session(other, ofAnotherTeam(anotherNode(peer.hello())));
    dialed.say("no greeting").awaitEnd();
    assertThat(failure(sent)).isInstanceOf(PeerUnreachableException.class);
    assertThat(another.roundTrip()).isEmpty();
  }

  /** Both wait for the same address. */
  @Test
  void messageForWhoeverIsThereGoesToAnotherTeamAllTheSame() {
    Peer known = ended();
    CompletableFuture<Delivery> bare = node.node().send(peer.address(), "whoever");
    BareSession first = answer(other);
    CompletableFuture<Delivery> sent = node.node().send(known, "secret");
    first.say(ofAnotherTeam(peer.welcome(SESSION, 0)));
    assertGets(first, "whoever", bare, 1);
    assertThat(peer.acceptAndSecure(other).readToEnd()).isEmpty();
    assertNotReached(sent);
    assertThat(first.roundTrip()).isEmpty();
  }

  /** The exit ends the session, and what was sent behind it is for a later one. */
  @Test
  void messageThatWaitsWhenTheSessionEndsIsForItsTeamOnly() {
    BareSession session = session(key, peer.hello());
    Peer known = listed(session, peer.chat("hi"));
    CompletableFuture<Delivery> left = node.node().disconnect(known);
    CompletableFuture<Delivery> sent = node.node().send(known, "secret");
    assertGets(session, "exit", left, 1);
    session.say("BYE:closing");
    BareSession another = answer(other).say(ofAnotherTeam(peer.welcome(SESSION, 0)));
    assertThat(another.readToEnd()).containsExactly("BYE:closing");
    assertNotReached(sent);
  }

  @Test
  void messageForWhoeverIsThereDoesNotWaitForASessionThatWaitsElsewhere() {
    BareSession session = session(key, peer.hello());
    Peer known = listed(session, peer.chat("hi"));
    session.reset();
    node.log().awaitFirst(ConnectionLost.class);
    CompletableFuture<Delivery> byKey = node.node().send(key.fingerprint(), "for the key");
    CompletableFuture<Delivery> bare = node.node().send(peer.address(), "whoever");
    CompletableFuture<Delivery> sent = node.node().send(known, "for the peer");
    peer.restart(RandomIds.node(7, 7));
    BareSession another = answerWhoeverIsLookedFor(other);
    another.say(ofAnotherTeam(peer.welcome(SESSION, 0)));
    assertGets(another, "whoever", bare, 1);
    assertThat(byKey).isNotDone();
    assertThat(sent).isNotDone();
  }

  // ---- the peer has restarted

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void messageForAPeerFollowsItThroughARestart(boolean sameKey) {
    Peer known = ended();
    peer.restart(RandomIds.node(7, 7));
    CompletableFuture<Delivery> sent = node.node().send(known, "for you");
    BareSession again = answer(sameKey ? key : other).say(peer.welcome(SESSION, 0));
    assertGets(again, "for you", sent, 1);
    assertGets(again, "and more", node.node().send(known, "and more"), 2);
    assertThat(node.node().activePeers()).hasSize(1);
    if (!sameKey) {
      assertThat(failure(node.node().send(key.fingerprint(), "for the key")))
          .isInstanceOf(PeerUnreachableException.class);
    }
  }

  @Test
  void messageForAPeerGoesToItWhenItDialsInAfterARestart() {
    Peer known = ended();
    CompletableFuture<Delivery> sent = node.node().send(known, "for you");
    BareSession dialed = peer.accept();
    BareSession again = session(other, anotherNode(peer.hello()));
    assertGets(again, "for you", sent, 1);
    dialed.close();
    assertGets(again, "and more", node.node().send(known, "and more"), 2);
  }

  /** Behind one address translation another node has the address. */
  @Test
  void messageForAPeerFindsItBesideAnotherThatHasItsAddress() {
    Peer known = ended();
    BareSession another = session(BareTls.anybody(), ofAnotherTeam(anotherNode(peer.hello())));
    BareSession again =
        session(other, peer.hello().replaceAll("NODE:[a-z2-7]{26}", "NODE:" + BarePeer.LOWEST));
    assertGets(again, "for you", node.node().send(known, "for you"), 1);
    assertThat(another.roundTrip()).isEmpty();
  }

  /** It has dialed before the node noticed that the old connection was dead. */
  @Test
  void whatWaitsForASessionThatIsGivenUpFollowsThePeer() {
    node.close();
    node = start(PATIENT.toBuilder().sessionTimeout(Duration.ofSeconds(1)).build());
    BareSession session = session(key, peer.hello());
    Peer known = listed(session, peer.chat("hi"));
    BareSession again = session(other, anotherNode(peer.hello()));
    session.reset();
    node.log().awaitFirst(ConnectionLost.class);
    CompletableFuture<Delivery> byKey = node.node().send(key.fingerprint(), "for the key");
    CompletableFuture<Delivery> sent = node.node().send(known, "for you");
    assertGets(again, "for you", sent, 1);
    assertThat(failure(byKey)).isInstanceOf(PeerUnreachableException.class);
    assertThat(again.roundTrip()).isEmpty();
  }

  /** It comes after the dial has begun, which may be to the peer after a restart. */
  @Test
  void messageForAKeyIsNotForThePeerAfterARestart() {
    CompletableFuture<Delivery> first = node.node().send(peer.address(), "hi");
    BareSession session = answer(key).say(peer.welcome(SESSION, 0));
    assertGets(session, "hi", first, 1);
    session.reset();
    node.log().awaitFirst(ConnectionLost.class);
    peer.restart(RandomIds.node(7, 7));
    BareSession again = answer(other);
    CompletableFuture<Delivery> byKey = node.node().send(key.fingerprint(), "for the key");
    again.say(peer.welcome("t".repeat(13), 0));
    assertThat(failure(byKey)).isInstanceOf(PeerUnreachableException.class);
    assertGets(again, "whoever", node.node().send(peer.address(), "whoever"), 1);
  }

  @Test
  void whatWaitsForAPeerThatIsFoundAndLeavesIsForWhoeverIsThere() {
    Peer known = ended();
    CompletableFuture<Delivery> sent = node.node().send(known, "for you");
    BareSession again = answer(other).say(peer.welcome(SESSION, 0));
    assertGets(again, "for you", sent, 1);
    CompletableFuture<Delivery> left = node.node().disconnect(peer.address());
    CompletableFuture<Delivery> bare = node.node().send(peer.address(), "whoever");
    assertGets(again, "exit", left, 2);
    again.say("BYE:closing");
    BareSession another = answer(BareTls.anybody()).say(ofAnotherTeam(peer.welcome(SESSION, 0)));
    assertGets(another, "whoever", bare, 1);
  }
}
