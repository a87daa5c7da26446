package io.p2pchat.internal.protocol;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The texts that are commands rather than conversation (PROTOCOL.md section 1). */
public enum ReservedText {
  /** An explicit connection made automatically. */
  CONNECTION("connection message"),
  /** An explicit connection made by hand. */
  MANUAL_CONNECTION("manual connection message"),
  /** The sender leaves. */
  EXIT("exit");

  // Asked for with each message: values() would copy them.
  private static final List<ReservedText> ALL = List.of(values());

  private final String text;

  ReservedText(String text) {
    this.text = text;
  }

  /** The text as it is sent. */
  public String text() {
    return text;
  }

  /** The reserved text that the whole of {@code text} is, or null. */
  public static @Nullable ReservedText of(String text) {
    String stripped = text.strip();
    for (int i = 0; i < ALL.size(); i++) {
      if (ALL.get(i).matches(stripped)) {
        return ALL.get(i);
      }
    }
    return null;
  }

  // Only the letters A to Z have two cases here: equalsIgnoreCase takes "ex\u0131t" for "exit".
  private boolean matches(String other) {
    if (other.length() != text.length()) {
      return false;
    }
    for (int i = 0; i < other.length(); i++) {
      char c = other.charAt(i);
      char lower = c >= 'A' && c <= 'Z' ? (char) (c + 'a' - 'A') : c;
      if (lower != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}
