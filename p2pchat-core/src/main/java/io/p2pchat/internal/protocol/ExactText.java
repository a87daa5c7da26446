package io.p2pchat.internal.protocol;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The text of a chat line between two nodes that announce {@code EXACT}. It arrives exactly as it
 * was given (PROTOCOL.md section 4, Exact texts).
 *
 * <p>A backslash, LF and CR are escaped. A text that would be read as a reserved text begins with a
 * backslash.
 */
public final class ExactText {
  private static final char ESCAPE = '\\';

  /** Each byte is the first one of the line separator, and of all from U+2000 to U+2FFF. */
  private static final long LINE_SEPARATORS = 0xe2e2e2e2e2e2e2e2L;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long EACH_BYTE = 0x0101010101010101L;
  private static final long HIGH_BITS = EACH_BYTE << 7;

  private ExactText() {}

  /** Returns a text in its wire form. It is never a reserved text, and never holds CR or LF. */
  public static String escape(String text) {
    String escaped = needsEscape(text) ? replace(text) : text;
    return ReservedText.of(escaped) == null ? escaped : ESCAPE + escaped;
  }

  // Most texts need no replacement, and this check is cheap.
  private static boolean needsEscape(String text) {
    return text.indexOf(ESCAPE) >= 0 || text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0;
  }

  private static String replace(String text) {
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r");
  }

  /**
   * Returns the text of a wire form. Rejects none: the backslash of an unknown escape is dropped,
   * and one at the end stays.
   */
  public static String unescape(String wire) {
    int escape = wire.indexOf(ESCAPE);
    if (escape < 0) {
      return wire;
    }
    StringBuilder text = new StringBuilder(wire.length());
    int from = 0;
    while (escape >= 0 && escape + 1 < wire.length()) {
      char escaped = wire.charAt(escape + 1);
      text.append(wire, from, escape);
      text.append(escaped == 'n' ? '\n' : escaped == 'r' ? '\r' : escaped);
      from = escape + 2;
      escape = wire.indexOf(ESCAPE, from);
    }
    return text.append(wire, from, wire.length()).toString();
  }

  /**
   * Returns whether a text is the same in all forms: it has ASCII characters only, none of them a
   * control character, a backslash or a {@code ?}, and no blank at an end. A text of less than 8
   * characters counts as none. Looks at 8 characters at a time.
   *
   * @param encoded the encoded text
   */
  static boolean isSimple(String text, byte[] encoded) {
    int last = encoded.length - Long.BYTES;
    // Other characters than ASCII take more bytes, or a question mark.
    if (last < 0 || encoded.length != text.length()) {
      return false;
    }
    long simple = HIGH_BITS;
    for (int at = 0; at < last; at += Long.BYTES) {
      simple &= simpleBytes(encoded, at);
    }
    simple &= simpleBytes(encoded, last);
    return simple == HIGH_BITS && encoded[0] != ' ' && encoded[encoded.length - 1] != ' ';
  }

  /** Returns the high bit of each of 8 ASCII bytes that is simple. Other bits may be set too. */
  private static long simpleBytes(byte[] encoded, int at) {
    long bytes = (long) LONGS.get(encoded, at);
    // The high bit is set in each sum unless the byte was less than a blank, or equal.
    long noControl = bytes + (0x80 - ' ') * EACH_BYTE;
    long noEscape = (bytes ^ (ESCAPE * EACH_BYTE)) + 0x7f * EACH_BYTE;
    long noQuestion = (bytes ^ ('?' * EACH_BYTE)) + 0x7f * EACH_BYTE;
    return noControl & noEscape & noQuestion;
  }

  /**
   * Returns whether a text that has other characters than ASCII is the same in all forms, and
   * well-formed. One of less than 8 bytes counts as none, and so does one with a character from
   * U+2000 to U+2FFF: among those is the line separator. Looks at 8 bytes at a time.
   *
   * @param encoded the encoded text
   */
  static boolean isSimpleUtf8(String text, byte[] encoded) {
    int last = encoded.length - Long.BYTES;
    if (last < 0 || encoded.length == text.length()) {
      return false;
    }
    long special = specialBytes(encoded, last);
    for (int at = 0; at < last; at += Long.BYTES) {
      special |= specialBytes(encoded, at);
    }
    return special == 0
        && !Character.isWhitespace(text.charAt(0))
        && !Character.isWhitespace(text.charAt(text.length() - 1));
  }

  /** Returns 0 if none of 8 bytes is special. */
  private static long specialBytes(byte[] encoded, int at) {
    long bytes = (long) LONGS.get(encoded, at);
    long control = (bytes - ' ' * EACH_BYTE) & ~bytes;
    long escape = zeros(bytes ^ (ESCAPE * EACH_BYTE));
    long question = zeros(bytes ^ ('?' * EACH_BYTE));
    long separator = zeros(bytes ^ LINE_SEPARATORS);
    return (control | escape | question | separator) & HIGH_BITS;
  }

  /** Returns bytes of which the high bit is set if a byte is 0. */
  private static long zeros(long bytes) {
    return (bytes - EACH_BYTE) & ~bytes;
  }

  /**
   * Returns whether encoding may have replaced half of a surrogate pair: the encoded text has a
   * {@code ?}. Far faster than {@link #requireWellFormed}, because it looks at 32 bytes at a time.
   */
  static boolean mayHaveReplaced(byte[] encoded) {
    int at = 0;
    for (; at <= encoded.length - 4 * Long.BYTES; at += 4 * Long.BYTES) {
      long found =
          questionMarks(encoded, at)
              | questionMarks(encoded, at + Long.BYTES)
              | questionMarks(encoded, at + 2 * Long.BYTES)
              | questionMarks(encoded, at + 3 * Long.BYTES);
      if (found != 0) {
        return true;
      }
    }
    for (; at <= encoded.length - Long.BYTES; at += Long.BYTES) {
      if (questionMarks(encoded, at) != 0) {
        return true;
      }
    }
    for (; at < encoded.length; at++) {
      if (encoded[at] == '?') {
        return true;
      }
    }
    return false;
  }

  /** Returns 0 if none of 8 bytes is a question mark. */
  private static long questionMarks(byte[] encoded, int at) {
    return zeros((long) LONGS.get(encoded, at) ^ ('?' * EACH_BYTE)) & HIGH_BITS;
  }

  /**
   * Checks that a text can be encoded.
   *
   * @throws IllegalArgumentException if it has half of a surrogate pair; the message says where
   */
  public static void requireWellFormed(String text) {
    int codePoint;
    for (int i = 0; i < text.length(); i += Character.charCount(codePoint)) {
      codePoint = text.codePointAt(i);
      if (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE) {
        throw new IllegalArgumentException(
            String.format(
                "The text is not well-formed UTF-16: U+%04X at index %d is half of a surrogate"
                    + " pair. Remove it, or cut texts between code points.",
                codePoint, i));
      }
    }
  }
}
