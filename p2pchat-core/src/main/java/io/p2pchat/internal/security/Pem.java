package io.p2pchat.internal.security;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Pattern;

/** Parses PEM: blocks of base64 between lines with a label (RFC 7468). */
final class Pem {
  private static final int LINE = 64;
  private static final Pattern WHITE_SPACE = Pattern.compile("\\s+");

  private Pem() {}

  static String format(String label, byte[] der) {
    byte[] lineEnd = {'\n'};
    return begin(label)
        + "\n"
        + Base64.getMimeEncoder(LINE, lineEnd).encodeToString(der)
        + "\n"
        + end(label)
        + "\n";
  }

  /**
   * Returns the content of the only block with this label.
   *
   * @throws IllegalArgumentException if there is no such block or more than one, or it is not
   *     base64; the message quotes nothing of the content
   */
  static byte[] parse(byte[] content, String label) {
    String text = new String(content, StandardCharsets.ISO_8859_1);
    int begin = text.indexOf(begin(label));
    int end = text.indexOf(end(label));
    if (begin < 0 || end < begin + begin(label).length()) {
      throw new IllegalArgumentException("no whole block \"" + label + "\" in it");
    }
    if (text.indexOf(begin(label), begin + 1) >= 0) {
      throw new IllegalArgumentException("more than one block \"" + label + "\" in it");
    }
    return decode(text.substring(begin + begin(label).length(), end), label);
  }

  private static byte[] decode(String base64, String label) {
    try {
      return Base64.getDecoder().decode(WHITE_SPACE.matcher(base64).replaceAll(""));
    } catch (IllegalArgumentException e) {
      // Without the cause, because its message quotes the character.
      throw new IllegalArgumentException("the block \"" + label + "\" is not base64");
    }
  }

  private static String begin(String label) {
    return "-----BEGIN " + label + "-----";
  }

  private static String end(String label) {
    return "-----END " + label + "-----";
  }
}
