package io.p2pchat.internal.security;

import org.jspecify.annotations.Nullable;

/**
 * A line of the file of known peers. One that nobody changes is written back as it was.
 *
 * @param text the line, without its end
 * @param pin what it says, or null for a remark and an empty line
 */
record PinLine(String text, @Nullable Pin pin) {
  private static final String BYTE_ORDER_MARK = "\ufeff";

  static PinLine of(Pin pin) {
    return new PinLine(pin.format(), pin);
  }

  /**
   * Reads a line.
   *
   * @throws IllegalArgumentException if it is neither a pin nor a remark nor empty
   */
  static PinLine parse(String text) {
    // Some editors put one at the beginning of a file.
    String line = (text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text).strip();
    boolean silent = line.isEmpty() || line.startsWith("#");
    return new PinLine(text, silent ? null : Pin.parse(line));
  }
}
