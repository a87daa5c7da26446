package io.p2pchat.node;

import static io.p2pchat.testing.Eventually.result;
import static io.p2pchat.testing.Eventually.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.Delivery;
import io.p2pchat.NodeMetrics;
import io.p2pchat.NodeSettings;
import io.p2pchat.Peer;
import io.p2pchat.PeerEvent.MessageReceived;
import io.p2pchat.testing.Blocking;
import io.p2pchat.testing.peers.BarePeer;
import io.p2pchat.testing.peers.BareSession;
import io.p2pchat.testing.peers.Gate;
import io.p2pchat.testing.peers.TestNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes over the wire in a session (PROTOCOL.md sections 4 and 5). */
class SessionWireTest {
  private static final NodeSettings QUICK =
      NodeSettings.builder().greetingDelay(Duration.ofHours(1)).build();

  private final BarePeer peer = BarePeer.open();

  @AfterEach
  void stop() {
    peer.close();
  }

  @Test
  void manyLinesArriveInOrderAndAreAllAcknowledged() {
    int count = 10_000;
    List<String> texts = IntStream.range(0, count).mapToObj(i -> "text " + i).toList();
    StringBuilder lines = new StringBuilder();
    texts.forEach(text -> lines.append(peer.chat(text)).append('\n'));
    try (TestNode node = TestNode.start("One", QUICK)) {
      BareSession session = peer.open(node).connection().write(lines.toString());
      assertThat(session.readTo("ACK:" + count))
          .allMatch(line -> line.startsWith("ACK:"))
          .extracting(line -> Integer.parseInt(line.substring(4)))
          .isSorted();
      assertThat(node.log().texts()).isEqualTo(texts);
      assertThat(node.log().messages())
          .noneMatch(MessageReceived::raw)
          .allMatch(message -> message.peer().address().equals(peer.address()))
          .allMatch(message -> message.peer().teamName().equals(BarePeer.TEAM));
      assertThat(node.active()).containsExactly(peer.address());
    }
  }

  @Test
  void linesAreAcknowledgedOnlyAfterTheListenerReturned() {
    Gate gate = new Gate();
    try (TestNode node = TestNode.start("One", builder -> builder.settings(QUICK).listener(gate))) {
      BareSession session = peer.open(node).connection();
      session.say(peer.chat("1")).say(peer.chat("2")).say(peer.chat("3"));
      assertThat(session.roundTrip()).isEmpty();
      assertThat(session.roundTrip()).isEmpty();
      gate.open();
      assertThat(session.readTo("ACK:3")).isSubsetOf("ACK:1", "ACK:2");
      assertThat(session.roundTrip()).isEmpty();
    } finally {
      gate.open();
    }
  }

  @Test
  void firstLineOfABurstIsAcknowledgedWhileTheListenerBlocksAtTheSecond() {
    CountDownLatch end = new CountDownLatch(1);
    CountDownLatch begun = new CountDownLatch(1);
    try (TestNode node =
        TestNode.start(
            "One",
            builder ->
                builder
                    .settings(QUICK)
                    .onMessage(
                        message -> {
                          if (message.text().equals("second")) {
                            Blocking.until(end, begun);
                          }
                        }))) {
      BareSession session = peer.open(node).connection();
      session.write(
          peer.chat("first") + "\n" + peer.chat("second") + "\n" + peer.chat("third") + "\n");
      assertThat(session.read()).isEqualTo("ACK:1");
      assertThat(session.roundTrip()).isEmpty();
      end.countDown();
      assertThat(session.readTo("ACK:3")).isSubsetOf("ACK:2");
    } finally {
      end.countDown();
    }
  }

