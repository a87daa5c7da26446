package io.p2pchat.internal.protocol;

/** What a line means. */
public sealed interface Message permits ChatLine, RawLine, ControlLine, UnknownLine, MalformedLine {

  /**
   * Reads a line. Every line is a message of some kind; none is refused.
   *
   * @param line the line, without its terminator
   * @return a {@link ChatLine}, or a {@link RawLine} where the header breaks a rule
   */
  static Message parse(String line) {
    Header header = Header.read(line);
    return header == null
        ? new RawLine(line)
        : new ChatLine(header.port(), header.team(), line.substring(header.length()));
  }
}
