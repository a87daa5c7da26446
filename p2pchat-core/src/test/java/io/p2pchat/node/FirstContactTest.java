package io.p2pchat.node;

import static io.p2pchat.testing.Eventually.result;
import static io.p2pchat.testing.Eventually.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.NodeSettings;
import io.p2pchat.testing.peers.BarePeer;
import io.p2pchat.testing.peers.BareSession;
import io.p2pchat.testing.peers.Gate;
import io.p2pchat.testing.peers.TestNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How an accepted connection finds out what the other end speaks (PROTOCOL.md section 3). */
class FirstContactTest {
  private static final Duration NEVER = Duration.ofHours(1);
  private static final Duration AT_ONCE = Duration.ofMillis(1);

  private static NodeSettings greetingAfter(Duration delay) {
    return NodeSettings.builder().greetingDelay(delay).build();
  }

  @Test
  void silentDialerIsGreetedWithExactlyOneLine() {
    try (TestNode node = TestNode.start("One", greetingAfter(AT_ONCE));
        BareSession first = BareSession.dial(node.port());
        BareSession second = BareSession.dial(node.port())) {
      assertThat(first.read()).matches("GREETING:1\\|TLS:offered\\|NODE:[a-z2-7]{26}");
      assertThat(second.read()).startsWith("GREETING:1|");
      assertThat(first.endOutput().readToEnd()).isEmpty();
      assertThat(second.endOutput().readToEnd()).isEmpty();
      assertThat(node.log().all()).isEmpty();
      assertThat(node.active()).isEmpty();
    }
  }

  @Test
  void nodeIsTheSameInGreetingAndWelcomeAndAnotherAtEachNode() {
    try (TestNode one = TestNode.start("One", greetingAfter(AT_ONCE));
        TestNode two = TestNode.start("Two", greetingAfter(AT_ONCE));
        BarePeer peer = BarePeer.open()) {
      BareSession toOne = peer.dial(one);
      String greeted = toOne.read();
      String welcomed = toOne.say(peer.hello()).read();
      String id = greeted.substring(greeted.indexOf("NODE:"));
      assertThat(welcomed).contains(id + "|").contains("|TEAM_NAME:One");
      assertThat(peer.dial(two).read()).startsWith("GREETING:").doesNotContain(id);
    }
  }

  @Test
  void nobodyIsGreetedBeforeTheDelay() {
    try (TestNode node = TestNode.start("One", greetingAfter(NEVER));
        BarePeer peer = BarePeer.open();
        BareSession silent = BareSession.dial(node.port())) {
      BareSession session = peer.open(node).connection();
      session.say(peer.chat("hi"));
      node.log().awaitTexts(1);
      assertThat(silent.isSilent()).isTrue();
      assertThat(silent.endOutput().readToEnd()).isEmpty();
    }
  }

  /** The event loop stands until the byte has come, and then everything is due at once. */
  @Test
  void dialerThatHasSaidAByteIsNotGreeted() {
    AtomicBoolean stands = new AtomicBoolean();
    CompletableFuture<Void> standing = new CompletableFuture<>();
    CompletableFuture<Void> goesOn = new CompletableFuture<>();
    Executor executor =
        task -> {
          new Thread(task).start();
          if (stands.getAndSet(false)) {
            standing.complete(null);
            goesOn.join();
          }
        };
    try (TestNode node =
            TestNode.start(
                "One", builder -> builder.settings(greetingAfter(AT_ONCE)).executor(executor));
        BareSession blocking = BareSession.dial(node.port())) {
      stands.set(true);
      blocking.say("block");
      result(standing);
      try (BareSession quick = BareSession.dial(node.port()).write("H")) {
        goesOn.complete(null);
        awaitGreeting(node);
        assertThat(quick.isSilent()).isTrue();
        quick.write("i");
        assertThat(quick.endOutput().readToEnd()).isEmpty();
      }
      assertThat(node.log().awaitTexts(2)).containsExactly("block", "Hi");
    } finally {
      goesOn.complete(null);
    }
  }

  @Test
  void greetingWaitsWhileTheConnectionIsNotRead() {
    NodeSettings settings =
        NodeSettings.builder().greetingDelay(AT_ONCE).inboundBytesPerSource(1024).build();
    Gate gate = new Gate();
    try (TestNode node =
            TestNode.start("One", builder -> builder.settings(settings).listener(gate));
        BareSession flood = BareSession.dial(node.port())) {
      flood.write("flood\n".repeat(20));
      until("a full window", () -> node.node().metrics().inboundBytes() >= 1024);
      try (BareSession unread = BareSession.dial(node.port())) {
        awaitGreeting(node);
        awaitGreeting(node);
        assertThat(unread.isSilent()).isTrue();
        gate.open();
        assertThat(unread.read()).startsWith("GREETING:");
      }
    } finally {
      gate.open();
    }
  }

