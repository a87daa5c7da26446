package io.p2pchat.node;

import static io.p2pchat.testing.peers.BareConnection.dial;
import static io.p2pchat.testing.peers.BareConnection.line;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.NodeSettings;
import io.p2pchat.PeerEvent.MessageReceived;
import io.p2pchat.testing.peers.BareConnection;
import io.p2pchat.testing.peers.TestNode;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What ends a frame, on real sockets; nothing here is quiet for long enough to end one so. */
class FrameEndsTest {
  private static final NodeSettings NEVER_QUIET =
      TestNode.notGreeting().quietPeriod(Duration.ofHours(1)).build();

  private TestNode node;

  @BeforeEach
  void start() {
    node = TestNode.start("One", NEVER_QUIET);
  }

  @AfterEach
  void stop() {
    node.close();
  }

  @Test
  void differentLineEndsMayBeMixedOnOneConnection() {
    try (BareConnection connection = dial(node.port())) {
      connection.write(line(1000, "A", "lf") + "\n" + line(1000, "A", "crlf") + "\r\n");
      connection.write(line(1000, "A", "end of stream")).endOutput();
      assertThat(node.log().awaitTexts(3)).containsExactly("lf", "crlf", "end of stream");
      assertThat(connection.readToEnd()).isEmpty();
    }
    assertThat(node.log().messages()).noneMatch(MessageReceived::raw);
  }

  @Test
  void byteByByteIsHeardTheSame() {
    try (BareConnection connection = dial(node.port())) {
      connection.writeByteForByte(line(1000, "Ä", "grüße 🌍") + "\r\n" + line(1000, "Ä", "世界"));
      connection.endOutput();
      assertThat(node.log().awaitTexts(2)).containsExactly("grüße 🌍", "世界");
    }
  }

  @Test
  void manyFramesInOneSegmentAreHeardInOrder() {
    List<String> texts = IntStream.range(0, 500).mapToObj(i -> "m" + i).toList();
    StringBuilder lines = new StringBuilder();
    texts.forEach(text -> lines.append(line(1000, "A", text)).append('\n'));
    try (BareConnection connection = dial(node.port())) {
      connection.write(lines.toString());
      assertThat(node.log().awaitTexts(500)).isEqualTo(texts);
    }
  }

  @Test
  void resetEndsAChatLineThatWaits() {
    dial(node.port()).write(line(1000, "A", "before the reset")).reset();
    assertThat(node.log().awaitTexts(1)).containsExactly("before the reset");
  }

  @Test
  void resetDropsWhatIsNoChatLine() {
    BareConnection connection = dial(node.port());
    connection.write("LISTENING_PORT:1000|TEAM_NAME:A").reset();
    awaitAnotherMessage();
    assertThat(node.log().texts()).containsExactly("another");
  }

  @Test
  void connectionWithoutAByteIsNoEvent() {
    try (BareConnection probe = dial(node.port())) {
      assertThat(probe.endOutput().readToEnd()).isEmpty();
    }
    dial(node.port()).reset();
    awaitAnotherMessage();
    assertThat(node.log().kinds()).containsExactly("PeerActive", "MessageReceived");
  }

  @Test
  void whatIsNoChatLineIsRawAndMakesNoPeer() {
    try (BareConnection connection = dial(node.port())) {
      connection.write(
          "hello\nLISTENING_PORT:0|TEAM_NAME:A|x\nLISTENING_PORT:70000|TEAM_NAME:A|x\n");
      connection.write("LISTENING_PORT:1000|TEAM_NAME: |x\nEXIT\n  two  ").endOutput();
      assertThat(node.log().awaitTexts(6))
          .containsExactly(
              "hello",
              "LISTENING_PORT:0|TEAM_NAME:A|x",
              "LISTENING_PORT:70000|TEAM_NAME:A|x",
              "LISTENING_PORT:1000|TEAM_NAME: |x",
              "EXIT",
              "  two  ");
      assertThat(node.log().messages())
          .allMatch(MessageReceived::raw)
          .allMatch(message -> message.peer().teamName().equals("unknown_team"))
          .allMatch(message -> message.peer().address().port() == connection.localPort());
    }
    assertThat(node.active()).isEmpty();
    assertThat(node.log().kinds()).containsOnly("MessageReceived");
  }

  @Test
  void malformedUtf8IsReplaced() {
    try (BareConnection connection = dial(node.port())) {
      connection.write(line(1000, "A", "a")).write(new byte[] {(byte) 0xC3}).write("b\n");
      assertThat(node.log().awaitTexts(1)).containsExactly("a\uFFFDb");
    }
  }

  @Test
  void lineSeparatorsComeAsLineFeeds() {
    try (BareConnection connection = dial(node.port())) {
      connection.write(line(1000, "A", "one\u2028two") + "\n");
      assertThat(node.log().awaitTexts(1)).containsExactly("one\ntwo");
    }
  }

  private void awaitAnotherMessage() {
    try (BareConnection other = dial(node.port())) {
      other.write(line(1001, "B", "another")).endOutput().readToEnd();
    }
    node.log().awaitTexts(1);
  }
}
