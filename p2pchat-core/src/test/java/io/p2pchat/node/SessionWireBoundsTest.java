package io.p2pchat.node;

import static io.p2pchat.testing.Eventually.failure;
import static io.p2pchat.testing.Eventually.result;
import static io.p2pchat.testing.Eventually.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.Delivery;
import io.p2pchat.DeliveryUnknownException;
import io.p2pchat.MessageTooLargeException;
import io.p2pchat.NodeSettings;
import io.p2pchat.OutboundQueueFullException;
import io.p2pchat.PeerEvent.ConnectionLost;
import io.p2pchat.PeerEvent.ConnectionRestored;
import io.p2pchat.PeerEvent.SessionReset;
import io.p2pchat.internal.protocol.RandomIds;
import io.p2pchat.testing.peers.BarePeer;
import io.p2pchat.testing.peers.BareSession;
import io.p2pchat.testing.peers.Gate;
import io.p2pchat.testing.peers.TestNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a session must not exceed, here and there (PROTOCOL.md sections 4 and 6). */
class SessionWireBoundsTest {
  private static final int SMALL = 512;
  private static final String SESSION = "s".repeat(13);

  private final BarePeer peer = BarePeer.open();
  private final Gate gate = new Gate();
  private int restarts;

  @AfterEach
  void stop() {
    gate.open();
    peer.close();
  }

  private CompletableFuture<Delivery> send(TestNode from, String text) {
    return send(from, peer, text);
  }

  private static CompletableFuture<Delivery> send(TestNode from, BarePeer to, String text) {
    return from.node().send(to.address(), text);
  }

  @Test
  void messageOverThePeersLimitFailsAtOnceAndOneAtTheLimitArrives() {
    try (TestNode node = TestNode.start("One", TestNode.unhurried().build())) {
      BareSession session = peer.limit(SMALL).open(node).connection();
      assertThat(session.roundTrip()).isEmpty();
      String fits = "x".repeat(SMALL - 1 - node.line("").length());
      CompletableFuture<Delivery> tooLong = send(node, fits + "x");
      assertThat(tooLong).isCompletedExceptionally();
      assertThat(failure(tooLong))
          .isInstanceOf(MessageTooLargeException.class)
          .hasMessageContaining("" + SMALL);
      CompletableFuture<Delivery> sent = send(node, fits);
      assertThat(session.read()).isEqualTo(node.line(fits));
      session.say("ACK:1");
      assertThat(result(sent)).isEqualTo(Delivery.ACKNOWLEDGED);
    }
  }

  @Test
  void limitEndsWithTheSession() {
    try (TestNode node = TestNode.start("One", TestNode.unhurried().build())) {
      BareSession session = peer.limit(SMALL).open(node).connection();
      assertThat(session.say("BYE:closing").readToEnd()).isEmpty();
      BareSession.settle(node.port());
      CompletableFuture<Delivery> sent = send(node, "x".repeat(SMALL));
      BareSession next = peer.limit(2 * SMALL).acceptAndWelcome(SESSION, 0).connection();
      assertThat(next.read()).isEqualTo(node.line("x".repeat(SMALL)));
      next.say("ACK:1");
      assertThat(result(sent)).isEqualTo(Delivery.ACKNOWLEDGED);
    }
  }

  @Test
  void tooLongOnesThatWaitedFailAndTheirNeighboursArrive() {
    String tooLong = "x".repeat(SMALL);
    try (TestNode node = TestNode.start("One", TestNode.unhurried().build())) {
      List<CompletableFuture<Delivery>> sends = new ArrayList<>();
      for (String text : List.of(tooLong, "a", tooLong, tooLong, "b", "c", tooLong)) {
        sends.add(send(node, text));
      }
      BareSession session = peer.limit(SMALL).acceptAndWelcome(SESSION, 0).connection();
      assertThat(session.read()).isEqualTo(node.line("a"));
      session.say("ACK:1");
      assertThat(session.readTo(node.line("c"))).containsExactly(node.line("b"));
      session.say("ACK:3");
      for (int i : List.of(0, 2, 3, 6)) {
        assertThat(failure(sends.get(i))).isInstanceOf(MessageTooLargeException.class);
      }
      for (int i : List.of(1, 4, 5)) {
        assertThat(result(sends.get(i))).isEqualTo(Delivery.ACKNOWLEDGED);
      }
      assertThat(session.roundTrip()).isEmpty();
    }
  }

