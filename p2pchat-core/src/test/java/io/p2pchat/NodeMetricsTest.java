package io.p2pchat;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class NodeMetricsTest {
  private static Stream<Method> setters() {
    return Stream.of(NodeMetrics.Builder.class.getMethods())
        .filter(method -> method.getReturnType() == NodeMetrics.Builder.class);
  }

  @ParameterizedTest
  @MethodSource("setters")
  void eachNumberIsThatOfTheBuilderAndTheOthersAreNone(Method setter)
      throws ReflectiveOperationException {
    NodeMetrics.Builder builder = NodeMetrics.builder();
    setter.invoke(builder, 7L);
    NodeMetrics metrics = builder.build();
    setter.invoke(builder, 8L);
    for (Method each : setters().toList()) {
      assertThat(NodeMetrics.class.getMethod(each.getName()).invoke(metrics))
          .isEqualTo(each.equals(setter) ? 7L : 0L);
    }
  }

  @Test
  void thereAreAsManyNumbersAsABuilderSets() {
    assertThat(
            Stream.of(NodeMetrics.class.getMethods())
                .filter(method -> method.getReturnType() == long.class))
        .hasSameSizeAs(setters().toList());
  }

  @Test
  void isEqualByItsNumbersAndPrintsThem() {
    NodeMetrics two = NodeMetrics.builder().reconnects(2).build();
    assertThat(two)
        .isEqualTo(NodeMetrics.builder().reconnects(2).build())
        .hasSameHashCodeAs(NodeMetrics.builder().reconnects(2).build())
        .isNotEqualTo(NodeMetrics.builder().violations(2).build());
    assertThat(two.toString()).startsWith("NodeMetrics[messagesSent=0, ").endsWith("reconnects=2]");
  }
}
