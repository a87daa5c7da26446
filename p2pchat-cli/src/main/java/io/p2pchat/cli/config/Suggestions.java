package io.p2pchat.cli.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Suggests corrections for misspelled words. */
final class Suggestions {
  private Suggestions() {}

  /** Returns the nearest word, if it differs by at most one or two letters. */
  static Optional<String> nearest(String word, Collection<String> words) {
    return words.stream()
        .min(Comparator.comparingInt(each -> distance(word, each)))
        .filter(each -> distance(word, each) <= (word.length() < 6 ? 1 : 2));
  }

  /** Returns the number of letters to insert, delete or replace. */
  private static int distance(String from, String to) {
    int[] row = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[to.length()];
  }
}
