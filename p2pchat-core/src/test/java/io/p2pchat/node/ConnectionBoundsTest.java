package io.p2pchat.node;

import static io.p2pchat.testing.Eventually.until;
import static io.p2pchat.testing.peers.BareConnection.dial;
import static io.p2pchat.testing.peers.BareConnection.line;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.NodeSettings;
import io.p2pchat.testing.peers.BareConnection;
import io.p2pchat.testing.peers.Gate;
import io.p2pchat.testing.peers.TestNode;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The bounds on accepted connections, and on the time a first frame may take. */
class ConnectionBoundsTest {
  private final List<BareConnection> connections = new ArrayList<>();

  @AfterEach
  void close() {
    connections.forEach(BareConnection::close);
  }

  @Test
  void aboveThreeQuartersOfTheBoundPerAddressTheLongestSilentGivesWay() {
    NodeSettings settings =
        TestNode.notGreeting()
            .maxConnectionsPerIp(8)
            .firstFrameTimeout(Duration.ofMillis(1))
            .build();
    try (TestNode node = TestNode.start("One", settings)) {
      open(node, "127.0.0.2", 1);
      open(node, "127.0.0.1", 6);
      until("all are accepted", () -> node.node().metrics().plainConnections() == 7);
      speak(node, connections.get(1), "the first speaks");
      open(node, "127.0.0.1", 1);
      assertEnded(connections.get(2));
      open(node, "127.0.0.1", 1);
      assertEnded(connections.get(3));
      for (int alive : List.of(0, 1, 4, 5, 6, 7, 8)) {
        speak(node, connections.get(alive), "alive " + alive);
      }
    }
  }

  /** It may be about to open a session: it has not been greeted for long, or is in a handshake. */
  @Test
  void newSilentConnectionsDoNotGiveWayToOthersOfTheirAddress() {
    NodeSettings settings = TestNode.notGreeting().maxConnectionsPerIp(8).build();
    try (TestNode node = TestNode.start("One", settings)) {
      open(node, "127.0.0.1", 1);
      speak(node, connections.get(0), "level 0");
      open(node, "127.0.0.1", 6);
      assertEnded(connections.get(0));
      open(node, "127.0.0.1", 2);
      for (int i = 0; i < 3; i++) {
        assertClosedAtOnce(node);
      }
      for (int alive = 1; alive < 9; alive++) {
        speak(node, connections.get(alive), "alive " + alive);
      }
    }
  }

  @Test
  void aboveThreeQuartersOfTheBoundInAllTheLongestSilentGivesWay() {
    NodeSettings settings = TestNode.notGreeting().maxConnections(8).build();
    try (TestNode node = TestNode.start("One", settings)) {
      for (int i = 0; i < 8; i++) {
        open(node, "127.0.0." + (1 + i), 1);
      }
      assertEnded(connections.get(0));
      assertEnded(connections.get(1));
      for (int alive = 2; alive < 8; alive++) {
        speak(node, connections.get(alive), "alive " + alive);
      }
    }
  }

  @Test
  void atTheBoundANewOneIsClosedAtOnceIfNoneMayGiveWay() {
    Gate gate = new Gate();
    NodeSettings settings =
        TestNode.notGreeting().maxConnectionsPerIp(8).inboundBytesPerSource(1024).build();
    try (TestNode node =
        TestNode.start("One", builder -> builder.settings(settings).listener(gate))) {
      stopReading(node);
      open(node, "127.0.0.1", 7);
      for (int i = 0; i < 3; i++) {
        assertClosedAtOnce(node);
      }
      open(node, "127.0.0.2", 1);
      gate.open();
      for (int i = 0; i < connections.size(); i++) {
        speak(node, connections.get(i), "alive " + i);
      }
    } finally {
      gate.open();
    }
  }

  @Test
  void endedConnectionsDoNotCount() {
    NodeSettings settings = TestNode.notGreeting().maxConnectionsPerIp(4).maxConnections(4).build();
    try (TestNode node = TestNode.start("One", settings)) {
      open(node, "127.0.0.1", 1);
      for (int i = 0; i < 20; i++) {
        try (BareConnection other = dial(node.port())) {
          assertThat(other.write(line(1000, "A", "x")).endOutput().readToEnd()).isEmpty();
        }
      }
      speak(node, connections.get(0), "still here");
      assertThat(node.log().texts()).hasSize(21);
    }
  }

  @Test
  void firstFrameThatIsBegunAndNotEndedInTimeIsClosed() {
    NodeSettings settings =
        TestNode.notGreeting().firstFrameTimeout(Duration.ofMillis(100)).build();
    try (TestNode node = TestNode.start("One", settings)) {
      open(node, "127.0.0.1", 2);
      BareConnection silent = connections.get(0);
      BareConnection begun = connections.get(1).write("LISTENING_PORT:1000|TEAM");
      assertThat(begun.readToEnd()).isEmpty();
      assertThat(silent.isEnded()).isFalse();
      speak(node, silent, "a silent one may stay");
      assertThat(node.log().texts()).containsExactly("a silent one may stay");
    }
  }

  private void open(TestNode node, String from, int count) {
    for (int i = 0; i < count; i++) {
      connections.add(dial(from, "127.0.0.1", node.port()));
    }
  }

  /** One connection fills what may wait; what came later from elsewhere has been read already. */
  private void stopReading(TestNode node) {
    open(node, "127.0.0.1", 1);
    connections.get(0).write((line(1000, "A", "filler") + "\n").repeat(5));
    try (BareConnection elsewhere = dial("127.0.0.2", "127.0.0.1", node.port())) {
      elsewhere.write(line(1000, "B", "x")).endOutput();
      assertThat(elsewhere.readToEnd()).isEmpty();
    }
  }

  private static void speak(TestNode node, BareConnection connection, String text) {
    connection.write(line(1000, "A", text) + "\n");
    until(text, () -> node.log().texts().contains(text));
  }

  private static void assertClosedAtOnce(TestNode node) {
    try (BareConnection refused = dial(node.port())) {
      assertThat(refused.readToEnd()).isEmpty();
    } catch (UncheckedIOException e) {
      // So soon that it was not even seen as made.
      assertThat(e).hasMessageContaining("reset");
    }
  }

  private static void assertEnded(BareConnection connection) {
    assertThat(connection.readToEnd()).isEmpty();
  }
}
