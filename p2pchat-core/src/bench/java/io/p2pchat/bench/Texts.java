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
  private static final char CYRILLIC = '\u0430';
  private static final int LARGE = 4096;

  private final String[] texts;
  private int next;

  private Texts(String[] texts) {
    this.texts = texts;
  }

  /**
   * The texts of a size, from the first on.
   *
   * @param size how many bytes of ASCII, at least 8; negative for as many bytes of Cyrillic letters
   */
  static Texts of(int size) {
    String[] texts = new String[size < LARGE ? COUNT : COUNT_OF_LARGE];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = size > 0 ? text(i, size, 'a') : text(i, (7 - size) / 2, CYRILLIC);
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

  private static String text(int number, int length, char first) {
    StringBuilder text = new StringBuilder(String.format(Locale.ROOT, "%06d ", number));
    while (text.length() < length) {
      text.append((char) (first + text.length() % 26));
    }
    return text.toString();
  }
}
