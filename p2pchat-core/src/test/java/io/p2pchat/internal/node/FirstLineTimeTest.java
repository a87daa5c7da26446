package io.p2pchat.internal.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.NodeSettings;
import io.p2pchat.testing.netty.MemoryChannel;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How long the first line of a connection may take, in virtual time (PROTOCOL.md section 6). */
class FirstLineTimeTest {
  private static final String REST =
      "1|NODE:" + "a".repeat(26) + "|LIMIT:65536|LISTENING_PORT:7001|TEAM_NAME:One";

  @ParameterizedTest
  @CsvSource({"HELLO:, 1", "HELLO:, 1900", "HELLO:, 9000", "LISTENING_PORT:, 1900"})
  void bytesThatComeOneByOneDoNotProlongIt(String first, int millis) {
    MemoryNode node = new MemoryNode(NodeSettings.DEFAULTS);
    MemoryChannel channel = node.net.accept(MemoryNode.at(2, 50_000));
    node.net.turn();
    long begun = node.net.loop.now();
    int sent = 0;
    for (byte each : (first + REST.repeat(200)).getBytes(UTF_8)) {
      if (channel.isOpen()) {
        channel.arrive(new byte[] {each});
        node.net.turn();
        node.net.loop.pass(millis);
        sent++;
      }
    }
    assertThat(channel.isOpen()).isFalse();
    assertThat(sent).isGreaterThan(1);
    assertThat(node.net.loop.now() - begun)
        .isBetween(Duration.ofSeconds(10).toNanos(), Duration.ofMillis(10_000 + millis).toNanos());
  }
}
