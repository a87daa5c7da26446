package io.p2pchat.cli.chat;

import java.util.regex.Pattern;

/** Parses addresses. */
public final class AddressParser {
  private static final Pattern DIGITS = Pattern.compile("[0-9]{1,9}");
  private static final Pattern IPV4 = Pattern.compile("[0-9]+(\\.[0-9]+){3}");
  private static final Pattern HOST = Pattern.compile("[.:0-9]");
  private static final int LAST_PORT = 65_535;

  private AddressParser() {}

  /** Returns whether a text is meant as an address, and not as a name. */
  public static boolean isAddress(String text) {
    return text.contains(":") || IPV4.matcher(text).matches();
  }

  /** Returns whether a text looks like a host, and not like the name of a peer. */
  static boolean isHost(String text) {
    return text.equalsIgnoreCase("localhost") || HOST.matcher(text).find();
  }

  /**
   * Parses a port.
   *
   * @throws IllegalArgumentException if it is invalid; the message says what is accepted
   */
  public static int port(String text) {
    int port = DIGITS.matcher(text).matches() ? Integer.parseInt(text) : 0;
    if (port < 1 || port > LAST_PORT) {
      throw new IllegalArgumentException(
          "not a port: \"" + text + "\"; accepted are 1 to " + LAST_PORT);
    }
    return port;
  }
}
