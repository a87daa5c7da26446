package io.p2pchat.bench;

/** A chat line, read and written as a program does that knows nothing else. */
record BareLine(int port, String team, String text) {
  private static final String PORT_KEY = "LISTENING_PORT:";
  private static final String TEAM_KEY = "TEAM_NAME:";

  static BareLine parse(String line) {
    int portEnd = line.indexOf('|');
    int teamEnd = line.indexOf('|', portEnd + 1);
    if (!line.startsWith(PORT_KEY) || !line.startsWith(TEAM_KEY, portEnd + 1) || teamEnd < 0) {
      throw new IllegalArgumentException("no chat line: " + line);
    }
    return new BareLine(
        Integer.parseInt(line.substring(PORT_KEY.length(), portEnd)),
        line.substring(portEnd + 1 + TEAM_KEY.length(), teamEnd),
        line.substring(teamEnd + 1));
  }

  /** What comes before the text. */
  static String header(int port, String team) {
    return PORT_KEY + port + '|' + TEAM_KEY + team + '|';
  }
}
