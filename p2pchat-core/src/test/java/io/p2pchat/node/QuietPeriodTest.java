package io.p2pchat.node;

import static io.p2pchat.testing.Eventually.until;
import static io.p2pchat.testing.peers.BareConnection.dial;
import static io.p2pchat.testing.peers.BareConnection.line;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.NodeSettings;
import io.p2pchat.testing.peers.BareConnection;
import io.p2pchat.testing.peers.TestNode;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a quiet period ends, and what it does not: that ends with the stream, in one piece. */
class QuietPeriodTest {
  private TestNode node;

  @BeforeEach
  void start() {
    node = TestNode.start("One", NodeSettings.builder().quietPeriod(Duration.ofMillis(20)).build());
  }

  @AfterEach
  void stop() {
    node.close();
  }

  @Test
  void endsAChatLine() {
    try (BareConnection connection = dial(node.port())) {
      connection.write(line(1000, "A", "quiet"));
      assertThat(node.log().awaitTexts(1)).containsExactly("quiet");
    }
  }

  @Test
  void doesNotEndWhatHasNoWholeHeader() {
    try (BareConnection connection = dial(node.port())) {
      connection.write("LISTENING_PORT:1000|TEAM_NAME:A");
      awaitAQuietPeriod();
      connection.write("|late\n");
      assertThat(node.log().awaitTexts(2)).containsExactly("marker", "late");
    }
  }

  @Test
  void doesNotEndMoreThan1024Bytes() {
    String text = "x".repeat(1024);
    try (BareConnection connection = dial(node.port())) {
      connection.write(line(1000, "A", text));
      awaitAQuietPeriod();
      connection.write("y").endOutput();
      assertThat(node.log().awaitTexts(2)).containsExactly("marker", text + "y");
    }
  }

  @Test
  void doesNotEndALineWhereALineEndWasSeen() {
    try (BareConnection connection = dial(node.port())) {
      connection.write(line(1000, "A", "ended") + "\n" + line(1000, "A", "not "));
      awaitAQuietPeriod();
      connection.write("ended").endOutput();
      assertThat(node.log().awaitTexts(3)).containsExactly("ended", "marker", "not ended");
    }
  }

  /** A line that was written later has been ended by a quiet period. */
  private void awaitAQuietPeriod() {
    try (BareConnection later = dial(node.port())) {
      later.write(line(1001, "B", "marker"));
      until("the marker", () -> node.log().texts().contains("marker"));
    }
  }
}
