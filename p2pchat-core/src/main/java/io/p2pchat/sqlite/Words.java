package io.p2pchat.sqlite;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The words of a text, as the full-text index sees them: without case and accents. */
final class Words {
  private final List<String> words;

  private Words(List<String> words) {
    this.words = words;
  }

  static Words of(String text) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    Normalizer.normalize(text, Normalizer.Form.NFD)
        .toLowerCase(Locale.ROOT)
        .codePoints()
        .filter(c -> Character.getType(c) != Character.NON_SPACING_MARK)
        .forEach(
            c -> {
              if (Character.isLetterOrDigit(c)) {
                word.appendCodePoint(c);
              } else {
                end(word, words);
              }
            });
    end(word, words);
    return new Words(words);
  }

  private static void end(StringBuilder word, List<String> words) {
    if (word.length() > 0) {
      words.add(word.toString());
      word.setLength(0);
    }
  }

  boolean isEmpty() {
    return words.isEmpty();
  }

  /** Returns whether the text has, for each of these words, one that begins with it. */
  boolean areIn(String text) {
    List<String> own = of(text).words;
    return words.stream().allMatch(word -> own.stream().anyMatch(o -> o.startsWith(word)));
  }

  /** Returns the words as a query of the index. Every word is quoted, so none is an operator. */
  String query() {
    return words.stream()
        .map(word -> "\"" + word + "\" *")
        .collect(Collectors.joining(" AND ", "text : (", ")"));
  }
}
