package io.p2pchat.node;

import static io.p2pchat.testing.Eventually.eventually;
import static io.p2pchat.testing.Eventually.failure;
import static io.p2pchat.testing.Eventually.result;
import static io.p2pchat.testing.Eventually.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.Delivery;
import io.p2pchat.DeliveryUnknownException;
import io.p2pchat.MessageWithdrawnException;
import io.p2pchat.NodeSettings;
import io.p2pchat.OutboundQueueFullException;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerNodeException;
import io.p2pchat.Security;
import io.p2pchat.SendOptions;
import io.p2pchat.SendOutcome;
import io.p2pchat.testing.peers.BarePeer;
import io.p2pchat.testing.peers.BareSession;
import io.p2pchat.testing.peers.OneReadPeer;
import io.p2pchat.testing.peers.TestNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Messages that are withdrawn before they are written, by the application or by their expiry. */
class WithdrawTest {
  private static final String SID = "a".repeat(13);
  private static final Duration SOON = Duration.ofMillis(20);
  private static final SendOptions EXPIRES_SOON = SendOptions.expireAfter(SOON);

  private TestNode one;

  @BeforeEach
  void start() {
    one =
        TestNode.start(
            "One",
            builder ->
                builder
                    .security(Security.plaintext())
                    .settings(
                        NodeSettings.builder()
                            .greetingTimeout(Duration.ofHours(1))
                            .outboundLinesPerPeer(65_536)
                            .build()));
  }

  @AfterEach
  void stop() {
    one.close();
  }

  private CompletableFuture<Delivery> send(BarePeer to, String text) {
    return one.node().send(to.address(), text);
  }

  @Test
  void aCancelledMessageIsNotSent() {
    try (BarePeer peer = BarePeer.open()) {
      send(peer, "a");
      CompletableFuture<Delivery> b = send(peer, "b");
      CompletableFuture<Delivery> c = send(peer, "c");
      CompletableFuture<Delivery> d = send(peer, "d");
      assertThat(b.cancel(true)).isTrue();
      c.orTimeout(1, TimeUnit.MILLISECONDS);
      assertThat(failure(c)).isInstanceOf(TimeoutException.class);
      assertThat(one.node().metrics().outboundMessages()).isEqualTo(2);
      BareSession session = peer.acceptAndWelcome(SID, 0).connection();
      assertThat(session.read()).isEqualTo(one.line("a"));
      assertThat(session.read()).isEqualTo(one.line("d"));
      session.say("ACK:2");
      assertThat(result(d)).isEqualTo(Delivery.ACKNOWLEDGED);
      assertThat(b).isCancelled();
    }
  }

  @Test
  void aMessageThatWasWrittenArrivesAllTheSame() {
    try (BarePeer peer = BarePeer.open()) {
      CompletableFuture<Delivery> a = send(peer, "a");
      BareSession session = peer.acceptAndWelcome(SID, 0).connection();
      assertThat(session.read()).isEqualTo(one.line("a"));
      assertThat(a.cancel(true)).isTrue();
      CompletableFuture<Delivery> b = send(peer, "b");
      assertThat(session.read()).isEqualTo(one.line("b"));
      assertThat(one.node().metrics().outboundMessages()).isEqualTo(2);
      session.say("ACK:2");
      result(b);
      assertThat(one.node().metrics().outboundMessages()).isZero();
    }
  }

  @Test
  void numbersStayRightAroundWithdrawnMessages() {
    try (BarePeer peer = BarePeer.open()) {
      List<CompletableFuture<Delivery>> sent =
          IntStream.range(0, 20).mapToObj(i -> send(peer, "m" + i)).toList();
      IntStream.range(0, 20).filter(i -> i % 3 == 1).forEach(i -> sent.get(i).cancel(true));
      List<Integer> live = IntStream.range(0, 20).filter(i -> i % 3 != 1).boxed().toList();
      BareSession first = peer.acceptAndWelcome(SID, 0).connection();
      live.forEach(i -> assertThat(first.read()).isEqualTo(one.line("m" + i)));
      first.say("ACK:5");
      result(sent.get(live.get(4)));
      assertThat(sent.get(live.get(5))).isNotDone();
      first.reset();
      BarePeer.Opened again = peer.acceptAndWelcome(SID, 9);
      assertThat(again.field("SESSION")).isEqualTo(SID);
      live.subList(9, live.size())
          .forEach(i -> assertThat(again.connection().read()).isEqualTo(one.line("m" + i)));
      again.connection().say("ACK:" + live.size());
      live.forEach(i -> assertThat(result(sent.get(i))).isEqualTo(Delivery.ACKNOWLEDGED));
    }
  }

