package io.p2pchat.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.internal.session.StoreSimulation.Happening;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StoreSimulationTest {
  /**
   * Another seed: {@code mvn test -pl p2pchat-core -Dtest=StoreSimulationTest -Dp2pchat.seed=N}.
   */
  private static final Long SEED = Long.getLong("p2pchat.seed");

  /** The build runs a short form. The whole has 10,000 schedules. */
  private static final int SCHEDULES = Integer.getInteger("p2pchat.storeSchedules", 1_000);

  @Test
  void eachAcceptedMessageIsStoredOnceAndInOrderWhateverCrashesWhen() {
    Map<Happening, Integer> happenings = new EnumMap<>(Happening.class);
    if (SEED != null) {
      new StoreSimulation(SEED, happenings).run();
      return;
    }
    for (long seed = 0; seed < SCHEDULES; seed++) {
      try {
        new StoreSimulation(seed, happenings).run();
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed " + seed + ": run it with -Dp2pchat.seed=" + seed, e);
      }
    }
    assertThat(happenings).containsOnlyKeys(Happening.values());
  }
}
