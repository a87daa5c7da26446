package io.p2pchat.internal.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A line of the standard format, in which every program of the family talks. What may not be sent
 * is refused when it is built.
 */
public final class ChatLine implements Message {
  private static final char LINE_SEPARATOR = '\u2028';

  private final int port;
  private final String team;
  private final String text;
  private final @Nullable ReservedText reserved;

  private ChatLine(int port, String team, String text) {
    this.port = port;
    this.team = team;
    this.text = normal(text);
    this.reserved = ReservedText.of(this.text);
  }

  /**
   * A line to be sent. Team and text are stripped, and each CRLF, CR and LINE SEPARATOR of the text
   * becomes LF.
   *
   * @param port the sender's listening port, 1 to 65535
   * @param team the sender's team, 1 to 64 characters
   * @param text the text
   * @throws IllegalArgumentException if the port or the team is not as above
   */
  public static ChatLine of(int port, String team, String text) {
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("not a port: " + port + "; accepted are 1 to 65535");
    }
    return new ChatLine(port, TeamNameRule.require(team), text);
  }

  /**
   * Reads a line of the standard format; none is refused.
   *
   * @param line the line, without its terminator
   * @return a {@link ChatLine}, or a {@link RawLine} where the header breaks a rule
   */
  public static Message parse(String line) {
    Header header = Header.read(line);
    return header == null
        ? new RawLine(line)
        : new ChatLine(header.port(), header.team(), line.substring(header.length()));
  }

  /** The sender's listening port. */
  public int port() {
    return port;
  }

  /** The sender's team, stripped. */
  public String team() {
    return team;
  }

  /** The text, stripped, with line breaks as LF. */
  public String text() {
    return text;
  }

  /** The reserved text that this line's text is, or null. */
  public @Nullable ReservedText reserved() {
    return reserved;
  }

  /** The line as it is sent, without a terminator. It never holds CR or LF. */
  public String format() {
    return Header.format(port, team) + escape(text);
  }

  /** How many bytes {@link #format} takes in UTF-8. */
  public int encodedLength() {
    return format().getBytes(StandardCharsets.UTF_8).length;
  }

  /**
   * The text as a program sees it: stripped, with line breaks as LF. What its line carries is
   * {@link #escape} of it.
   */
  public static String normal(String text) {
    // Most texts have nothing to replace, and to look is cheap.
    return text.indexOf('\r') < 0 && text.indexOf(LINE_SEPARATOR) < 0
        ? text.strip()
        : withLineFeeds(text).strip();
  }

  /** A normal text as a line carries it. */
  public static String escape(String normal) {
    return normal.indexOf('\n') < 0 ? normal : normal.replace('\n', LINE_SEPARATOR);
  }

  private static String withLineFeeds(String text) {
    return text.replace("\r\n", "\n").replace('\r', '\n').replace(LINE_SEPARATOR, '\n');
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ChatLine line
        && port == line.port
        && team.equals(line.team)
        && text.equals(line.text);
  }

  @Override
  public int hashCode() {
    return Objects.hash(port, team, text);
  }

  @Override
  public String toString() {
    return "ChatLine[" + format() + "]";
  }
}