  @Test
  void listenerThatThrowsHasTakenTheLine() {
    try (TestNode node =
        TestNode.start(
            "One",
            builder ->
                builder
                    .settings(QUICK)
                    .onMessage(
                        message -> {
                          throw new IllegalStateException("on purpose");
                        }))) {
      BareSession session = peer.open(node).connection().say(peer.chat("1")).say(peer.chat("2"));
      assertThat(session.readTo("ACK:2")).isSubsetOf("ACK:1");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1", "a token: with = signs", "\u00e4\u20ac"})
  void pingIsAnsweredWithItsToken(String token) {
    try (TestNode node = TestNode.start("One", QUICK)) {
      BareSession session = peer.open(node).connection().say("PING:" + token);
      assertThat(session.read()).isEqualTo("PONG:" + token);
      assertThat(session.say("PING:" + token + "|LATER:1\r").read()).isEqualTo("PONG:" + token);
    }
  }

  @Test
  void unknownLinesAreIgnoredAndCountedAndUnknownFieldsIgnored() {
    try (TestNode node = TestNode.start("One", QUICK)) {
      BareSession session = peer.dial(node);
      session.say(peer.hello() + "|LATER:yes|ALSO");
      assertThat(session.read()).startsWith("WELCOME:1|");
      session.say("LATER:1|X:2").say("").say("words").say("ping:1").say("|||").say("\u0000");
      session.say("PONG:not asked for").say("PONG:").say("ACK:0|LATER:1");
      assertThat(session.roundTrip()).isEmpty();
      assertThat(node.node().metrics().ignoredLines()).isEqualTo(6);
      assertThat(node.log().all()).isEmpty();
    }
  }

  @Test
  void laterVersionIsAnsweredWithTheOneThatIsSpoken() {
    try (TestNode node = TestNode.start("One", QUICK)) {
      BareSession session = peer.dial(node).say(peer.hello().replace("HELLO:1", "HELLO:9"));
      assertThat(session.read()).startsWith("WELCOME:1|");
      assertThat(session.roundTrip()).isEmpty();
    }
  }

  @Test
  void everythingMayComeByteForByte() {
    try (TestNode node = TestNode.start("One", QUICK)) {
      BareSession session = peer.dial(node);
      session.writeByteForByte(peer.hello() + "\n");
      assertThat(session.read()).startsWith("WELCOME:1|");
      session.writeByteForByte(
          peer.chat("\u00e4 | \u20ac \ud834\udd1e") + "\r\nPING:1\n" + peer.chat("") + "\nACK:0\n");
      assertThat(session.readTo("ACK:2")).isSubsetOf("PONG:1", "ACK:1").contains("PONG:1");
      assertThat(node.log().texts()).containsExactly("\u00e4 | \u20ac \ud834\udd1e", "");
    }
  }

  @Test
  void linesMayBeCutAnywhere() {
    try (TestNode node = TestNode.start("One", QUICK)) {
      BareSession session = peer.open(node).connection();
      byte[] lines =
          ("PING:a\n" + peer.chat("\u20ac") + "\n" + peer.chat("b") + "\n")
              .getBytes(StandardCharsets.UTF_8);
      for (int cut = 1; cut < lines.length; cut++) {
        long before = node.node().metrics().bytesReceived();
        int length = cut;
        session.write(Arrays.copyOf(lines, cut));
        until("the first part", () -> node.node().metrics().bytesReceived() - before == length);
        session.write(Arrays.copyOfRange(lines, cut, lines.length));
        assertThat(session.readTo("ACK:" + 2 * cut)).contains("PONG:a");
      }
      assertThat(node.log().texts())
          .hasSize(2 * (lines.length - 1))
          .startsWith("\u20ac", "b")
          .endsWith("\u20ac", "b");
    }
  }

  @Test
  void linesToThePeerAreAcknowledgedTogetherAndAnOlderAcknowledgementIsIgnored() {
    try (TestNode node = TestNode.start("One", QUICK)) {
      BareSession session = peer.open(node).connection();
      List<CompletableFuture<Delivery>> sends =
          IntStream.range(0, 4).mapToObj(i -> node.node().send(peer.address(), "" + i)).toList();
      assertThat(session.readTo(node.line("3")))
          .containsExactly(node.line("0"), node.line("1"), node.line("2"));
      session.say("ACK:3");
      assertThat(result(sends.get(2))).isEqualTo(Delivery.ACKNOWLEDGED);
      session.say("ACK:1").say("ACK:0").say("ACK:3");
      assertThat(session.roundTrip()).isEmpty();
      assertThat(sends.get(0)).isCompletedWithValue(Delivery.ACKNOWLEDGED);
      assertThat(sends.get(1)).isCompletedWithValue(Delivery.ACKNOWLEDGED);
      assertThat(sends.get(3)).isNotDone();
      session.say("ACK:4");
      assertThat(result(sends.get(3))).isEqualTo(Delivery.ACKNOWLEDGED);
    }
  }

  @Test
  void longTextsGoWholeInASession() {
    try (TestNode node = TestNode.start("One", QUICK)) {
      BareSession session = peer.open(node).connection();
      CompletableFuture<Delivery> sent = node.node().send(peer.address(), "x".repeat(5000) + "\ny");
      assertThat(session.read()).isEqualTo(node.line("x".repeat(5000) + "\u2028y"));
      session.say("ACK:1");
      assertThat(result(sent)).isEqualTo(Delivery.ACKNOWLEDGED);
    }
  }

  @Test
  void snapshotOfThePeerShowsTheSession() {
    try (TestNode node = TestNode.start("One", QUICK)) {
      BareSession session = peer.open(node).connection();
      session.answerPing();
      session.say(peer.chat("hi"));
      assertThat(session.readTo("ACK:1")).isEmpty();
      List<CompletableFuture<Delivery>> sends =
          List.of(node.node().send(peer.address(), "1"), node.node().send(peer.address(), "2"));
      Peer before = node.node().activePeers().get(0);
      assertThat(before.level()).isEqualTo(Peer.Level.SESSION);
      assertThat(before.roundTrip()).isPresent();
      assertThat(before.unacknowledged()).isEqualTo(2);
      assertThat(session.readTo(node.line("2"))).containsExactly(node.line("1"));
      session.say("ACK:1");
      assertThat(result(sends.get(0))).isEqualTo(Delivery.ACKNOWLEDGED);
      assertThat(node.node().activePeers().get(0).unacknowledged()).isEqualTo(1);
      session.say("BYE:closing");
      assertThat(session.readToEnd()).isEmpty();
      until("no session", () -> node.node().activePeers().get(0).level() == Peer.Level.PLAIN);
      until("nothing left", () -> node.node().activePeers().get(0).unacknowledged() == 0);
    }
  }

  @Test
  void metricsCountWhatAConnectionAndItsSessionDid() {
    try (TestNode node = TestNode.start("One", QUICK)) {
      BareSession session = peer.open(node).connection().say(peer.chat("1")).say(peer.chat("2"));
      assertThat(session.readTo("ACK:2")).isSubsetOf("ACK:1");
      CompletableFuture<Delivery> sent = node.node().send(peer.address(), "3");
      assertThat(session.read()).isEqualTo(node.line("3"));
      assertThat(session.roundTrip()).isEmpty();
      NodeMetrics metrics = node.node().metrics();
      assertThat(metrics.messagesReceived()).isEqualTo(2);
      assertThat(metrics.messagesSent()).isEqualTo(1);
      assertThat(metrics.outboundMessages()).isEqualTo(1);
      assertThat(metrics.outboundBytes()).isEqualTo(node.line("3").length() + 1L);
      assertThat(metrics.sessionConnections()).isEqualTo(1);
      assertThat(metrics.plainConnections()).isZero();
      assertThat(metrics.bytesReceived()).isGreaterThan(2L * peer.chat("1").length());
      assertThat(metrics.bytesSent()).isGreaterThan(node.line("3").length());
      assertThat(metrics.violations()).isZero();
      assertThat(metrics.reconnects()).isZero();
      session.say("ACK:1");
      assertThat(result(sent)).isEqualTo(Delivery.ACKNOWLEDGED);
      assertThat(node.node().metrics().outboundMessages()).isZero();
      session.say("BYE:closing");
      assertThat(session.readToEnd()).isEmpty();
      session.close();
      until("no session", () -> node.node().metrics().sessionConnections() == 0);
      assertThat(node.node().metrics().plainConnections()).isZero();
    }
  }
}
