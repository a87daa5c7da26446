package io.p2pchat.internal.protocol;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The texts that are commands, not messages (PROTOCOL.md section 1). */
public enum ReservedText {
  /** An explicit connection made automatically. */
  CONNECTION("connection message"),
  /** An explicit connection made by hand. */
  MANUAL_CONNECTION("manual connection message"),
  /** The sender leaves. */
  EXIT("exit");

  // Used for each message; values() would copy the array.
  private static final List<ReservedText> ALL = List.of(values());

  private final String text;

  ReservedText(String text) {
    this.text = text;
  }

  /** Returns the text as it is sent. */
  public String text() {
    return text;
  }

  /** Returns whether it is an explicit connection. */
  public boolean connects() {
    return this != EXIT;
  }

  /** Returns the reserved text that equals {@code text}, or null. */
  public static @Nullable ReservedText of(String text) {
    String stripped = text.strip();
    for (int i = 0; i < ALL.size(); i++) {
      if (ALL.get(i).matches(stripped)) {
        return ALL.get(i);
      }
    }
    return null;
  }

  // Only the letters A to Z ignore case. equalsIgnoreCase would match "ex\u0131t" with "exit".
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
