package io.p2pchat.node;

import static io.p2pchat.testing.Eventually.result;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.Delivery;
import io.p2pchat.NodeSettings;
import io.p2pchat.testing.faultproxy.FaultProxy;
import io.p2pchat.testing.faultproxy.FaultProxy.Direction;
import io.p2pchat.testing.peers.TestNode;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A first contact that is cut after its first byte is tried again (PROTOCOL.md section 3). */
class FirstContactCutTest {
  private static final NodeSettings PATIENT =
      NodeSettings.builder()
          .redialDelay(Duration.ofMillis(2))
          .greetingDelay(Duration.ofMillis(1))
          .connectTimeout(Duration.ofMinutes(1))
          .build();

  private static final int GREETING_BYTES = 64;

  /** How far apart the cuts are. With 1 they are at each byte. */
  private static final int STEP = Integer.getInteger("p2pchat.cutStep", 61);

  @ParameterizedTest
  @CsvSource({"TO_DIALER, true", "TO_DIALER, false", "TO_ACCEPTOR, true", "TO_ACCEPTOR, false"})
  void messageArrivesWhereverTheConnectionIsCut(Direction direction, boolean reset)
      throws IOException {
    boolean cut = true;
    for (int bytes = 1; cut; bytes += bytes < GREETING_BYTES ? Math.min(9, STEP) : STEP) {
      try (TestNode one = TestNode.start("One", PATIENT);
          TestNode two = TestNode.start("Two", PATIENT);
          FaultProxy wire = FaultProxy.to(two.port())) {
        if (reset) {
          wire.cutAfter(direction, bytes);
        } else {
          wire.endAfter(direction, bytes);
        }
        assertThat(result(one.node().send(wire.address(), "hi")))
            .as("cut after %d bytes", bytes)
            .isEqualTo(Delivery.ACKNOWLEDGED);
        assertThat(two.log().texts()).containsExactly("hi");
        cut = wire.cuts() > 0;
      }
    }
  }
}
