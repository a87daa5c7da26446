package io.p2pchat.bench;

import java.util.Arrays;
import java.util.Locale;

/** What can be measured. */
enum Scenario {
  ONE_WAY,
  TLS,
  ROUND_TRIP,
  LEVEL_0,
  BROADCAST,
  IDLE,
  DISCOVERY,
  DURABLE,
  HISTORY,
  COLD_START;

  static Scenario named(String name) {
    return Arrays.stream(values())
        .filter(scenario -> scenario.toString().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no scenario: " + name));
  }

  /** Measures, and enters the results into the report. */
  void run(BenchOptions options, Report report) throws Exception {
    switch (this) {
      case ONE_WAY -> OneWay.run(options, report);
      case TLS -> Encrypted.run(options, report);
      case ROUND_TRIP -> RoundTrip.run(options, report);
      case LEVEL_0 -> LevelZero.run(options, report);
      case BROADCAST -> Broadcasts.run(options, report);
      case IDLE -> Idle.run(options, report);
      case DISCOVERY -> Discovered.run(options, report);
      case DURABLE -> Durable.run(options, report);
      case HISTORY -> LongHistory.run(options, report);
      case COLD_START -> ColdStart.run(options, report);
    }
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
