package io.p2pchat.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The bursts of both contenders, in turn, and what they come to. */
final class Rounds {
  private static final double UNSTEADY = 0.1;

  private final List<Double> bare = new ArrayList<>();
  private final List<Double> chat = new ArrayList<>();
  private final List<Double> ratios = new ArrayList<>();
  private @Nullable String failure;

  /** One burst of one contender. */
  @FunctionalInterface
  interface Burst {
    /** Takes so long; returns its figure. */
    double run(long millis) throws Exception;
  }

  /**
   * Runs all rounds, after one that does not count, and reports them. When the library fails, bare
   * Netty goes on alone.
   */
  static void compare(BenchOptions options, Report report, String what, Burst bare, Burst chat)
      throws Exception {
    Rounds rounds = new Rounds();
    if (options.warmUpMillis() > 0) {
      bare.run(options.millis());
      rounds.figure(chat, options.millis());
    }
    for (int i = 0; i < options.rounds(); i++) {
      rounds.round(bare.run(options.millis()), rounds.figure(chat, options.millis()));
    }
    rounds.report(report, what);
  }

  /**
   * Keeps new processes busy until what they achieve is steady: on one core it takes many seconds
   * until their code is compiled.
   */
  static void warmUp(BenchOptions options, Burst bare, Burst chat) throws Exception {
    new Rounds().warmUp(options, bare);
    new Rounds().warmUp(options, chat);
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  private void warmUp(BenchOptions options, Burst burst) throws Exception {
    double before = 0;
    double figure = figure(burst, options.warmUpMillis());
    for (int i = 0; i < options.rounds() && Math.abs(figure - before) > UNSTEADY * before; i++) {
      before = figure;
      figure = figure(burst, options.warmUpMillis());
    }
  }

  private void round(double bareFigure, double chatFigure) {
    bare.add(bareFigure);
    chat.add(chatFigure);
    ratios.add(chatFigure / bareFigure);
  }

  private double figure(Burst burst, long millis) throws Exception {
    if (failure != null) {
      return 0;
    }
    try {
      return burst.run(millis);
    } catch (IllegalStateException e) {
      failure = e.getMessage();
      return 0;
    }
  }

  private void report(Report report, String what) {
    if (failure == null) {
      report.row(
          what,
          median(bare),
          median(chat),
          new Report.Ratio(median(ratios), Collections.min(ratios), Collections.max(ratios)));
    } else {
      report.failed(what, median(bare), failure);
    }
  }
}
