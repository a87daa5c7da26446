package io.p2pchat.node;

import static io.p2pchat.testing.Eventually.result;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.Delivery;
import io.p2pchat.NodeSettings;
import io.p2pchat.testing.peers.BarePeer;
import io.p2pchat.testing.peers.BareSession;
import io.p2pchat.testing.peers.TestNode;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The rate of one peer (PROTOCOL.md section 6). */
class LineRateTest {
  private static final int PER_SECOND = 50;
  private static final NodeSettings SLOW =
      NodeSettings.builder().maxLinesPerSecond(PER_SECOND).build();

  private static List<String> texts(int count) {
    return IntStream.range(0, count).mapToObj(i -> "text " + i).toList();
  }

  /** As many lines, each after the last was acknowledged, take at least this long. */
  private static Duration least(int lines) {
    return Duration.ofSeconds(1).multipliedBy(lines - 1).dividedBy(PER_SECOND);
  }

  @Test
  void sessionIsSlowedAndNothingIsLost() {
    try (TestNode slow = TestNode.start("Slow", SLOW);
        TestNode fast = TestNode.start("Fast")) {
      long begun = System.nanoTime();
      for (String text : texts(20)) {
        assertThat(result(fast.send(slow, text))).isEqualTo(Delivery.ACKNOWLEDGED);
      }
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThanOrEqualTo(least(20));
      assertThat(slow.log().texts()).isEqualTo(texts(20));
    }
  }

  @Test
  void hostAtLevelZeroIsSlowedAndNothingIsLost() {
    try (TestNode slow = TestNode.start("Slow", SLOW);
        BarePeer peer = BarePeer.open()) {
      long begun = System.nanoTime();
      for (String text : texts(20)) {
        peer.dial(slow).say(peer.chat(text)).endOutput();
      }
      assertThat(slow.log().awaitTexts(20)).isEqualTo(texts(20));
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThanOrEqualTo(least(20));
    }
  }

  /** What is slowed is not silent: the connection stays, however long the wait is. */
  @Test
  void slowedConnectionIsNotTakenForDead() {
    NodeSettings impatient =
        NodeSettings.builder()
            .maxLinesPerSecond(PER_SECOND)
            .silenceTimeout(Duration.ofMillis(30))
            .greetingDelay(Duration.ofHours(1))
            .build();
    try (TestNode slow = TestNode.start("Slow", impatient);
        BarePeer peer = BarePeer.open()) {
      BareSession session = peer.open(slow).connection();
      StringBuilder burst = new StringBuilder();
      texts(20).forEach(text -> burst.append(peer.chat(text)).append('\n'));
      session.write(burst.toString()).readTo("ACK:20");
      assertThat(session.roundTrip()).isEmpty();
      assertThat(slow.log().texts()).isEqualTo(texts(20));
    }
  }
}
