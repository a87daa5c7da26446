package io.p2pchat.bench;

import java.io.PrintStream;
import java.util.Locale;

/** The table that is printed, row by row. */
final class Report {
  private final PrintStream out;

  Report(PrintStream out) {
    this.out = out;
    out.printf("%-52s%14s%14s%10s%n", "", "bare Netty", "p2pchat", "ratio");
  }

  void row(String what, double bare, double chat, double ratio) {
    String ratioText = String.format(Locale.ROOT, "%.2f", ratio);
    out.printf("%-52s%14s%14s%10s%n", what, number(bare), number(chat), ratioText);
  }

  void failed(String what, double bare, String why) {
    out.printf("%-52s%14s%14s  %s%n", what, number(bare), "failed", why);
  }

  void note(String text) {
    out.println("  " + text);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, value < 10 ? "%.2f" : "%,.0f", value);
  }
}
