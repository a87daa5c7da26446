package io.p2pchat.cli.output;

import java.util.HexFormat;
import java.util.PrimitiveIterator;

/**
 * Escapes peer text for terminals: all characters that could control a terminal, or end or reorder
 * a line. A backslash is not escaped, because paths and code are more frequent than escapes.
 */
public final class TerminalEscaper {
  private static final HexFormat HEX = HexFormat.of();

  private TerminalEscaper() {}

  public static String of(String text) {
    // Fast path for nearly all text.
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

  /** Returns whether people must only see this character escaped. */
  static boolean isUnsafe(int codePoint) {
    return Character.isISOControl(codePoint)
        || isBreak(codePoint)
        || isDirection(codePoint)
        || isLoneSurrogate(codePoint);
  }

  /** Appends the escape of any character: with one of its own, or with its number. */
  static void appendEscape(StringBuilder to, int codePoint) {
    switch (codePoint) {
      case '\n' -> to.append("\\n");
      case '\r' -> to.append("\\r");
      case '\t' -> to.append("\\t");
      default -> {
        if (Character.isBmpCodePoint(codePoint)) {
          appendUnicode(to, codePoint);
        } else {
          to.append("\\U").append(HEX.toHexDigits(codePoint));
        }
      }
    }
  }

  /** Appends an escape of four hexadecimal digits. Every unsafe character fits. */
  static void appendUnicode(StringBuilder to, int codePoint) {
    to.append("\\u").append(HEX.toHexDigits((char) codePoint));
  }

  /** Appends a character, escaped if it is unsafe. */
  static void append(StringBuilder to, int codePoint) {
    if (isUnsafe(codePoint)) {
      appendEscape(to, codePoint);
    } else {
      to.appendCodePoint(codePoint);
    }
  }

  private static boolean isBreak(int codePoint) {
    return codePoint == 0x2028 || codePoint == 0x2029;
  }

  /** Returns whether it is a control character of the bidirectional algorithm. */
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
