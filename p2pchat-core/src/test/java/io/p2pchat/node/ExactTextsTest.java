package io.p2pchat.node;

import static io.p2pchat.testing.Eventually.failure;
import static io.p2pchat.testing.Eventually.result;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.Delivery;
import io.p2pchat.MessageTooLargeException;
import io.p2pchat.NodeSettings;
import io.p2pchat.PeerNode;
import io.p2pchat.ReservedTextException;
import io.p2pchat.Security;
import io.p2pchat.testing.RandomText;
import io.p2pchat.testing.peers.BarePeer;
import io.p2pchat.testing.peers.BareSession;
import io.p2pchat.testing.peers.OneReadPeer;
import io.p2pchat.testing.peers.TestNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts between nodes that announce EXACT, and to peers that do not (PROTOCOL.md section 4). */
class ExactTextsTest {
  private static final String SID = "a".repeat(13);
  private static final List<String> AWKWARD =
      List.of(
          "    return x\n",
          "a\r\nb\rc\nd",
          "{\"a\":\"\u2028\"}",
          "C:\\new\\read",
          " \n ",
          "\\",
          "\u00a0exit\u2029 ",
          "\ufeffexit");
  private TestNode one;

  @BeforeEach
  void start() {
    one = TestNode.start("One", builder -> builder.security(Security.plaintext()));
  }

  @AfterEach
  void stop() {
    one.close();
  }

  @Test
  void textsArriveExactlyBetweenTwoNodes() {
    RandomText random = new RandomText(5);
    List<String> texts = new ArrayList<>(AWKWARD);
    IntStream.range(0, 2000).forEach(i -> texts.add(random.next(12)));
    texts.addAll(List.of("exit", " EXIT ", "connection message", "Manual connection message\n"));
    try (TestNode two = TestNode.start("Two")) {
      texts.stream()
          .map(text -> one.node().sendText(two.address(), text))
          .toList()
          .forEach(sent -> assertThat(result(sent)).isEqualTo(Delivery.ACKNOWLEDGED));
      assertThat(two.log().awaitTexts(texts.size())).isEqualTo(texts);
      assertThat(two.log().kinds()).doesNotContain("PeerConnected", "PeerLeft");
      assertThat(one.active()).containsExactly(two.address());
      result(two.send(one, "  back\n"));
      assertThat(one.log().awaitTexts(1)).containsExactly("  back\n");
    }
  }

  @Test
  void aNodeAnnouncesItAndEscapes() throws IOException {
    try (BarePeer peer = BarePeer.open()) {
      CompletableFuture<Delivery> sent = one.node().send(peer.address(), " a\n\\b\r ");
      one.node().sendText(peer.address(), " Exit ");
      one.node().send(peer.address(), " Exit ");
      BareSession session = peer.acceptAndGreet();
      assertThat(session.read()).contains("|EXACT:1");
      session.say(peer.welcome(SID, 0) + "|EXACT:1");
      assertThat(session.read()).isEqualTo(one.line(" a\\n\\\\b\\r "));
      assertThat(session.read()).isEqualTo(one.line("\\ Exit "));
      assertThat(session.read()).isEqualTo(one.line("Exit"));
      session.say(peer.chat(" x\\n\\\\n\u2028\\exit ")).say(peer.chat("\\exit")).say("ACK:1");
      assertThat(one.log().awaitTexts(2)).containsExactly(" x\n\\n\u2028exit ", "exit");
      result(sent);
    }
  }

  @Test
  void theAcceptorAnnouncesItToo() {
    try (BarePeer peer = BarePeer.open()) {
      BarePeer.Opened opened = peer.open(one);
      assertThat(opened.field("EXACT")).isEqualTo("1");
    }
  }

  @Test
  void anotherVersionOfExactTextsIncludesThisOne() {
    try (BarePeer peer = BarePeer.open()) {
      BareSession session = peer.dial(one).say(peer.hello() + "|EXACT:7");
      assertThat(session.read()).startsWith("WELCOME:");
      session.say(peer.chat("a\\n"));
      assertThat(one.log().awaitTexts(1)).containsExactly("a\n");
    }
  }

  @Test
  void aNodeOfYesterdayGetsAndGivesPlainForms() {
    try (BarePeer peer = BarePeer.open()) {
      List<String> texts = List.of("1", " a\r\n\\b\n ", "2", "C:\\x", "{\u2028}", "3");
      texts.forEach(text -> one.node().send(peer.address(), text));
      BareSession session = peer.acceptAndWelcome(SID, 0).connection();
      List<String> plain = List.of("1", "a\u2028\\b", "2", "C:\\x", "{\u2028}", "3");
      plain.forEach(text -> assertThat(session.read()).isEqualTo(one.line(text)));
      session.say(peer.chat(" \\n\u2028\\exit "));
      assertThat(one.log().awaitTexts(1)).containsExactly("\\n\n\\exit");
    }
  }

