package io.p2pchat.bench;

/**
 * Measures the library against bare Netty, in the same run and in turn, each end in a process of
 * its own. Every message is counted, and its text and place compared. What it measures is said at
 * each {@link Scenario}.
 *
 * <p>Absolute figures drift with the machine; the ratios hold. A ratio is the median of those
 * within one round. Where there is {@code taskset}, throughput has one core for each process, and
 * the round trip both on one.
 */
public final class Benchmark {
  private Benchmark() {}

  /**
   * Runs the benchmark.
   *
   * @param args see {@code --help}
   * @throws Exception if a process cannot be started; what one fails at is reported
   */
  public static void main(String[] args) throws Exception {
    if (args.length == 1 && args[0].equals("--help")) {
      System.out.print(BenchOptions.USAGE);
      return;
    }
    BenchOptions options = BenchOptions.parse(args);
    if (!Jvm.canPin()) {
      System.out.println("Not pinned to cores: there is no taskset, or only one core.");
    }
    Report report = new Report(System.out, options.earlier());
    for (Scenario scenario : options.scenarios()) {
      try {
        scenario.run(options, report);
      } catch (IllegalStateException e) {
        report.note(scenario + " failed: " + e.getMessage());
      }
    }
    if (options.save() != null) {
      report.save(options.save());
    }
  }
}
