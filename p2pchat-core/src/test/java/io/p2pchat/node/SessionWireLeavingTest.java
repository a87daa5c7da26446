package io.p2pchat.node;

import static io.p2pchat.testing.Eventually.eventually;
import static io.p2pchat.testing.Eventually.failure;
import static io.p2pchat.testing.Eventually.result;
import static io.p2pchat.testing.Eventually.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.Delivery;
import io.p2pchat.DeliveryUnknownException;
import io.p2pchat.PeerEvent.PeerLeft;
import io.p2pchat.testing.peers.BarePeer;
import io.p2pchat.testing.peers.BareSession;
import io.p2pchat.testing.peers.TestNode;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How a session ends because one of the two leaves (PROTOCOL.md section 5, Leaving). */
class SessionWireLeavingTest {
  private static final String SESSION = "s".repeat(13);

  private final BarePeer peer = BarePeer.open();
  private final TestNode node =
      TestNode.start("One", TestNode.unhurried().closeTimeout(Duration.ofSeconds(30)).build());

  @AfterEach
  void stop() {
    peer.close();
    node.close();
  }

  private CompletableFuture<Delivery> send(String text) {
    return node.node().send(peer.address(), text);
  }

  @Test
  void leaverSaysByeWhenItsExitIsAcknowledged() {
    BareSession session = peer.open(node).connection();
    CompletableFuture<Delivery> before = send("before");
    CompletableFuture<Delivery> exit = node.node().disconnect(peer.address());
    assertThat(session.readTo(node.line("exit"))).containsExactly(node.line("before"));
    session.say("ACK:1");
    assertThat(result(before)).isEqualTo(Delivery.ACKNOWLEDGED);
    assertThat(node.active()).isEmpty();
    session.say("ACK:2");
    assertThat(session.readToEnd()).containsExactly("BYE:closing");
    assertThat(result(exit)).isEqualTo(Delivery.ACKNOWLEDGED);
    assertThat(node.log().awaitFirst(PeerLeft.class).reason())
        .isEqualTo(PeerLeft.Reason.DISCONNECTED);
  }

  @Test
  void longestTeamCanLeaveThePeerThatTakesTheShortestLines() {
    try (TestNode wordy =
        TestNode.start("😀".repeat(64), TestNode.unhurried().maxFrameBytes(512).build())) {
      BareSession session = peer.limit(512).open(wordy).connection();
      assertThat(session.say(peer.chat("hi")).readTo("ACK:1")).isEmpty();
      CompletableFuture<Delivery> exit = wordy.node().disconnect(peer.address());
      assertThat(session.read()).isEqualTo(wordy.line("exit"));
      session.say("ACK:1");
      assertThat(result(exit)).isEqualTo(Delivery.ACKNOWLEDGED);
      assertThat(wordy.active()).isEmpty();
    }
  }

  @Test
  void leaverDoesNotWaitForeverForTheAcknowledgement() {
    BareSession session = peer.open(node).connection();
    CompletableFuture<Delivery> exit = node.node().disconnect(peer.address());
    assertThat(session.readToEnd()).containsExactly(node.line("exit"), "BYE:closing");
    assertThat(failure(exit)).isInstanceOf(DeliveryUnknownException.class);
    assertThat(node.active()).isEmpty();
  }

  @Test
  void whoWasLeftWaitsForTheLeaversBye() {
    BareSession session = peer.open(node).connection();
    assertThat(session.say(peer.chat("hi")).readTo("ACK:1")).isEmpty();
    session.say(peer.chat("EXIT "));
    assertThat(session.read()).isEqualTo("ACK:2");
    assertThat(session.roundTrip()).isEmpty();
    assertThat(session.say("BYE:closing").readToEnd()).isEmpty();
    assertThat(node.log().awaitFirst(PeerLeft.class).reason()).isEqualTo(PeerLeft.Reason.SAID_EXIT);
    assertThat(node.active()).isEmpty();
    assertThat(node.log().kinds()).containsExactly("PeerActive", "MessageReceived", "PeerLeft");
  }

  @Test
  void whoWasLeftEndsTheSessionItselfAfterAWhile() {
    BareSession session = peer.open(node).connection().say(peer.chat("exit"));
    assertThat(session.readToEnd()).containsExactly("ACK:1", "BYE:closing");
    until("no session", () -> node.node().metrics().sessionConnections() == 0);
  }

