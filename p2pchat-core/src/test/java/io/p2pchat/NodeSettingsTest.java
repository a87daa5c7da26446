package io.p2pchat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class NodeSettingsTest {
  @Test
  void theDefaultsAreThoseOfTheSpecification() {
    NodeSettings defaults = NodeSettings.DEFAULTS;
    assertThat(defaults.maxFrameBytes()).isEqualTo(64 * 1024);
    assertThat(defaults.quietPeriod()).isEqualTo(Duration.ofMillis(300));
    assertThat(defaults.firstFrameTimeout()).isEqualTo(Duration.ofSeconds(10));
    assertThat(defaults.connectTimeout()).isEqualTo(Duration.ofSeconds(5));
    assertThat(defaults.peerCloseTimeout()).isEqualTo(Duration.ofSeconds(1));
    assertThat(defaults.outboundBytesPerPeer()).isEqualTo(8 * 1024 * 1024);
    assertThat(defaults.outboundLinesPerPeer()).isEqualTo(65_536);
    assertThat(defaults.inboundBytesPerSource()).isEqualTo(1024 * 1024);
    assertThat(defaults.inboundBytesInAll()).isEqualTo(16 * 1024 * 1024);
    assertThat(defaults.maxConnections()).isEqualTo(16_384);
    assertThat(defaults.maxConnectionsPerIp()).isEqualTo(256);
    assertThat(defaults.maxActivePeers()).isEqualTo(65_536);
  }

  @Test
  void aValueOutOfItsRangeIsRefusedByNameWithTheRange() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> NodeSettings.builder().maxConnections(3).build())
        .withMessage("maxConnections is 3; accepted are 4 to 1000000");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> NodeSettings.builder().quietPeriod(Duration.ZERO).build())
        .withMessageContaining("quietPeriod is PT0S")
        .withMessageContaining("1 millisecond to 1 day");
  }

  @Test
  void aBuilderRefusesWhatNoNodeCanHave() {
    assertThatIllegalStateException()
        .isThrownBy(() -> PeerNode.builder().start())
        .withMessageContaining("team name");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PeerNode.builder().teamName("a|b"))
        .withMessageContaining("|");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PeerNode.builder().port(65_536))
        .withMessageContaining("65536");
  }
}
