package io.p2pchat.internal.net.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class GreetingWaitTest {
  private static final int FEW = 8;

  /** Begins at an odd time, as the clock may. */
  private long now = -5_000_000L;

  private Duration wait(Duration patience, Duration connecting, Duration late, int dials) {
    GreetingWait wait = new GreetingWait(patience, now);
    now += connecting.toNanos();
    wait.connected(now);
    long connected = now;
    do {
      now += wait.begin(now) + late.toNanos();
    } while (!wait.isOver(now, dials));
    return Duration.ofNanos(now - connected);
  }

  @Test
  void idleMachineWaitsForTheTimeThatIsSet() {
    assertThat(wait(Duration.ofSeconds(1), Duration.ZERO, Duration.ZERO, FEW)).hasSeconds(1);
    assertThat(wait(Duration.ofSeconds(1), Duration.ZERO, Duration.ofMillis(1), FEW))
        .isEqualTo(Duration.ofMillis(1020));
    assertThat(wait(Duration.ofMillis(20), Duration.ZERO, Duration.ZERO, FEW)).hasMillis(20);
  }

  @Test
  void connectionThatWasSlowToOpenIsGivenMoreTime() {
    assertThat(wait(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ZERO, FEW))
        .hasSeconds(5);
    assertThat(wait(Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ZERO, FEW))
        .hasSeconds(11);
  }

  @Test
  void manyDialsAreGivenMoreTime() {
    assertThat(wait(Duration.ofSeconds(1), Duration.ZERO, Duration.ZERO, FEW + 20)).hasSeconds(3);
    assertThat(wait(Duration.ofSeconds(1), Duration.ZERO, Duration.ZERO, 1000)).hasSeconds(11);
  }

  /** Those that have greeted still keep this machine busy. */
  @Test
  void manyDialsAreGivenMoreTimeAlsoWhenTheyHaveBecomeFew() {
    GreetingWait wait = new GreetingWait(Duration.ofSeconds(1), now);
    wait.connected(now);
    long connected = now;
    int dials = FEW + 20;
    do {
      now += wait.begin(now);
    } while (!wait.isOver(now, dials--));
    assertThat(Duration.ofNanos(now - connected)).hasSeconds(3);
  }

  @Test
  void timeInWhichTheEventLoopIsLateDoesNotCountButIsBounded() {
    assertThat(wait(Duration.ofSeconds(1), Duration.ZERO, Duration.ofMillis(11), FEW))
        .isBetween(Duration.ofSeconds(31), Duration.ofMillis(31_160));
    assertThat(wait(Duration.ofSeconds(5), Duration.ZERO, Duration.ofSeconds(1), FEW))
        .isBetween(Duration.ofSeconds(35), Duration.ofMillis(36_100));
    assertThat(wait(Duration.ofMillis(1), Duration.ZERO, Duration.ofMillis(1), FEW))
        .isBetween(Duration.ofMillis(31), Duration.ofMillis(33));
  }
}
