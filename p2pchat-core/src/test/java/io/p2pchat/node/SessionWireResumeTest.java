package io.p2pchat.node;

import static io.p2pchat.testing.Eventually.eventually;
import static io.p2pchat.testing.Eventually.failure;
import static io.p2pchat.testing.Eventually.result;
import static io.p2pchat.testing.Eventually.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.Delivery;
import io.p2pchat.DeliveryUnknownException;
import io.p2pchat.PeerEvent.SessionReset;
import io.p2pchat.internal.protocol.RandomIds;
import io.p2pchat.testing.peers.BarePeer;
import io.p2pchat.testing.peers.BareSession;
import io.p2pchat.testing.peers.Gate;
import io.p2pchat.testing.peers.TestNode;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a session goes on with another connection, and how it does not (PROTOCOL.md section 5). */
class SessionWireResumeTest {
  private static final String SESSION = "s".repeat(13);
  private static final String OTHER = "t".repeat(13);

  private final Gate gate = new Gate();
  private final BarePeer peer = BarePeer.open();
  private final TestNode node = TestNode.start("One", TestNode.unhurried().build());

  @AfterEach
  void stop() {
    gate.open();
    peer.close();
    node.close();
  }

  private CompletableFuture<Delivery> send(String text) {
    return node.node().send(peer.address(), text);
  }