  @Test
  void aMessageToAHostNameIsWithdrawnDuringTheLookup() {
    try (BarePeer peer = BarePeer.open()) {
      PeerAddress name = new PeerAddress("localhost", peer.address().port());
      one.node().send(name, "never").cancel(true);
      CompletableFuture<Delivery> expires = one.node().send(name, "late", EXPIRES_SOON);
      one.node().send(name, "after");
      assertThat(failure(expires)).isInstanceOf(MessageWithdrawnException.class);
      BareSession session = peer.acceptAndWelcome(SID, 0).connection();
      assertThat(session.read()).isEqualTo(one.line("after"));
      assertThat(one.node().metrics().outboundMessages()).isOne();
    }
  }

  @Test
  void cancelsFreeRoomAtOnce() {
    NodeSettings little =
        NodeSettings.builder().greetingTimeout(Duration.ofHours(1)).outboundLinesPerPeer(3).build();
    try (BarePeer peer = BarePeer.open();
        TestNode small = TestNode.start("Small", little)) {
      List<CompletableFuture<Delivery>> sent =
          IntStream.range(0, 3).mapToObj(i -> small.node().send(peer.address(), "m" + i)).toList();
      assertThat(failure(small.node().send(peer.address(), "x")))
          .isInstanceOf(OutboundQueueFullException.class);
      CompletableFuture<Void> writable = small.node().whenWritable(peer.address());
      assertThat(writable).isNotDone();
      sent.get(1).cancel(false);
      assertThat(small.node().send(peer.address(), "y")).isNotDone();
      sent.get(0).cancel(false);
      sent.get(2).cancel(false);
      result(writable);
    }
  }

  @Test
  void manyCancelsLeaveNothing() {
    try (BarePeer peer = BarePeer.open()) {
      List<CompletableFuture<Delivery>> sent = new ArrayList<>();
      for (int i = 0; i < 65_000; i++) {
        sent.add(send(peer, "m"));
      }
      BareSession session = peer.accept();
      sent.forEach(each -> each.cancel(true));
      assertThat(one.node().metrics().outboundMessages()).isZero();
      assertThat(one.node().metrics().outboundBytes()).isZero();
      send(peer, "last");
      session.say(peer.greeting());
      session.read();
      session.say(peer.welcome(SID, 0));
      assertThat(session.read()).isEqualTo(one.line("last"));
    }
  }

  @Test
  void aMessageExpiresUnsent() {
    try (BarePeer peer = BarePeer.open()) {
      CompletableFuture<Delivery> expires = one.node().send(peer.address(), "late", EXPIRES_SOON);
      CompletableFuture<Delivery> text = one.node().sendText(peer.address(), "exit", EXPIRES_SOON);
      CompletableFuture<Delivery> stays =
          one.node().send(peer.address(), "stays", SendOptions.expireAfter(Duration.ofHours(1)));
      assertThat(failure(expires))
          .isInstanceOf(MessageWithdrawnException.class)
          .hasMessageContaining(peer.address().toString())
          .hasMessageContaining("20 ms");
      assertThat(failure(text)).isInstanceOf(MessageWithdrawnException.class);
      BareSession session = peer.acceptAndWelcome(SID, 0).connection();
      assertThat(session.read()).isEqualTo(one.line("stays"));
      session.say("ACK:1");
      result(stays);
    }
  }

  @Test
  void aMessageThatExpiresWrittenIsUnknown() {
    try (BarePeer peer = BarePeer.open()) {
      send(peer, "a");
      BareSession session = peer.acceptAndWelcome(SID, 0).connection();
      assertThat(session.read()).isEqualTo(one.line("a"));
      CompletableFuture<Delivery> b =
          one.node().send(peer.address(), "b", SendOptions.expireAfter(Duration.ofMillis(500)));
      assertThat(session.read()).isEqualTo(one.line("b"));
      assertThat(failure(b))
          .isInstanceOf(DeliveryUnknownException.class)
          .hasMessageContaining("500 ms");
      session.say("ACK:2");
      eventually(() -> assertThat(one.node().metrics().outboundMessages()).isZero());
    }
  }

