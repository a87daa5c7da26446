package io.p2pchat.node;

import static io.p2pchat.testing.Eventually.until;
import static io.p2pchat.testing.peers.BareConnection.dial;
import static io.p2pchat.testing.peers.BareConnection.line;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.NodeSettings;
import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerEvent;
import io.p2pchat.PeerEvent.ProtocolViolation;
import io.p2pchat.internal.event.EventDispatcher;
import io.p2pchat.internal.event.OwnSendsWindow;
import io.p2pchat.testing.peers.BareConnection;
import io.p2pchat.testing.peers.BareSession;
import io.p2pchat.testing.peers.BareTls;
import io.p2pchat.testing.peers.TestNode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** What peers say never gets into the log, and they cannot fill it. */
@Isolated("it counts what all nodes of this JVM log")
class HostileTextInLogTest {
  private static final String FORGED = "\u2028[main] ERROR forged\r\u001b[2J\u0085forged\u202e";
  private static final Peer PEER = Peer.builder(new PeerAddress("10.0.0.1", 7001)).build();
  private static final int ATTEMPTS = 300;
  private static final int KINDS_OF_LINES = 3;

  private final PrintStream before = System.err;
  private final ByteArrayOutputStream log = new ByteArrayOutputStream();

  @BeforeEach
  void capture() {
    System.setErr(new PrintStream(log, true, UTF_8));
  }

  @AfterEach
  void restore() {
    System.setErr(before);
  }

  @Test
  void holdsNothingOfWhatPeersSay() {
    String id = "a".repeat(26);
    String end = "|LIMIT:65536|LISTENING_PORT:1000|TEAM_NAME:";
    try (TestNode node = TestNode.start("One")) {
      for (String text :
          List.of(
              line(1000, "A", FORGED),
              line(1000, FORGED, "x"),
              "LISTENING_PORT:" + FORGED,
              FORGED,
              "HELLO:1|NODE:" + id + end + FORGED,
              "HELLO:" + FORGED,
              "HELLO:1|NODE:" + FORGED + end + "A",
              "HELLO:1|NODE:" + id + end + "A\nACK:" + FORGED,
              "HELLO:1|NODE:" + id + end + "A\nPING:" + FORGED,
              "HELLO:1|NODE:" + id + end + "A\nBYE:" + FORGED,
              "HELLO:1|NODE:" + id + end + "A\nWELCOME:" + FORGED,
              "HELLO:1|NODE:" + id + end + "A\n" + FORGED + ":1",
              "HELLO:1|NODE:" + id + end + "A\n" + line(1000, FORGED, FORGED))) {
        try (BareSession connection = BareSession.dial(node.port())) {
          connection.say(text).endOutput().readToEnd();
        }
      }
      node.log().awaitTexts(4);
    }
    assertThat(log.toString(UTF_8)).doesNotContain("forged", "\u001b", "\u2028", "\u202e");
  }

  @Test
  void takesFewLinesWhateverPeersDo() {
    long start = System.nanoTime();
    NodeSettings few = NodeSettings.builder().maxConnectionsPerIp(4).build();
    try (TestNode node =
        TestNode.start("One", builder -> builder.settings(few).onMessage(m -> fail()))) {
      for (int i = 0; i < ATTEMPTS; i++) {
        dial("127.0.0.2", "127.0.0.1", node.port()).write("LISTENING_PORT:").reset();
        try (BareConnection connection = dial("127.0.0.3", "127.0.0.1", node.port())) {
          connection.write("a\nb\n").endOutput().readToEnd();
        }
        try (BareSession connection = BareSession.dial(node.port()).say("HELLO:x")) {
          connection.endOutput().readToEnd();
        }
      }
      until("all lines", () -> node.node().metrics().messagesReceived() >= 2 * ATTEMPTS);
      until("an idle listener", () -> node.node().metrics().inboundBytes() == 0);
    }
    assertFewLines(start);
  }

  /** Whether their handshakes wait to be computed, or fail, when they give way or are closed. */
  @Test
  void takesFewLinesWhateverPeersDoWithTls() {
    long start = System.nanoTime();
    NodeSettings few = NodeSettings.builder().maxConnectionsPerIp(4).build();
    byte[] hello = BareTls.clientHello();
    // What follows it is no record.
    byte[] broken = Arrays.copyOf(hello, hello.length + 100);
    try (TestNode node = TestNode.start("One", few)) {
      List<BareSession> left = new ArrayList<>();
      for (int i = 0; i < ATTEMPTS; i++) {
        dialAndWrite("127.0.0." + (2 + i % 3), node, hello, left::add);
        dialAndWrite("127.0.0.5", node, hello, BareSession::reset);
        dialAndWrite("127.0.0.6", node, broken, BareSession::reset);
      }
      left.forEach(BareSession::close);
      until("nobody left", () -> node.node().metrics().plainConnections() == 0);
    }
    assertFewLines(start);
  }

  @Test
  void takesOneLineForAnExecutorThatRejectsAgainAndAgain() {
    Queue<Runnable> retries = new ArrayDeque<>();
    EventDispatcher dispatcher =
        new EventDispatcher(
            List.of(),
            (event, failure) -> {},
            task -> {
              throw new RejectedExecutionException("on purpose");
            },
            retries::add,
            1000,
            1000);
    PeerEvent event = ProtocolViolation.of(PEER, "x", Instant.EPOCH);
    dispatcher.publish(event, new OwnSendsWindow(Runnable::run), 1);
    for (int i = 0; i < ATTEMPTS; i++) {
      retries.remove().run();
    }
    assertThat(log.toString(UTF_8).lines().filter(l -> l.startsWith("["))).hasSize(1);
  }

  @Test
  void saysWhereANodeListensHowItEncryptsAndThatItIsClosed() {
    TestNode node = TestNode.start("One", builder -> builder.bindAddress("127.0.0.1"));
    String at = "127.0.0.1:" + node.port();
    node.close();
    List<String> lines = log.toString(UTF_8).lines().filter(l -> l.contains(at)).toList();
    assertThat(lines).hasSize(2).allMatch(line -> line.contains(" INFO "));
    assertThat(lines.get(0)).contains("OPPORTUNISTIC", "any");
    assertThat(lines.get(1)).endsWith("is closed");
  }

  /** A connection that the node refuses may already be reset when it is dialed or written to. */
  private static void dialAndWrite(
      String from, TestNode to, byte[] bytes, Consumer<BareSession> end) {
    BareSession connection;
    try {
      connection = BareSession.dial(from, to.port());
    } catch (UncheckedIOException e) {
      return;
    }
    try {
      connection.write(bytes);
    } catch (UncheckedIOException e) {
      // It was refused before.
    }
    end.accept(connection);
  }

  private void assertFewLines(long start) {
    long seconds = Duration.ofNanos(System.nanoTime() - start).toSeconds();
    List<String> lines = log.toString(UTF_8).lines().filter(l -> l.startsWith("[")).toList();
    assertThat(lines).isNotEmpty();
    assertThat(lines).hasSizeLessThanOrEqualTo((int) (KINDS_OF_LINES * (seconds + 2)));
  }

  private static void fail() {
    throw new IllegalStateException("on purpose");
  }
}
