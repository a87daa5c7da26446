package io.p2pchat.internal.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.internal.exchange.ExchangeSimulation.Minute;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The short form of the simulation. docs/DISCOVERY.md has the long one. */
class ExchangeSimulationTest {
  private static List<Minute> run(ExchangeSimulation simulation, int minutes) {
    return IntStream.rangeClosed(1, minutes).mapToObj(simulation::minute).toList();
  }

  @Test
  void nodesThatKnowOneAddressFindEachOther() {
    List<Minute> minutes = run(new ExchangeSimulation(100, 0, 0, 1), 4);
    assertThat(minutes.get(3).reach()).isGreaterThanOrEqualTo(0.99);
    assertThat(minutes.get(3).medianListed()).isGreaterThan(80);
    assertThat(minutes).allMatch(minute -> minute.falseListed() == 0);
    assertThat(minutes).allMatch(minute -> minute.meanLines() < 120);
  }

  @Test
  void nodesThatLieOrLeaveDoNotKeepTheOthersApart() {
    ExchangeSimulation simulation = new ExchangeSimulation(100, 30, 10, 1);
    List<Minute> minutes = run(simulation, 10);
    assertThat(minutes.subList(5, 10)).allMatch(minute -> minute.reach() >= 0.95);
    assertThat(minutes.get(9).falseListed()).isLessThan(0.25);
    assertThat(minutes).allMatch(minute -> minute.mostLines() < 500);
    assertThat(simulation.mostDialsOfAVictim()).isEqualTo(1);
  }

  @Test
  void reachIsOfTheLargestSetInWhichAllFindAll() {
    assertThat(ExchangeSimulation.Reach.largest(new int[][] {{1}, {2}, {0}, {0}, {}})).isEqualTo(3);
    assertThat(ExchangeSimulation.Reach.largest(new int[][] {{}, {}})).isEqualTo(1);
    assertThat(ExchangeSimulation.Reach.largest(new int[0][])).isZero();
  }
}
