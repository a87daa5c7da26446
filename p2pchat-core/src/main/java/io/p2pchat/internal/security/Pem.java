package io.p2pchat.internal.security;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Pattern;

/** Blocks of base64 between lines that name them (RFC 7468). */
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
   * What the one block of that name holds.
   *
   * @throws IllegalArgumentException if there is no such block, or more, or it is no base64; the
   *     text quotes nothing of the content
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
      // Without the cause: its text quotes the character.
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
