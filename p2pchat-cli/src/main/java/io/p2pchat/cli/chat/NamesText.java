package io.p2pchat.cli.chat;

import java.util.List;

/** Names in a sentence. */
final class NamesText {
  private NamesText() {}

  /**
   * For example {@code Ann, Bob and Carol}, or {@code Ann, Bob and 7 others}.
   *
   * @param names at least one
   * @param max how many names to list before the others are counted
   */
  static String of(List<String> names, int max) {
    int named = names.size() > max ? max - 1 : names.size() - 1;
    String first = String.join(", ", names.subList(0, named));
    String rest = names.size() > max ? names.size() - named + " others" : names.get(named);
    return named == 0 ? rest : first + " and " + rest;
  }
}