  @Test
  void countsStayRightWhenTooLongOnesWereLeftOutAndTheSessionResumes() {
    String tooLong = "x".repeat(SMALL);
    try (TestNode node = TestNode.start("One", TestNode.unhurried().build())) {
      List<CompletableFuture<Delivery>> sends = new ArrayList<>();
      for (String text : List.of("a", tooLong, "b", "c")) {
        sends.add(send(node, text));
      }
      BareSession session = peer.limit(SMALL).acceptAndWelcome(SESSION, 0).connection();
      assertThat(session.read()).isEqualTo(node.line("a"));
      session.say("ACK:1");
      assertThat(session.readTo(node.line("c"))).containsExactly(node.line("b"));
      session.close();
      BareSession again = peer.acceptAndWelcome(SESSION, 2).connection();
      assertThat(again.read()).isEqualTo(node.line("c"));
      again.say("ACK:3");
      assertThat(failure(sends.get(1))).isInstanceOf(MessageTooLargeException.class);
      for (int i : List.of(0, 2, 3)) {
        assertThat(result(sends.get(i))).isEqualTo(Delivery.ACKNOWLEDGED);
      }
    }
  }

  @Test
  void listenerThatBlocksStopsTheReadingAndNothingIsLost() throws InterruptedException {
    int count = 20_000;
    List<String> texts = IntStream.range(0, count).mapToObj(i -> "text " + i).toList();
    StringBuilder lines = new StringBuilder();
    texts.forEach(text -> lines.append(peer.chat(text)).append('\n'));
    NodeSettings little = TestNode.unhurried().inboundBytesPerSource(4096).build();
    try (TestNode node = TestNode.start("One", b -> b.settings(little).listener(gate));
        BarePeer other = BarePeer.open(BarePeer.HIGHEST)) {
      BareSession session = peer.open(node).connection();
      BareSession calm = other.open(node).connection();
      Thread writer = new Thread(() -> session.write(lines.toString()), "writer");
      writer.start();
      until("a full window", () -> node.node().metrics().inboundBytes() >= 4096);
      for (int i = 0; i < 50; i++) {
        assertThat(calm.roundTrip()).isEmpty();
      }
      assertThat(node.node().metrics().bytesReceived()).isLessThan(lines.length() / 2);
      gate.open();
      assertThat(session.readTo("ACK:" + count)).allMatch(line -> line.startsWith("ACK:"));
      writer.join();
      assertThat(node.log().texts()).isEqualTo(texts);
    }
  }

