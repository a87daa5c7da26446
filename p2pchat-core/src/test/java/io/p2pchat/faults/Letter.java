package io.p2pchat.faults;

/**
 * A message of the suite.
 *
 * @param from the process that sent it, see {@link Plan#id}
 * @param number its number among those to the same peer, from 0
 */
record Letter(String from, int number) {
  private static final int LENGTH = 64;

  String text() {
    String begin = from + " " + number + " ";
    return begin + "x".repeat(LENGTH - begin.length());
  }

  /** What a journal says of a text: {@code A.1 17}, or the text itself if it is no letter. */
  static String brief(String text) {
    int padding = text.lastIndexOf(' ');
    return padding < 0 ? text : text.substring(0, padding);
  }
}
