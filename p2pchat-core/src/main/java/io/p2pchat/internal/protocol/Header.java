package io.p2pchat.internal.protocol;

import org.jspecify.annotations.Nullable;

/**
 * The part of a chat line before its text: {@code LISTENING_PORT:<port>|TEAM_NAME:<team>|}.
 *
 * @param port the sender's listening port
 * @param team the sender's team, stripped
 * @param length the number of characters of the line that it spans
 */
public record Header(int port, String team, int length) {
  private static final String PORT_KEY = "LISTENING_PORT:";
  private static final String TEAM_KEY = "TEAM_NAME:";

  /** Parses the header at the start of {@code line}. Returns null if there is none. */
  public static @Nullable Header read(String line) {
    int portEnd = line.indexOf('|');
    if (portEnd < 0 || !line.startsWith(PORT_KEY) || !line.startsWith(TEAM_KEY, portEnd + 1)) {
      return null;
    }
    int teamEnd = line.indexOf('|', portEnd + 1);
    int port = port(line, PORT_KEY.length(), portEnd);
    if (teamEnd < 0 || port < 0) {
      return null;
    }
    String team = line.substring(portEnd + 1 + TEAM_KEY.length(), teamEnd).strip();
    return TeamNameRule.problem(team) == null ? new Header(port, team, teamEnd + 1) : null;
  }

  static String format(int port, String team) {
    return PORT_KEY + port + '|' + TEAM_KEY + team + '|';
  }

  private static int port(String line, int from, int to) {
    int port = 0;
    for (int i = from; i < to; i++) {
      int digit = line.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      port = Math.min(port * 10 + digit, 100_000);
    }
    return port >= 1 && port <= 65535 ? port : -1;
  }
}