  @Test
  void strangersThatOpenSessionsDoNotMakeItForgetWhatItHasReceived() {
    BarePeer.Opened opened = peer.open(node);
    assertThat(opened.connection().say(peer.chat("once")).readTo("ACK:1")).isEmpty();
    opened.connection().say("BYE:closing").awaitEnd();
    for (int i = 0; i < 4200; i++) {
      String hello = "HELLO:1|NODE:" + RandomIds.node(1, i) + "|LIMIT:65536";
      try (BareSession stranger = BareSession.dial("127.0.0.2", node.port())) {
        stranger.say(hello + "|LISTENING_PORT:2000|TEAM_NAME:Stranger").say("BYE:closing");
        assertThat(stranger.read()).startsWith("WELCOME:1|");
      }
    }
    BarePeer.Opened again = peer.resume(node, opened.field("SESSION"), 0);
    assertThat(again.field("ENDED")).isEqualTo("1");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4})
  void dialedSessionSendsAgainExactlyWhatFollowsReceived(int received) {
    List<CompletableFuture<Delivery>> sends =
        IntStream.range(0, 4).mapToObj(i -> send("" + i)).toList();
    BareSession first = peer.acceptAndWelcome(SESSION, 0).connection();
    first.readTo(node.line("3"));
    first.say(peer.chat("a")).say(peer.chat("b"));
    assertThat(first.readTo("ACK:2")).isSubsetOf("ACK:1");
    first.close();
    BarePeer.Opened again = peer.acceptAndWelcome(SESSION, received);
    assertThat(again.field("SESSION")).isEqualTo(SESSION);
    assertThat(again.field("RECEIVED")).isEqualTo("2");
    CompletableFuture<Delivery> fresh = send("new");
    List<String> expected = IntStream.range(received, 4).mapToObj(i -> node.line("" + i)).toList();
    List<String> resent = again.connection().readTo(node.line("new"));
    assertThat(resent.stream().filter(each -> !each.startsWith("ACK:"))).isEqualTo(expected);
    again.connection().say("ACK:5");
    assertThat(sends).allSatisfy(s -> assertThat(result(s)).isEqualTo(Delivery.ACKNOWLEDGED));
    assertThat(result(fresh)).isEqualTo(Delivery.ACKNOWLEDGED);
    assertThat(node.node().metrics().reconnects()).isEqualTo(1);
    assertThat(node.log().texts()).containsExactly("a", "b");
    assertThat(node.log().of(SessionReset.class)).isEmpty();
  }

  @Test
  void acceptedSessionIsResumedByItsDialer() {
    BarePeer.Opened opened = peer.open(node);
    BareSession first = opened.connection();
    CompletableFuture<Delivery> one = send("1");
    CompletableFuture<Delivery> two = send("2");
    assertThat(first.readTo(node.line("2"))).containsExactly(node.line("1"));
    first.say(peer.chat("a"));
    assertThat(first.readTo("ACK:1")).isEmpty();
    first.reset();
    until("the loss", () -> node.node().metrics().sessionConnections() == 0);
    BarePeer.Opened again = peer.resume(node, opened.field("SESSION"), 1);
    assertThat(again.field("SESSION")).isEqualTo(opened.field("SESSION"));
    assertThat(again.field("RECEIVED")).isEqualTo("1");
    assertThat(again.field("ENDED")).isEmpty();
    again.connection().say(peer.chat("b"));
    assertThat(again.connection().readTo("ACK:2")).containsOnlyOnce(node.line("2"));
    again.connection().say("ACK:2");
    assertThat(result(one)).isEqualTo(Delivery.ACKNOWLEDGED);
    assertThat(result(two)).isEqualTo(Delivery.ACKNOWLEDGED);
    assertThat(node.log().texts()).containsExactly("a", "b");
    assertThat(node.node().metrics().reconnects()).isEqualTo(1);
  }

  /** What was received counts although the listener has not taken it. */
  @Test
  void receivedCountsWhatWaitsForTheListenerToo() {
    try (TestNode slow =
        TestNode.start("Slow", b -> b.settings(TestNode.unhurried().build()).listener(gate))) {
      BarePeer.Opened opened = peer.open(slow);
      opened.connection().say(peer.chat("a")).say(peer.chat("b"));
      assertThat(opened.connection().roundTrip()).isEmpty();
      opened.connection().close();
      BarePeer.Opened again = peer.resume(slow, opened.field("SESSION"), 0);
      assertThat(again.field("RECEIVED")).isEqualTo("2");
      again.connection().say(peer.chat("c"));
      assertThat(again.connection().roundTrip()).isEmpty();
      gate.open();
      assertThat(again.connection().readTo("ACK:3")).isSubsetOf("ACK:1", "ACK:2");
      assertThat(slow.log().texts()).containsExactly("a", "b", "c");
    } finally {
      gate.open();
    }
  }

  @Test
  void newHelloReplacesTheOldConnectionWithoutLoss() {
    BarePeer.Opened opened = peer.open(node);
    CompletableFuture<Delivery> one = send("1");
    CompletableFuture<Delivery> two = send("2");
    assertThat(opened.connection().readTo(node.line("2"))).containsExactly(node.line("1"));
    BarePeer.Opened again = peer.resume(node, opened.field("SESSION"), 1);
    assertThat(again.field("SESSION")).isEqualTo(opened.field("SESSION"));
    assertThat(again.connection().read()).isEqualTo(node.line("2"));
    assertThat(opened.connection().readToEnd()).isEmpty();
    again.connection().say("ACK:2");
    assertThat(result(one)).isEqualTo(Delivery.ACKNOWLEDGED);
    assertThat(result(two)).isEqualTo(Delivery.ACKNOWLEDGED);
    assertThat(node.node().metrics().reconnects()).isEqualTo(1);
  }

  @Test
  void whatTheReplacedConnectionStillSaysIsIgnored() {
    BarePeer.Opened opened = peer.open(node);
    BarePeer.Opened again = peer.resume(node, opened.field("SESSION"), 0);
    opened.connection().say(peer.chat("late")).say("ACK:7").say("BYE:protocol");
    assertThat(opened.connection().readToEnd()).isEmpty();
    assertThat(again.connection().say(peer.chat("hi")).readTo("ACK:1")).isEmpty();
    assertThat(node.log().texts()).containsExactly("hi");
    assertThat(node.node().metrics().violations()).isZero();
  }

  @Test
  void unknownSessionIsAnsweredWithANewOne() {
    BarePeer.Opened opened = peer.resume(node, SESSION, 7);
    assertThat(opened.field("SESSION")).hasSize(13).isNotEqualTo(SESSION);
    assertThat(opened.field("RECEIVED")).isEqualTo("0");
    assertThat(opened.field("ENDED")).isEmpty();
    assertThat(opened.connection().say(peer.chat("hi")).readTo("ACK:1")).isEmpty();
  }

  @Test
  void peerIsToldWhatWasReceivedInTheSessionThatHasEnded() {
    BarePeer.Opened opened = peer.open(node);
    opened.connection().say(peer.chat("a")).say(peer.chat("b"));
    assertThat(opened.connection().readTo("ACK:2")).isSubsetOf("ACK:1");
    assertThat(opened.connection().say("BYE:closing").readToEnd()).isEmpty();
    BarePeer.Opened again = peer.resume(node, opened.field("SESSION"), 0);
    assertThat(again.field("ENDED")).isEqualTo("2");
    assertThat(again.field("RECEIVED")).isEqualTo("0");
    assertThat(again.field("SESSION")).isNotEqualTo(opened.field("SESSION"));
    assertThat(again.connection().say(peer.chat("c")).readTo("ACK:1")).isEmpty();
    assertThat(node.log().texts()).containsExactly("a", "b", "c");
  }

  @Test
  void nobodyElseIsToldOfAnEndedSession() {
    BarePeer.Opened opened = peer.open(node);
    opened.connection().say(peer.chat("a"));
    assertThat(opened.connection().readTo("ACK:1")).isEmpty();
    assertThat(opened.connection().say("BYE:closing").readToEnd()).isEmpty();
    peer.restart(BarePeer.HIGHEST);
    assertThat(peer.resume(node, opened.field("SESSION"), 0).field("ENDED")).isEmpty();
  }

  @Test
  void whatWasReceivedInTheEndedSessionIsAcknowledgedAndTheRestGoesAgain() {
    List<CompletableFuture<Delivery>> sends =
        IntStream.range(0, 3).mapToObj(i -> send("" + i)).toList();
    BareSession first = peer.acceptAndWelcome(SESSION, 0).connection();
    first.readTo(node.line("2"));
    first.close();
    BareSession again = peer.acceptAndGreet();
    assertThat(again.read()).endsWith("|SESSION:" + SESSION + "|RECEIVED:0");
    again.say(peer.welcome(OTHER, 0) + "|ENDED:1");
    assertThat(result(sends.get(0))).isEqualTo(Delivery.ACKNOWLEDGED);
    assertThat(again.readTo(node.line("2"))).containsExactly(node.line("1"));
    again.say("ACK:2");
    assertThat(sends).allSatisfy(s -> assertThat(result(s)).isEqualTo(Delivery.ACKNOWLEDGED));
    assertThat(node.log().of(SessionReset.class)).isEmpty();
  }

  @Test
  void peerThatWasRestartedGetsWhatItHasNotAcknowledgedAgain() {
    CompletableFuture<Delivery> one = send("1");
    CompletableFuture<Delivery> two = send("2");
    BareSession first = peer.acceptAndWelcome(SESSION, 0).connection();
    assertThat(first.readTo(node.line("2"))).containsExactly(node.line("1"));
    first.say("ACK:1");
    assertThat(result(one)).isEqualTo(Delivery.ACKNOWLEDGED);
    first.close();
    peer.restart(BarePeer.HIGHEST);
    BarePeer.Opened again = peer.acceptAndWelcome(OTHER, 0);
    assertThat(again.field("SESSION")).isEmpty();
    assertThat(again.connection().read()).isEqualTo(node.line("2"));
    again.connection().say("ACK:1");
    assertThat(result(two)).isEqualTo(Delivery.ACKNOWLEDGED);
    assertThat(node.log().awaitFirst(SessionReset.class).peer().address())
        .isEqualTo(peer.address());
    assertThat(node.log().of(SessionReset.class)).hasSize(1);
  }

  @Test
  void peerThatWasRestartedAndDialsGetsWhatItHasNotAcknowledgedAgain() {
    BarePeer.Opened opened = peer.open(node);
    CompletableFuture<Delivery> one = send("1");
    assertThat(opened.connection().read()).isEqualTo(node.line("1"));
    opened.connection().reset();
    // Until then, another NODE at the address of a live session is turned away.
    until("the loss", () -> node.node().metrics().sessionConnections() == 0);
    peer.restart(BarePeer.HIGHEST);
    BareSession again = peer.open(node).connection();
    assertThat(again.read()).isEqualTo(node.line("1"));
    again.say("ACK:1");
    assertThat(result(one)).isEqualTo(Delivery.ACKNOWLEDGED);
    assertThat(node.log().awaitFirst(SessionReset.class).peer().address())
        .isEqualTo(peer.address());
    assertThat(node.active()).containsExactly(peer.address());
  }

  @Test
  void restartWithNothingUnacknowledgedIsNoReset() {
    BarePeer.Opened opened = peer.open(node);
    CompletableFuture<Delivery> one = send("1");
    assertThat(opened.connection().read()).isEqualTo(node.line("1"));
    opened.connection().say("ACK:1");
    assertThat(result(one)).isEqualTo(Delivery.ACKNOWLEDGED);
    opened.connection().reset();
    // Until then, another NODE at the address of a live session is turned away.
    until("the loss", () -> node.node().metrics().sessionConnections() == 0);
    peer.restart(BarePeer.HIGHEST);
    BareSession again = peer.open(node).connection();
    assertThat(again.say(peer.chat("back")).readTo("ACK:1")).isEmpty();
    assertThat(node.log().of(SessionReset.class)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"closing", "protocol", "trust"})
  void byeThatEndsTheSessionFailsWhatWasWritten(String reason) {
    BareSession session = peer.open(node).connection();
    CompletableFuture<Delivery> one = send("1");
    assertThat(session.read()).isEqualTo(node.line("1"));
    assertThat(session.say("BYE:" + reason).readToEnd()).isEmpty();
    assertThat(failure(one)).isInstanceOf(DeliveryUnknownException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"busy", "duplicate", "some other reason"})
  void byeThatEndsTheConnectionOnlyIsFollowedByARedial(String reason) {
    CompletableFuture<Delivery> one = send("1");
    BareSession session = peer.acceptAndWelcome(SESSION, 0).connection();
    assertThat(session.read()).isEqualTo(node.line("1"));
    assertThat(session.say("BYE:" + reason).readToEnd()).isEmpty();
    BareSession again = peer.acceptAndWelcome(SESSION, 1).connection();
    again.say("ACK:1");
    assertThat(result(one)).isEqualTo(Delivery.ACKNOWLEDGED);
  }

  @Test
  void busyPeerIsDialedAgainBeforeThereWasASession() {
    CompletableFuture<Delivery> one = send("1");
    BareSession busy = peer.acceptAndGreet();
    assertThat(busy.read()).startsWith("HELLO:1|");
    assertThat(busy.say("BYE:busy").readToEnd()).isEmpty();
    BareSession again = peer.acceptAndWelcome(SESSION, 0).connection();
    assertThat(again.read()).isEqualTo(node.line("1"));
    again.say("ACK:1");
    assertThat(result(one)).isEqualTo(Delivery.ACKNOWLEDGED);
  }

  @Test
  void eventsTellOnceOfALostConnectionUntilItIsRestored() {
    CompletableFuture<Delivery> one = send("1");
    BareSession session = peer.acceptAndWelcome(SESSION, 0).connection();
    assertThat(session.read()).isEqualTo(node.line("1"));
    session.close();
    peer.acceptAndGreet().close();
    eventually(
        () -> assertThat(node.log().kinds()).containsExactly("PeerActive", "ConnectionLost"));
    BareSession again = peer.acceptAndWelcome(SESSION, 1).connection();
    again.say("ACK:1");
    assertThat(result(one)).isEqualTo(Delivery.ACKNOWLEDGED);
    eventually(
        () ->
            assertThat(node.log().kinds())
                .containsExactly("PeerActive", "ConnectionLost", "ConnectionRestored"));
  }
}
