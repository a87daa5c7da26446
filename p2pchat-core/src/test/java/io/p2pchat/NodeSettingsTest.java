package io.p2pchat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

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
    assertThat(defaults.maxHandshakesPerIp()).isEqualTo(64);
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

  private static Stream<Method> setters() {
    return Stream.of(NodeSettings.Builder.class.getMethods())
        .filter(method -> method.getReturnType() == NodeSettings.Builder.class);
  }

  @ParameterizedTest
  @MethodSource("setters")
  void aSettingIsKeptInTheSettingsAndByTheirBuilder(Method setter)
      throws ReflectiveOperationException {
    Object value = isTime(setter) ? Duration.ofMillis(4321) : (Object) 4321;
    NodeSettings.Builder builder = NodeSettings.builder();
    assertThat(setter.invoke(builder, value)).isSameAs(builder);
    NodeSettings settings = builder.build();
    setter.invoke(builder, isTime(setter) ? Duration.ofMillis(5432) : (Object) 5432);
    NodeSettings copy = settings.toBuilder().build();
    for (Method each : setters().toList()) {
      Method accessor = NodeSettings.class.getMethod(each.getName());
      Object expected = each.equals(setter) ? value : accessor.invoke(NodeSettings.DEFAULTS);
      assertThat(accessor.invoke(settings)).isEqualTo(expected);
      assertThat(accessor.invoke(copy)).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @MethodSource("setters")
  void aSetterRefusesWhatIsOutOfItsRangeAtOnce(Method setter) {
    List<Object> values =
        isTime(setter)
            ? List.of(Duration.ZERO, Duration.ofNanos(999_999), Duration.ofDays(1).plusNanos(1))
            : List.of(-1, Integer.MIN_VALUE);
    assertThat(values)
        .allSatisfy(
            value ->
                assertThatThrownBy(() -> setter.invoke(NodeSettings.builder(), value))
                    .cause()
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith(setter.getName() + " is " + value + "; accepted are "));
  }

  @Test
  void theRangesAreThese() {
    assertThat(ranges())
        .containsExactlyInAnyOrder(
            "maxFrameBytes 512 to 1000000000",
            "keptBytesInAll 1024 to 2147483647",
            "outboundBytesPerPeer 1024 to 2147483647",
            "outboundLinesPerPeer 1 to 2147483647",
            "inboundBytesPerSource 1024 to 2147483647",
            "inboundBytesInAll 1024 to 2147483647",
            "maxConnections 4 to 1000000",
            "maxConnectionsPerIp 4 to 1000000",
            "maxHandshakesPerIp 1 to 1000000",
            "maxDialedConnections 1 to 1000000",
            "maxDialedConnectionsPerHost 1 to 1000000",
            "maxActivePeers 1 to 10000000",
            "maxPeersPerHost 1 to 10000000",
            "outboundBytesInAll 1024 to 2147483647",
            "maxLinesPerSecond 0 to 1000000000");
  }

  private static List<String> ranges() {
    return setters()
        .filter(setter -> !isTime(setter))
        .map(
            setter -> {
              Throwable refusal = catchThrowable(() -> setter.invoke(NodeSettings.builder(), -1));
              return String.valueOf(Objects.requireNonNull(refusal.getCause()).getMessage())
                  .replace(" is -1; accepted are", "");
            })
        .toList();
  }

  private static boolean isTime(Method setter) {
    return setter.getParameterTypes()[0] == Duration.class;
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

  @Test
  void areEqualByTheirValuesAndPrintThem() {
    assertThat(NodeSettings.builder().build())
        .isEqualTo(NodeSettings.DEFAULTS)
        .hasSameHashCodeAs(NodeSettings.DEFAULTS)
        .isNotEqualTo(NodeSettings.builder().maxFrameBytes(1024).build());
    assertThat(NodeSettings.DEFAULTS.toString())
        .startsWith("NodeSettings[maxFrameBytes=65536, quietPeriod=PT0.3S, ")
        .endsWith("maxLinesPerSecond=0]");
  }
}