  /** From another address, whose connections are read by themselves. */
  private static void awaitGreeting(TestNode node) {
    try (BareSession other = BareSession.dial("127.0.0.2", node.port())) {
      assertThat(other.read()).startsWith("GREETING:");
    }
  }

  @Test
  void helloOpensASessionWhereverItIsCut() {
    try (TestNode node = TestNode.start("One", greetingAfter(NEVER))) {
      for (int cut = 1; cut <= "HELLO:1".length(); cut++) {
        try (BarePeer peer = BarePeer.open();
            BareSession connection = BareSession.dial(node.port())) {
          writeCut(node, connection, peer.hello() + "\n", cut);
          assertThat(connection.read()).startsWith("WELCOME:1|");
          connection.say("BYE:closing");
          assertThat(connection.readToEnd()).isEmpty();
        }
      }
      assertThat(node.log().all()).isEmpty();
    }
  }

  @Test
  void helloOpensASessionAlsoWithoutAGreetingAndByteForByte() {
    try (TestNode node = TestNode.start("One", greetingAfter(NEVER));
        BarePeer peer = BarePeer.open()) {
      BareSession connection = peer.dial(node).writeByteForByte(peer.hello() + "\n");
      assertThat(connection.read()).startsWith("WELCOME:1|");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"HELicopter", "Hi", "HELLO", "HELLO world", "HELL", "\u00e9HELLO:"})
  void otherTextIsALineOfLevelZeroWhereverItIsCut(String text) {
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    try (TestNode node = TestNode.start("One", greetingAfter(NEVER))) {
      for (int cut = 1; cut <= bytes; cut++) {
        try (BareSession connection = BareSession.dial(node.port())) {
          writeCut(node, connection, text + "\n", cut);
          assertThat(node.log().awaitTexts(cut)).hasSize(cut).containsOnly(text);
          assertThat(connection.endOutput().readToEnd()).isEmpty();
        }
      }
      assertThat(node.log().messages()).allMatch(message -> message.raw());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"H", "HEL", "HELLO"})
  void beginningOfHelloThatEndsIsALineOfLevelZero(String text) {
    try (TestNode node = TestNode.start("One", greetingAfter(NEVER));
        BareSession connection = BareSession.dial(node.port()).write(text).endOutput()) {
      assertThat(connection.readToEnd()).isEmpty();
      assertThat(node.log().awaitTexts(1)).containsExactly(text);
    }
  }

  @Test
  void beginningOfHelloThatGoesOnNeverIsClosed() {
    NodeSettings settings =
        NodeSettings.builder().greetingDelay(NEVER).firstFrameTimeout(AT_ONCE).build();
    try (TestNode node = TestNode.start("One", settings);
        BareSession prefix = BareSession.dial(node.port()).write("HEL");
        BareSession half = BareSession.dial(node.port()).write("HELLO:1|NODE:")) {
      assertThat(prefix.readToEnd()).isEmpty();
      assertThat(half.readToEnd()).isEmpty();
      assertThat(node.log().all()).isEmpty();
    }
  }

  @Test
  void probeIsNoEvent() {
    try (TestNode node = TestNode.start("One", greetingAfter(AT_ONCE));
        BareSession greeted = BareSession.dial(node.port())) {
      BareSession.dial(node.port()).close();
      BareSession.dial(node.port()).reset();
      assertThat(greeted.read()).startsWith("GREETING:");
      greeted.reset();
      awaitGreeting(node);
      until("no connection", () -> node.node().metrics().plainConnections() == 0);
      assertThat(node.log().all()).isEmpty();
      assertThat(node.active()).isEmpty();
      assertThat(node.node().metrics().violations()).isZero();
    }
  }

  @Test
  void dialerThatSpeaksLevelZeroAfterAGreetingIsHeard() {
    try (TestNode node = TestNode.start("One", greetingAfter(AT_ONCE));
        BarePeer peer = BarePeer.open()) {
      BareSession connection = peer.dial(node);
      assertThat(connection.read()).startsWith("GREETING:");
      connection.write(peer.chat("late")).endOutput();
      assertThat(connection.readToEnd()).isEmpty();
      assertThat(node.log().awaitTexts(1)).containsExactly("late");
      assertThat(node.active()).containsExactly(peer.address());
    }
  }

  private static void writeCut(TestNode node, BareSession to, String text, int cut) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    long before = node.node().metrics().bytesReceived();
    to.write(Arrays.copyOf(bytes, cut));
    until("the first part", () -> node.node().metrics().bytesReceived() - before == cut);
    to.write(Arrays.copyOfRange(bytes, cut, bytes.length));
  }
}