  @Test
  void nobodyRedialsWhenTheConnectionEndsWhileOneLeaves() {
    CompletableFuture<Delivery> first = send("first");
    BareSession session = peer.acceptAndWelcome(SESSION, 0).connection();
    assertThat(session.read()).isEqualTo(node.line("first"));
    session.say("ACK:1");
    assertThat(result(first)).isEqualTo(Delivery.ACKNOWLEDGED);
    session.say(peer.chat("exit"));
    assertThat(session.read()).isEqualTo("ACK:1");
    session.close();
    until("no session", () -> node.node().metrics().sessionConnections() == 0);
    BareSession.settle(node.port());
    CompletableFuture<Delivery> later = send("later");
    BarePeer.Opened again = peer.acceptAndWelcome("t".repeat(13), 0);
    assertThat(again.field("SESSION")).isEmpty();
    assertThat(again.connection().read()).isEqualTo(node.line("later"));
    again.connection().say("ACK:1");
    assertThat(result(later)).isEqualTo(Delivery.ACKNOWLEDGED);
  }

  @Test
  void exitWithoutAConnectionEndsTheSessionHere() {
    BarePeer.Opened opened = peer.open(node);
    assertThat(opened.connection().say(peer.chat("hi")).readTo("ACK:1")).isEmpty();
    opened.connection().reset();
    until("the loss", () -> node.node().metrics().sessionConnections() == 0);
    BareSession.settle(node.port());
    CompletableFuture<Delivery> exit = node.node().disconnect(peer.address());
    until("the end", exit::isDone);
    assertThat(node.active()).isEmpty();
    eventually(
        () ->
            assertThat(node.log().kinds())
                .containsExactly("PeerActive", "MessageReceived", "ConnectionLost", "PeerLeft"));
    BarePeer.Opened again = peer.resume(node, opened.field("SESSION"), 0);
    assertThat(again.field("SESSION")).isNotEqualTo(opened.field("SESSION"));
    assertThat(again.field("ENDED")).isEqualTo("1");
  }

  @Test
  void peerThatLeftMayComeBack() {
    BareSession session = peer.open(node).connection().say(peer.chat("exit"));
    assertThat(session.read()).isEqualTo("ACK:1");
    assertThat(session.say("BYE:closing").readToEnd()).isEmpty();
    BareSession again = peer.open(node).connection().say(peer.chat("back"));
    assertThat(again.read()).isEqualTo("ACK:1");
    assertThat(again.roundTrip()).isEmpty();
    assertThat(node.log().texts()).containsExactly("back");
    assertThat(node.active()).containsExactly(peer.address());
  }

  @Test
  void closingNodeSaysExitInEverySessionAlsoWhereNothingWasSaid() {
    try (BarePeer second = BarePeer.open(BarePeer.HIGHEST)) {
      BareSession one = peer.open(node).connection();
      BareSession two = second.open(node).connection();
      CompletableFuture<Void> closed = CompletableFuture.runAsync(node::close);
      assertThat(one.read()).isEqualTo(node.line("exit"));
      assertThat(two.read()).isEqualTo(node.line("exit"));
      assertThat(closed).isNotDone();
      assertThat(one.say("ACK:1").readToEnd()).containsExactly("BYE:closing");
      assertThat(closed).isNotDone();
      assertThat(two.say("ACK:1").readToEnd()).containsExactly("BYE:closing");
      assertThat(closed).succeedsWithin(Duration.ofMinutes(1));
    }
  }

  @Test
  void closingNodeSendsWhatWaitsBeforeItsExit() {
    BareSession session = peer.open(node).connection();
    CompletableFuture<Delivery> last = send("last");
    CompletableFuture<Void> closed = CompletableFuture.runAsync(node::close);
    assertThat(session.readTo(node.line("exit"))).containsExactly(node.line("last"));
    assertThat(session.say("ACK:2").readToEnd()).containsExactly("BYE:closing");
    assertThat(closed).succeedsWithin(Duration.ofMinutes(1));
    assertThat(result(last)).isEqualTo(Delivery.ACKNOWLEDGED);
  }

  @Test
  void closingNodeTakesNoNewSession() {
    BareSession session = peer.open(node).connection();
    try (BarePeer late = BarePeer.open(BarePeer.HIGHEST)) {
      BareSession second = late.dial(node);
      until("both", () -> node.node().metrics().plainConnections() == 1);
      CompletableFuture<Void> closed = CompletableFuture.runAsync(node::close);
      assertThat(session.read()).isEqualTo(node.line("exit"));
      assertThat(second.say(late.hello()).readToEnd()).containsExactly("BYE:closing");
      assertThat(session.say("ACK:1").readToEnd()).containsExactly("BYE:closing");
      assertThat(closed).succeedsWithin(Duration.ofMinutes(1));
    }
  }
}
