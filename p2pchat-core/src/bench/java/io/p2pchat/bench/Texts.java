package io.p2pchat.bench;

import java.util.Locale;

/**
 * The texts of one size, each beginning with its number, over and over. Both ends make the same
 * ones, so that a text is made without cost at one and compared as a whole at the other. Their
 * count is a prime: whatever is lost, doubled or moved in blocks shows.
 */
final class Texts {
  private static final int COUNT = 997;
  private static final int COUNT_OF_LARGE = 251;
  private static final int LARGE = 4096;

  private final String[] texts;
  private int next;

  private Texts(String[] texts) {
    this.texts = texts;
  }

  /** The texts of this many bytes, from the first on. At least 8. */
  static Texts of(int bytes) {
    String[] texts = new String[bytes < LARGE ? COUNT : COUNT_OF_LARGE];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = text(i, bytes);
    }
    return new Texts(texts);
  }

  String next() {
    String text = texts[next];
    next = next + 1 == texts.length ? 0 : next + 1;
    return text;
  }

  /** Whether it is one of the texts, whichever is next. */
  boolean contains(String text) {
    int space = text.indexOf(' ');
    if (space < 1 || !text.substring(0, space).chars().allMatch(Character::isDigit)) {
      return false;
    }
    int number = Integer.parseInt(text.substring(0, space));
    return number < texts.length && texts[number].equals(text);
  }

  private static String text(int number, int bytes) {
    StringBuilder text = new StringBuilder(String.format(Locale.ROOT, "%06d ", number));
    while (text.length() < bytes) {
      text.append((char) ('a' + text.length() % 26));
    }
    return text.toString();
  }
}