  @Test
  void linesOfALostSessionTakeTheFormOfTheNextPeer() {
    try (BarePeer peer = BarePeer.open(BarePeer.HIGHEST)) {
      one.node().send(peer.address(), " a\\ ");
      BareSession first = peer.acceptAndGreet();
      first.read();
      first.say(peer.welcome(SID, 0) + "|EXACT:1");
      assertThat(first.read()).isEqualTo(one.line(" a\\\\ "));
      first.reset();
      peer.restart(BarePeer.LOWEST);
      BareSession second = peer.acceptAndWelcome("b".repeat(13), 0).connection();
      assertThat(second.read()).isEqualTo(one.line("a\\"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"exit", " Connection message\n"})
  void aReservedTextIsNoMessageToANodeOfYesterday(String text) {
    try (BarePeer peer = BarePeer.open()) {
      List<CompletableFuture<Delivery>> before =
          List.of(
              one.node().send(peer.address(), "a"),
              one.node().sendText(peer.address(), text),
              one.node().send(peer.address(), "b"));
      BareSession session = peer.acceptAndWelcome(SID, 0).connection();
      assertThat(session.read()).isEqualTo(one.line("a"));
      session.say("ACK:1");
      assertThat(session.read()).isEqualTo(one.line("b"));
      session.say("ACK:2");
      result(before.get(0));
      assertThat(failure(before.get(1)))
          .isInstanceOf(ReservedTextException.class)
          .hasMessageContaining(peer.address().toString());
      result(before.get(2));
      assertThat(failure(one.node().sendText(peer.address(), text)))
          .isInstanceOf(ReservedTextException.class);
    }
  }

  @Test
  void aReservedTextIsNoMessageToAPlainProgram() throws IOException {
    try (OneReadPeer peer = new OneReadPeer("Python")) {
      List<CompletableFuture<Delivery>> sent =
          List.of(
              one.node().sendText(peer.address(), "exit"),
              one.node().sendText(peer.address(), " a\n\\b "),
              one.node().sendText(peer.address(), " EXIT "),
              one.node().sendText(peer.address(), "c"));
      assertThat(failure(sent.get(0))).isInstanceOf(ReservedTextException.class);
      assertThat(result(sent.get(1))).isEqualTo(Delivery.WRITTEN);
      assertThat(failure(sent.get(2))).isInstanceOf(ReservedTextException.class);
      assertThat(result(sent.get(3))).isEqualTo(Delivery.WRITTEN);
      assertThat(peer.received()).containsExactly(one.line("a\u2028\\b"), one.line("c"));
    }
  }

  @Test
  void theLimitsHoldForTheFormThatIsSent() {
    try (BarePeer peer = BarePeer.open().limit(512)) {
      int header = one.line("").length();
      String fits = "x".repeat(512 - 1 - header);
      String halves = "\\".repeat((512 - 1 - header) / 2 + 1);
      CompletableFuture<Delivery> tooLong = one.node().send(peer.address(), halves);
      BareSession session = peer.acceptAndGreet();
      session.read();
      session.say(peer.welcome(SID, 0) + "|EXACT:1");
      assertThat(failure(tooLong)).isInstanceOf(MessageTooLargeException.class);
      assertThat(failure(one.node().send(peer.address(), halves)))
          .isInstanceOf(MessageTooLargeException.class);
      one.node().send(peer.address(), fits);
      assertThat(session.read()).isEqualTo(one.line(fits));
    }
  }

  @Test
  void aPlainFormMayFitWhereTheExactOneDoesNot() {
    try (BarePeer peer = BarePeer.open().limit(512)) {
      int header = one.line("").length();
      String longer = "\\".repeat(512 - 1 - header);
      String breaks = "\n ".repeat((512 - 1 - header) / 4) + ".".repeat(10);
      one.node().send(peer.address(), longer);
      CompletableFuture<Delivery> tooLong = one.node().send(peer.address(), "." + breaks);
      BareSession session = peer.acceptAndWelcome(SID, 0).connection();
      assertThat(session.read()).isEqualTo(one.line(longer));
      session.say("ACK:1");
      assertThat(failure(tooLong)).isInstanceOf(MessageTooLargeException.class);
      one.node().send(peer.address(), longer);
      assertThat(session.read()).isEqualTo(one.line(longer));
    }
  }

  @Test
  void theLongerFormCountsForTheFramesOfThisNode() {
    try (TestNode small =
        TestNode.start("Small", NodeSettings.builder().maxFrameBytes(1024).build())) {
      assertThat(failure(small.send(one, "\\".repeat(600))))
          .isInstanceOf(MessageTooLargeException.class)
          .hasMessageContaining("1024");
      assertThat(failure(small.send(one, "a" + "\n".repeat(400) + "b")))
          .isInstanceOf(MessageTooLargeException.class);
    }
  }

  @Test
  void halfOfASurrogatePairIsRefused() {
    try (TestNode two = TestNode.start("Two")) {
      for (CompletableFuture<?> sent :
          List.of(
              one.node().send(two.address(), "a\ud83d"),
              one.node().sendText(two.address(), "a\ud83d"),
              one.node().broadcast("a\ud83d"))) {
        assertThat(failure(sent))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("U+D83D at index 1");
      }
    }
  }

  @Test
  void reservedTextsCanBeTold() {
    assertThat(List.of("exit", " EXIT\n", "connection message", "Manual Connection message"))
        .allMatch(PeerNode::isReserved);
    assertThat(List.of("", "exit!", "\\exit", "connection  message"))
        .noneMatch(PeerNode::isReserved);
  }
}
