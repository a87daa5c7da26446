package io.p2pchat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SendOptionsTest {
  @Test
  void messagesDoNotExpireByDefault() {
    assertThat(SendOptions.defaults().expiry()).isEmpty();
    assertThat(SendOptions.expireAfter(Duration.ofSeconds(1)).expiry())
        .contains(Duration.ofSeconds(1));
  }

  @Test
  void timesOutOfRangeAreRefused() {
    for (Duration time :
        new Duration[] {
          Duration.ZERO,
          Duration.ofNanos(999_999),
          Duration.ofSeconds(-1),
          Duration.ofDays(365).plusNanos(1),
          Duration.ofSeconds(Long.MAX_VALUE)
        }) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> SendOptions.expireAfter(time))
          .withMessageContaining("1 ms to 365 days")
          .withMessageContaining(time.toString());
    }
  }

  @Test
  void optionsWithTheSameValuesAreEqual() {
    SendOptions second = SendOptions.expireAfter(Duration.ofSeconds(1));
    assertThat(second)
        .isEqualTo(SendOptions.expireAfter(Duration.ofSeconds(1)))
        .hasSameHashCodeAs(SendOptions.expireAfter(Duration.ofSeconds(1)))
        .hasToString("SendOptions[expiry=PT1S, keptFor=PT168H]")
        .isNotEqualTo(SendOptions.defaults())
        .isNotEqualTo(null);
  }
}
