package io.p2pchat.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Whether the machine was asleep. */
class ClockJumpTest {
  private final ClockJump clock = new ClockJump(5_000, 1_000_000, 0);

  private boolean look(long dayMillis, long processMillis) {
    return clock.look(dayMillis, TimeUnit.MILLISECONDS.toNanos(processMillis));
  }

  @Test
  void usualLooksAreNoJump() {
    assertThat(look(1_005_000, 5_000)).isFalse();
    assertThat(look(1_010_300, 10_250)).isFalse();
    assertThat(look(1_020_000, 20_000)).isFalse();
  }

  @Test
  void aClockOfTheDayThatIsAheadOrSetBackIsAJump() {
    assertThat(look(1_065_000, 5_000)).isTrue();
    assertThat(look(1_070_000, 10_000)).isFalse();
    assertThat(look(1_000_000, 15_000)).isTrue();
  }

  @Test
  void aProcessThatWasStoppedIsAJump() {
    assertThat(look(1_060_000, 60_000)).isTrue();
    assertThat(look(1_065_000, 65_000)).isFalse();
  }
}
