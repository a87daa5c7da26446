package io.p2pchat.cli.output;

import io.p2pchat.Fingerprint;
import java.util.regex.Pattern;

/** Shows the first digits of keys, where people only have to recognize them. */
public final class KeyText {
  private static final Pattern WHOLE =
      Pattern.compile("\\b([0-9a-f]{8}-[0-9a-f]{8})(?:-[0-9a-f]{8}){6}\\b");

  private static final int SHOWN = 17;

  private KeyText() {}

  /** Returns the first 16 digits of a key. */
  public static String of(Fingerprint key) {
    return key.toString().substring(0, SHOWN);
  }

  /** Returns a line of the program with the first 16 digits of each key. */
  public static String shortened(String line) {
    return WHOLE.matcher(line).replaceAll("$1");
  }
}
