package io.p2pchat.node;

import static io.p2pchat.testing.Eventually.eventually;
import static io.p2pchat.testing.peers.BareConnection.dial;
import static io.p2pchat.testing.peers.BareConnection.line;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.Peer;
import io.p2pchat.PeerEvent.ProtocolViolation;
import io.p2pchat.testing.peers.BareConnection;
import io.p2pchat.testing.peers.TestNode;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whatever a peer does, the next message is served. */
class HostilePeersTest {
  private final List<BareConnection> connections = new ArrayList<>();
  private TestNode node;

  @BeforeEach
  void start() {
    node =
        TestNode.start(
            "One",
            TestNode.notGreeting()
                .firstFrameTimeout(Duration.ofMinutes(10))
                .quietPeriod(Duration.ofHours(1))
                .build());
  }

  @AfterEach
  void stop() {
    node.close();
    connections.forEach(BareConnection::close);
  }

  @Test
  void twoHundredStalledConnections() {
    for (int i = 0; i < 200; i++) {
      connections.add(dial("127.0.0." + (2 + i % 2), "127.0.0.1", node.port()));
      if (i % 4 < 2) {
        connections.get(i).write("LISTENING_PORT:1000|TEAM_NAM");
      }
    }
    assertServed();
    assertThat(connections).noneMatch(BareConnection::isEnded);
    assertThat(node.log().texts()).containsExactly("the next message");
  }

  @Test
  void twoHundredConnectionsOfRandomBytes() {
    Random random = new Random(20240607);
    for (int i = 0; i < 200; i++) {
      byte[] bytes = new byte[1 + random.nextInt(5000)];
      random.nextBytes(bytes);
      try (BareConnection connection = dial("127.0.0.2", "127.0.0.1", node.port())) {
        connection.write(bytes).endOutput();
        assertThat(connection.readToEnd()).isEmpty();
      }
    }
    assertServed();
    assertThat(node.log().messages()).hasSizeGreaterThanOrEqualTo(201);
    assertThat(node.log().of(ProtocolViolation.class)).isEmpty();
    assertThat(node.active()).hasSize(1);
  }

  @Test
  void randomChangesToAChatLine() {
    Random random = new Random(7);
    for (int i = 0; i < 200; i++) {
      byte[] bytes = line(1000, "A", "text").getBytes(StandardCharsets.UTF_8);
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      try (BareConnection connection = dial("127.0.0.2", "127.0.0.1", node.port())) {
        assertThat(connection.write(bytes).endOutput().readToEnd()).isEmpty();
      }
    }
    assertServed();
    assertThat(node.log().messages()).hasSizeGreaterThan(100);
  }

  @Test
  void fiftyResetsInMidFrame() {
    for (int i = 0; i < 50; i++) {
      BareConnection connection = dial(node.port());
      connection.write(line(1000, "A", "x").substring(0, 1 + i % 29)).reset();
    }
    assertServed();
    assertThat(node.log().texts()).containsExactly("the next message");
  }

  @Test
  void lineOf25MegabytesIsAViolationThatEndsItsConnectionOnly() {
    try (BareConnection other = dial(node.port())) {
      other.write("LISTENING_PORT:1001|TEAM_NAME:B|not dis");
      BareConnection endless = dial("127.0.0.2", "127.0.0.1", node.port());
      connections.add(endless);
      writeWhileItIsTaken(endless, 25);
      assertThat(endless.readToEnd()).isEmpty();
      ProtocolViolation violation = node.log().awaitFirst(ProtocolViolation.class);
      assertThat(violation.peer().address().host()).isEqualTo("127.0.0.2");
      assertThat(violation.peer().teamName()).isEqualTo(Peer.UNKNOWN_TEAM);
      assertThat(violation.peer().address().port()).isEqualTo(endless.localPort());
      assertThat(violation.description()).contains("65536");
      other.write("turbed").endOutput();
      assertThat(node.log().awaitTexts(1)).containsExactly("not disturbed");
    }
    assertServed();
    assertThat(node.log().of(ProtocolViolation.class)).hasSize(1);
  }

  @Test
  void longestLineIsTakenAndOneByteMoreIsAViolation() {
    String header = line(1000, "A", "");
    String text = "x".repeat(65_536 - 1 - header.length());
    try (BareConnection longest = dial(node.port());
        BareConnection longer = dial(node.port())) {
      longest.write(header + text + "\n");
      assertThat(node.log().awaitTexts(1)).containsExactly(text);
      longer.write(header + text + "y\n");
      assertThat(longer.readToEnd()).isEmpty();
      node.log().awaitFirst(ProtocolViolation.class);
    }
    assertServed();
  }

  @Test
  void messagesBeforeAViolationAreKept() {
    connections.add(dial(node.port()));
    writeWhileItIsTaken(connections.get(0).write(line(1000, "A", "before") + "\n"), 1);
    node.log().awaitFirst(ProtocolViolation.class);
    assertThat(node.log().kinds())
        .containsExactly("PeerActive", "MessageReceived", "ProtocolViolation");
  }

  @Test
  void whatFollowsAnExitIsDroppedThoughItIsTooLong() {
    node.close();
    node = TestNode.start("One", TestNode.notGreeting().maxFrameBytes(512).build());
    try (BareConnection connection = dial(node.port())) {
      connection.write(
          line(1000, "A", "hello") + "\n" + line(1000, "A", "exit") + "\n" + "x".repeat(600));
      assertThat(connection.readToEnd()).isEmpty();
    }
    assertServed();
    assertThat(node.log().of(ProtocolViolation.class)).isEmpty();
  }

  private static void writeWhileItIsTaken(BareConnection connection, int megabytes) {
    byte[] megabyte = new byte[1_000_000];
    Arrays.fill(megabyte, (byte) 'x');
    try {
      Stream.generate(() -> megabyte).limit(megabytes).forEach(connection::write);
    } catch (UncheckedIOException e) {
      assertThat(e).hasMessageMatching(".*(reset|Broken pipe|abort).*");
    }
  }

  private void assertServed() {
    try (BareConnection connection = dial(node.port())) {
      connection.write(line(2000, "Z", "the next message")).endOutput();
      assertThat(connection.readToEnd()).isEmpty();
    }
    eventually(() -> assertThat(node.log().texts()).endsWith("the next message"));
  }
}
