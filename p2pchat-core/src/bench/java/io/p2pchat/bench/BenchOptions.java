package io.p2pchat.bench;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is to be measured, and how long.
 *
 * @param scenarios which, in their order
 * @param warmUpMillis how long each of the bursts is that keep new processes busy; 0 for none
 * @param rounds in how many short bursts each contender is measured
 * @param millis how long a burst takes
 * @param messages how many messages a long history has
 * @param earlier the file of an earlier table to compare with, or null
 * @param save the file to save the table to, or null
 */
record BenchOptions(
    List<Scenario> scenarios,
    long warmUpMillis,
    int rounds,
    long millis,
    int messages,
    @Nullable Path earlier,
    @Nullable Path save) {
  static final String USAGE =
      """
      --scenarios=LIST  of one-way,tls,round-trip,level-0,broadcast,idle,discovery,
                        durable,history,cold-start; default: all
      --rounds=N        bursts of each contender, in turn; default: 4
      --seconds=S       length of a burst; default: 0.5
      --messages=N      messages in the history; default: 200000
      --quick           two bursts of a quarter of a second, and 50000 messages
      --save=FILE       save the ratios
      --compare=FILE    compare with ratios that were saved, and say which have moved beyond the spread
      """;

  private static final BenchOptions DEFAULTS =
      new BenchOptions(List.of(Scenario.values()), 3000, 4, 500, 200_000, null, null);

  static BenchOptions parse(String[] args) {
    BenchOptions options = DEFAULTS;
    for (String arg : args) {
      options = options.with(arg);
    }
    return options;
  }

  private BenchOptions with(String arg) {
    String value = arg.substring(arg.indexOf('=') + 1);
    return switch (arg.substring(0, arg.length() - value.length())) {
      case "--scenarios=" ->
          new BenchOptions(
              Arrays.stream(value.split(",")).map(Scenario::named).toList(),
              warmUpMillis,
              rounds,
              millis,
              messages,
              earlier,
              save);
      case "--rounds=" -> bursts(warmUpMillis, Integer.parseInt(value), millis, messages);
      case "--seconds=" ->
          bursts(warmUpMillis, rounds, (long) (1000 * Double.parseDouble(value)), messages);
      case "--messages=" -> bursts(warmUpMillis, rounds, millis, Integer.parseInt(value));
      case "--save=" ->
          new BenchOptions(
              scenarios, warmUpMillis, rounds, millis, messages, earlier, Path.of(value));
      case "--compare=" ->
          new BenchOptions(scenarios, warmUpMillis, rounds, millis, messages, Path.of(value), save);
      case "" -> quick(arg);
      default -> throw new IllegalArgumentException("no option: " + arg);
    };
  }

  private BenchOptions bursts(
      long newWarmUpMillis, int newRounds, long newMillis, int newMessages) {
    return new BenchOptions(
        scenarios, newWarmUpMillis, newRounds, newMillis, newMessages, earlier, save);
  }

  /** The same, measured once, without a burst that does not count. */
  BenchOptions once() {
    return bursts(0, 1, millis, messages);
  }

  /** The same, without a burst that does not count. */
  BenchOptions withoutWarmUp() {
    return bursts(0, rounds, millis, messages);
  }

  private BenchOptions quick(String arg) {
    if (!arg.equals("--quick")) {
      throw new IllegalArgumentException("no option: " + arg);
    }
    return bursts(1000, 2, 250, 50_000);
  }
}
