package io.p2pchat.cli.output;

import java.util.HexFormat;
import java.util.PrimitiveIterator;

/**
 * Text of others made fit to be seen: what could drive a terminal, end a line or reorder it is
 * shown as an escape. A backslash stays as it is: paths and code are read more often than escapes.
 */
public final class TerminalEscaper {
  private static final HexFormat HEX = HexFormat.of();

  private TerminalEscaper() {}

  public static String of(String text) {
    // Nearly all text is, and a listener may print a million lines.
    return isPrintableAscii(text) ? text : escaped(text);
  }

  private static boolean isPrintableAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < ' ' || text.charAt(i) > '~') {
        return false;
      }
    }
    return true;
  }

  private static String escaped(String text) {
    StringBuilder shown = new StringBuilder(text.length() + 16);
    for (PrimitiveIterator.OfInt each = text.codePoints().iterator(); each.hasNext(); ) {
      append(shown, each.nextInt());
    }
    return shown.toString();
  }

  /** Whether a character is to be escaped wherever a person might see it. */
  static boolean isUnsafe(int codePoint) {
    return Character.isISOControl(codePoint)
        || isBreak(codePoint)
        || isDirection(codePoint)
        || isLoneSurrogate(codePoint);
  }

  /** Appends four hexadecimal digits; every unsafe character has as many. */
  static void appendUnicode(StringBuilder to, int codePoint) {
    to.append("\\u").append(HEX.toHexDigits((char) codePoint));
  }

  /** Appends a character, escaped if it is unsafe. */
  static void append(StringBuilder to, int codePoint) {
    switch (codePoint) {
      case '\n' -> to.append("\\n");
      case '\r' -> to.append("\\r");
      case '\t' -> to.append("\\t");
      default -> {
        if (isUnsafe(codePoint)) {
          appendUnicode(to, codePoint);
        } else {
          to.appendCodePoint(codePoint);
        }
      }
    }
  }

  private static boolean isBreak(int codePoint) {
    return codePoint == 0x2028 || codePoint == 0x2029;
  }

  /** Marks, embeddings, overrides and isolates of the bidirectional algorithm. */
  private static boolean isDirection(int codePoint) {
    return codePoint == 0x061C
        || codePoint == 0x200E
        || codePoint == 0x200F
        || (codePoint >= 0x202A && codePoint <= 0x202E)
        || (codePoint >= 0x2066 && codePoint <= 0x2069);
  }

  private static boolean isLoneSurrogate(int codePoint) {
    return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
  }
}
