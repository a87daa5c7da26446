package io.p2pchat.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.internal.session.EffectLog.Happening;
import org.junit.jupiter.api.Test;

class SessionSimulationTest {
  /**
   * Another seed: {@code mvn test -pl p2pchat-core -Dtest=SessionSimulationTest -Dp2pchat.seed=N}.
   */
  private static final Long SEED = Long.getLong("p2pchat.seed");

  private static final int SCHEDULES = 10_000;

  @Test
  void everyLineIsDeliveredOnceAndInOrderOrItsFutureSaysSo() {
    EffectLog happenings = new EffectLog();
    if (SEED != null) {
      new Simulation(SEED, happenings).run();
      return;
    }
    for (long seed = 0; seed < SCHEDULES; seed++) {
      try {
        new Simulation(seed, happenings).run();
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed " + seed + ": run it with -Dp2pchat.seed=" + seed, e);
      }
    }
    assertThat(happenings.counts()).containsOnlyKeys(Happening.values());
  }
}
