package io.p2pchat.node;

import static io.p2pchat.testing.Eventually.result;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.Delivery;
import io.p2pchat.NodeSettings;
import io.p2pchat.testing.faultproxy.FaultProxy;
import io.p2pchat.testing.peers.TestNode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A link on which one line takes longer than a silent connection lives. */
class SlowLinkTest {
  private static final NodeSettings SHORT_SILENCE =
      NodeSettings.builder().silenceTimeout(Duration.ofMillis(600)).build();

  @Test
  void longLineArrivesThoughTheAnswerToAPingMustWaitBehindIt() throws IOException {
    String text = "x".repeat(60_000);
    try (TestNode one = TestNode.start("One", SHORT_SILENCE);
        TestNode two = TestNode.start("Two", SHORT_SILENCE);
        FaultProxy proxy = FaultProxy.to(two.port())) {
      proxy.slow(20_000);
      assertThat(result(one.node().send(proxy.address(), text))).isEqualTo(Delivery.ACKNOWLEDGED);
      assertThat(two.log().awaitTexts(1)).isEqualTo(List.of(text));
    }
  }
}
