package io.p2pchat.cli.output;

import io.p2pchat.Fingerprint;
import java.util.regex.Pattern;

/** Shows the first digits of keys, where people only have to recognize them. */
public final class KeyText {
  private static final Pattern WHOLE =
      Pattern.compile("\\b([0-9a-f]{8}-[0-9a-f]{8})(?:-[0-9a-f]{8}){6}\\b");

  /** Since when a key is known, in the words of the library. */
  private static final Pattern SINCE = Pattern.compile(" \\(since [0-9]{4}-[0-9T:.-]+Z\\)");

  private static final int SHOWN = 17;

  private KeyText() {}

  /** Returns the first 16 digits of a key. */
  public static String of(Fingerprint key) {
    return key.toString().substring(0, SHOWN);
  }

  /** Returns a line of the program with the first 16 digits of each key, and without its date. */
  public static String shortened(String line) {
    return SINCE.matcher(WHOLE.matcher(line).replaceAll("$1")).replaceAll("");
  }
}