  @Test
  void aMessageThatIsDeliveredDoesNotExpire() throws IOException {
    try (TestNode two = TestNode.start("Two");
        OneReadPeer plain = new OneReadPeer("Python");
        TestNode quick = TestNode.start("Quick")) {
      SendOptions later = SendOptions.expireAfter(Duration.ofSeconds(30));
      assertThat(result(quick.node().send(two.address(), "a", later)))
          .isEqualTo(Delivery.ACKNOWLEDGED);
      assertThat(result(quick.node().send(plain.address(), "a", later)))
          .isEqualTo(Delivery.WRITTEN);
    }
  }

  @Test
  void aWithdrawnCommandChangesNothing() {
    try (BarePeer peer = BarePeer.open()) {
      CompletableFuture<Delivery> connect = one.node().connect(peer.address());
      CompletableFuture<Delivery> exit = one.node().disconnect(peer.address());
      send(peer, "a");
      connect.cancel(true);
      exit.cancel(true);
      BareSession session = peer.acceptAndWelcome(SID, 0).connection();
      assertThat(session.read()).isEqualTo(one.line("a"));
      assertThat(one.active()).containsExactly(peer.address());
      assertThat(one.connected()).isEmpty();
    }
  }

  @Test
  void aMessageThatWaitsForAPlainProgramIsWithdrawn() throws IOException {
    NodeSettings settings = NodeSettings.builder().peerCloseTimeout(Duration.ofHours(1)).build();
    try (OneReadPeer peer = new OneReadPeer("Python");
        TestNode quick = TestNode.start("Quick", settings)) {
      List<CompletableFuture<Delivery>> sent =
          IntStream.range(0, 50).mapToObj(i -> quick.node().send(peer.address(), "m" + i)).toList();
      sent.get(49).cancel(true);
      sent.subList(0, 49).forEach(each -> result(each));
      assertThat(result(quick.node().send(peer.address(), "end"))).isEqualTo(Delivery.WRITTEN);
      assertThat(peer.received())
          .hasSize(50)
          .doesNotContain(quick.line("m49"))
          .endsWith(quick.line("end"));
    }
  }

  @Test
  void aBroadcastTellsEachOutcomeAsItComes() {
    try (TestNode two = TestNode.start("Two");
        BarePeer dead = BarePeer.open()) {
      result(one.node().connect(two.address()));
      CompletableFuture<Delivery> connect = one.node().connect(dead.address());
      BareSession session = dead.acceptAndWelcome(SID, 0).connection();
      session.read();
      session.say("ACK:1");
      result(connect);
      List<SendOutcome> outcomes = new CopyOnWriteArrayList<>();
      CompletableFuture<List<SendOutcome>> all =
          one.node()
              .broadcast(
                  "hello",
                  SendOptions.expireAfter(Duration.ofSeconds(2)),
                  outcome -> {
                    outcomes.add(outcome);
                    throw new IllegalStateException("the consumer's own failure");
                  });
      until("the outcome of the quick peer", () -> !outcomes.isEmpty());
      assertThat(outcomes.get(0)).isInstanceOf(SendOutcome.Delivered.class);
      assertThat(outcomes.get(0).peer().address()).isEqualTo(two.address());
      List<SendOutcome> collected = result(all);
      assertThat(outcomes).hasSize(2).containsExactlyInAnyOrderElementsOf(collected);
      assertThat(failureOf(outcomes.get(1))).isInstanceOf(DeliveryUnknownException.class);
    }
  }

  @Test
  void aCancelledBroadcastIsWithdrawn() {
    try (BarePeer peer = BarePeer.open()) {
      CompletableFuture<Delivery> connect = one.node().connect(peer.address());
      BareSession session = peer.acceptAndWelcome(SID, 0).connection();
      session.read();
      session.say("ACK:1");
      result(connect);
      session.reset();
      BareSession silent = peer.accept();
      List<SendOutcome> outcomes = new CopyOnWriteArrayList<>();
      one.node().broadcast("never", SendOptions.defaults(), outcomes::add).cancel(true);
      until("its outcome", () -> !outcomes.isEmpty());
      assertThat(failureOf(outcomes.get(0))).isInstanceOf(MessageWithdrawnException.class);
      one.node().broadcast("never").cancel(true);
      send(peer, "after");
      silent.say(peer.greeting());
      silent.read();
      silent.say(peer.welcome(SID, 1));
      assertThat(silent.read()).isEqualTo(one.line("after"));
    }
  }

  private static PeerNodeException failureOf(SendOutcome outcome) {
    assertThat(outcome).isInstanceOf(SendOutcome.Failed.class);
    return ((SendOutcome.Failed) outcome).failure();
  }
}
