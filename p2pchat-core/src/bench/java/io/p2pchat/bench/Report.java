package io.p2pchat.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The table that is printed, row by row. It can be saved, and compared with one that was saved
 * before.
 */
final class Report {
  private static final String SEPARATOR = "\t";

  private final PrintStream out;
  private final Map<String, Ratio> before;
  private final Map<String, Ratio> rows = new LinkedHashMap<>();

  /**
   * p2pchat over bare Netty.
   *
   * @param median of all rounds
   * @param least of one round
   * @param greatest of one round
   */
  record Ratio(double median, double least, double greatest) {
    static Ratio of(double only) {
      return new Ratio(only, only, only);
    }

    /** Returns whether the two differ by more than 3 %, and no round of one reaches the other. */
    boolean isApart(Ratio other) {
      return Math.abs(median / other.median - 1) > 0.03
          && (least > other.greatest || greatest < other.least);
    }

    private static Ratio parse(String[] fields) {
      return new Ratio(
          Double.parseDouble(fields[1]),
          Double.parseDouble(fields[2]),
          Double.parseDouble(fields[3]));
    }

    private String format() {
      return median + SEPARATOR + least + SEPARATOR + greatest;
    }
  }

  /**
   * Begins a table.
   *
   * @param earlier the file of an earlier table to compare with, or null
   * @throws IOException if that file cannot be read
   */
  Report(PrintStream out, @Nullable Path earlier) throws IOException {
    this.out = out;
    this.before = earlier == null ? Map.of() : read(earlier);
    out.printf("%-52s%14s%14s%10s%14s%n", "", "bare Netty", "p2pchat", "ratio", "spread");
  }

  private static Map<String, Ratio> read(Path file) throws IOException {
    Map<String, Ratio> rows = new LinkedHashMap<>();
    for (String line : Files.readAllLines(file)) {
      String[] fields = line.split(SEPARATOR);
      rows.put(fields[0], Ratio.parse(fields));
    }
    return rows;
  }

  void row(String what, double bare, double chat, Ratio ratio) {
    rows.put(what, ratio);
    out.printf(
        "%-52s%14s%14s%10s%14s%s%n",
        what,
        number(bare),
        number(chat),
        ratio(ratio.median()),
        ratio(ratio.least()) + "-" + ratio(ratio.greatest()),
        change(ratio, before.get(what)));
  }

  void failed(String what, double bare, String why) {
    out.printf("%-52s%14s%14s  %s%n", what, number(bare), "failed", why);
  }

  void note(String text) {
    out.println("  " + text);
  }

  /** Writes the ratios to a file, for a later run to compare with. */
  void save(Path file) throws IOException {
    List<String> lines =
        rows.entrySet().stream()
            .map(row -> row.getKey() + SEPARATOR + row.getValue().format())
            .toList();
    Files.write(file, lines);
  }

  private static String change(Ratio now, @Nullable Ratio then) {
    if (then == null) {
      return "";
    }
    String from = "  was " + ratio(then.median());
    return now.isApart(then) ? from + ", moved beyond the spread" : from;
  }

  private static String ratio(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, value < 10 ? "%.2f" : "%,.0f", value);
  }
}