  /** As LineRateTest measures: a slow machine only takes longer. */
  @Test
  void floodOfControlLinesSlowsTheReadingOfItsConnection() {
    try (TestNode node = TestNode.start("One", TestNode.unhurried().build())) {
      BareSession session = peer.open(node).connection();
      long begun = System.nanoTime();
      assertThat(session.write("PING:x\nNEWS:y\n".repeat(1000)).roundTrip()).isSubsetOf("PONG:x");
      assertThat(session.say(peer.chat("hi")).readTo("ACK:1")).isSubsetOf("PONG:x");
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofSeconds(1));
    }
  }

  /** What comes together with a HELLO has been read before the session could say how much. */
  @Test
  void linesBehindAHelloWaitAsLongAsTheListenerIsBehind() {
    int count = 3000;
    List<String> texts = IntStream.range(0, count).mapToObj(i -> "text " + i).toList();
    List<String> lines = texts.stream().map(text -> peer.chat(text) + "\n").toList();
    NodeSettings little = TestNode.unhurried().inboundBytesPerSource(4096).build();
    try (TestNode node = TestNode.start("One", b -> b.settings(little).listener(gate))) {
      BarePeer.Opened first = peer.open(node);
      first.connection().write(String.join("", lines.subList(0, 50)));
      until("a full window", () -> node.node().metrics().inboundBytes() >= 4096);
      String session = first.field("SESSION");
      String received = peer.resume(node, session, 0).field("RECEIVED");
      String rest = String.join("", lines.subList(Integer.parseInt(received), count));
      BareSession last = first.connection();
      for (int i = 0; i < 20; i++) {
        last = peer.dial(node).write(peer.hello(session, 0) + "\n" + rest);
        assertThat(last.read()).contains("|RECEIVED:" + received + "|");
      }
      assertThat(node.node().metrics().inboundBytes()).isLessThan(50 * 256);
      gate.open();
      assertThat(last.readTo("ACK:" + count)).allMatch(line -> line.startsWith("ACK:"));
      assertThat(node.log().texts()).isEqualTo(texts);
    }
  }

  @Test
  void restartsThatTheListenerHasNotHandledAreOneEvent() {
    NodeSettings settings = TestNode.unhurried().build();
    try (TestNode node = TestNode.start("One", b -> b.settings(settings).listener(gate))) {
      restartWithALineUnacknowledged(node, peer, 100);
      assertThat(node.node().metrics().inboundBytes()).isLessThan(10 * 256);
      gate.open();
      node.log().awaitFirst(SessionReset.class);
      until("all events", () -> node.node().metrics().inboundBytes() == 0);
      assertThat(node.log().of(SessionReset.class)).hasSize(1);
      restartWithALineUnacknowledged(node, peer, 1);
      until("a second event", () -> node.log().of(SessionReset.class).size() == 2);
    }
  }

  /** The peer is dialed, so nothing but the listener could make it wait. */
  @Test
  void lossesThatTheListenerHasNotHandledAreOneEventAndTheLastIsTold() {
    NodeSettings quick = TestNode.unhurried().redialDelay(Duration.ofMillis(1)).build();
    try (TestNode node = TestNode.start("One", b -> b.settings(quick).listener(gate))) {
      CompletableFuture<Delivery> sent = send(node, "x");
      BareSession session = peer.acceptAndWelcome(SESSION, 0).connection();
      assertThat(session.read()).isEqualTo(node.line("x"));
      session.say("ACK:1");
      assertThat(result(sent)).isEqualTo(Delivery.ACKNOWLEDGED);
      for (int i = 0; i < 10; i++) {
        session.close();
        session = peer.acceptAndWelcome(SESSION, 1).connection();
        assertThat(session.roundTrip()).isEmpty();
      }
      assertThat(node.node().metrics().inboundBytes()).isLessThan(10 * 256);
      session.close();
      peer.close();
      gate.open();
      until("the last loss", () -> node.log().of(ConnectionLost.class).size() == 2);
      assertThat(node.log().of(ConnectionRestored.class)).hasSize(1);
    }
  }

  @Test
  void hostWhosePeersRestartIsNoLongerReadWhenTheListenerIsBehind() {
    int limit = 2048;
    NodeSettings little = TestNode.unhurried().inboundBytesPerSource(limit).build();
    try (TestNode node = TestNode.start("One", b -> b.settings(little).listener(gate))) {
      // Each makes three events: its connection is lost, its session is new, and it is back.
      for (int i = 0; i <= limit / 256 / 3; i++) {
        try (BarePeer each = BarePeer.open(("" + (char) ('a' + i)).repeat(26))) {
          restartWithALineUnacknowledged(node, each, 1);
        }
      }
      until("the bound", () -> node.node().metrics().inboundBytes() >= limit);
      long before = node.node().metrics().messagesReceived();
      try (BareSession more = BareSession.dial(node.port()).say("raw");
          BareSession probe = BareSession.dial("127.0.0.2", node.port()).endOutput()) {
        assertThat(probe.readToEnd()).isEmpty();
        assertThat(node.node().metrics().messagesReceived()).isEqualTo(before);
        gate.open();
        until("it is read", () -> node.node().metrics().messagesReceived() > before);
        more.endOutput();
      }
    }
  }

  private void restartWithALineUnacknowledged(TestNode node, BarePeer peer, int times) {
    BareSession session = peer.open(node).connection();
    send(node, peer, "x");
    assertThat(session.read()).isEqualTo(node.line("x"));
    for (int i = 0; i < times; i++) {
      peer.restart(RandomIds.node(0, ++restarts));
      // Another node is taken for this one after a restart only when its connection is gone.
      long open = node.node().metrics().sessionConnections();
      session.reset();
      until("the loss", () -> node.node().metrics().sessionConnections() < open);
      session = peer.open(node).connection();
      assertThat(session.read()).isEqualTo(node.line("x"));
    }
  }

  /** Takes the 10 seconds after which a node that does not read repeats what it has taken. */
  @Test
  void sessionThatIsNotReadStaysAliveAndRepeatsItsAcknowledgement() {
    NodeSettings little =
        TestNode.unhurried()
            .inboundBytesPerSource(1024)
            .silenceTimeout(Duration.ofMillis(200))
            .build();
    try (TestNode node = TestNode.start("One", b -> b.settings(little).listener(gate))) {
      BareSession session = peer.open(node).connection();
      session.write((peer.chat("x".repeat(600)) + "\n").repeat(3));
      assertThat(session.read()).isEqualTo("ACK:0");
      assertThat(node.node().metrics().sessionConnections()).isEqualTo(1);
      gate.open();
      assertThat(session.readTo("ACK:3")).isSubsetOf("ACK:1", "ACK:2");
      assertThat(node.log().texts()).hasSize(3);
    }
  }

  @Test
  void silentPeerIsAskedAndThenTheConnectionIsDead() {
    NodeSettings quick = TestNode.unhurried().silenceTimeout(Duration.ofMillis(50)).build();
    try (TestNode node = TestNode.start("One", quick)) {
      CompletableFuture<Delivery> sent = send(node, "hi");
      BareSession session = peer.acceptAndWelcome(SESSION, 0).connection();
      assertThat(session.readToEnd()).containsExactly(node.line("hi"));
      BarePeer.Opened again = peer.acceptAndWelcome(SESSION, 1);
      again.connection().say("ACK:1");
      assertThat(result(sent)).isEqualTo(Delivery.ACKNOWLEDGED);
    }
  }

  /** Each of them outlives its connection. */
  @Test
  void sessionsFromOneAddressDoNotUseUpThoseOfOthers() {
    NodeSettings few = TestNode.unhurried().maxConnectionsPerIp(4).maxConnections(8).build();
    try (TestNode node = TestNode.start("One", few)) {
      for (int i = 0; i < 4; i++) {
        assertThat(answerToHello(node, "127.0.0.2", i)).startsWith("WELCOME:1|");
      }
      assertThat(answerToHello(node, "127.0.0.2", 4)).isEqualTo("BYE:busy");
      assertThat(answerToHello(node, "127.0.0.2", 3)).startsWith("WELCOME:1|");
      assertThat(answerToHello(node, "127.0.0.3", 5)).startsWith("WELCOME:1|");
    }
  }

  @Test
  void sessionsThatHaveEndedMakeRoomForOthersFromTheirAddress() {
    try (TestNode node =
        TestNode.start("One", TestNode.unhurried().maxConnectionsPerIp(4).build())) {
      for (int i = 0; i < 20; i++) {
        try (BareSession session = BareSession.dial("127.0.0.2", node.port()).say(hello(i))) {
          assertThat(session.read()).startsWith("WELCOME:1|");
          session.say("BYE:closing").readToEnd();
        }
      }
    }
  }

  private static String answerToHello(TestNode node, String from, int number) {
    try (BareSession session = BareSession.dial(from, node.port()).say(hello(number))) {
      return session.read();
    }
  }

  private static String hello(int number) {
    String id = (char) ('a' + number) + "a".repeat(25);
    return "HELLO:1|NODE:" + id + "|LIMIT:65536|LISTENING_PORT:" + (2000 + number) + "|TEAM_NAME:T";
  }

  @Test
  void fullQueueRefusesAndWhenWritableCompletesBelowHalf() {
    try (TestNode node =
        TestNode.start("One", TestNode.unhurried().outboundLinesPerPeer(4).build())) {
      BareSession session = peer.open(node).connection();
      assertThat(node.node().whenWritable(peer.address())).isCompleted();
      List<CompletableFuture<Delivery>> sends =
          IntStream.range(0, 4).mapToObj(i -> send(node, "" + i)).toList();
      CompletableFuture<Void> writable = node.node().whenWritable(peer.address());
      assertThat(failure(send(node, "one too many")))
          .isInstanceOf(OutboundQueueFullException.class);
      assertThat(session.readTo(node.line("3"))).hasSize(3);
      session.say("ACK:2");
      assertThat(result(sends.get(1))).isEqualTo(Delivery.ACKNOWLEDGED);
      assertThat(session.roundTrip()).isEmpty();
      assertThat(writable).isNotDone();
      session.say("ACK:3");
      assertThat(writable).succeedsWithin(Duration.ofMinutes(1));
      session.say("ACK:4");
      assertThat(result(sends.get(3))).isEqualTo(Delivery.ACKNOWLEDGED);
    }
  }

  @Test
  void whenWritableEndsWithTheSessionAndWithTheNode() {
    try (TestNode node =
        TestNode.start("One", TestNode.unhurried().outboundLinesPerPeer(4).build())) {
      BareSession session = peer.open(node).connection();
      List<CompletableFuture<Delivery>> sends =
          IntStream.range(0, 4).mapToObj(i -> send(node, "" + i)).toList();
      CompletableFuture<Void> writable = node.node().whenWritable(peer.address());
      assertThat(writable).isNotDone();
      assertThat(session.readTo(node.line("3"))).hasSize(3);
      session.say("BYE:closing");
      assertThat(writable).succeedsWithin(Duration.ofMinutes(1));
      assertThat(sends)
          .allSatisfy(s -> assertThat(failure(s)).isInstanceOf(DeliveryUnknownException.class));

      session = peer.open(node).connection();
      sends = IntStream.range(4, 8).mapToObj(i -> send(node, "" + i)).toList();
      writable = node.node().whenWritable(peer.address());
      assertThat(session.readTo(node.line("7"))).hasSize(3);
      assertThat(writable).isNotDone();
      node.node().close();
      assertThat(writable).isDone();
      assertThat(sends).allMatch(CompletableFuture::isCompletedExceptionally);
    }
  }
}
