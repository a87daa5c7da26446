package io.p2pchat.internal.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A line of the standard format, which every compatible program speaks. The factory rejects values
 * that cannot be sent.
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
   * Creates a line to send. Strips team and text. Each CRLF, CR and LINE SEPARATOR in the text
   * becomes LF.
   *
   * @param port the sender's listening port, 1 to 65535
   * @param team the sender's team, 1 to 64 characters
   * @param text the text
   * @throws IllegalArgumentException if the port or the team is out of its range
   */
  public static ChatLine of(int port, String team, String text) {
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("not a port: " + port + "; accepted are 1 to 65535");
    }
    return new ChatLine(port, TeamNameRule.require(team), text);
  }

  /**
   * Parses a line of the standard format. Rejects none.
   *
   * @param line the line, without its terminator
   * @return a {@link ChatLine}, or a {@link RawLine} if the header breaks a rule
   */
  public static Message parse(String line) {
    Header header = Header.read(line);
    return header == null
        ? new RawLine(line)
        : new ChatLine(header.port(), header.team(), line.substring(header.length()));
  }

  /**
   * Parses a line of this node whose text is in its {@link ExactText exact form}. Its text is
   * changed as by {@link #of}.
   */
  public static ChatLine parseExact(String line) {
    Header header = Objects.requireNonNull(Header.read(line));
    String text = ExactText.unescape(line.substring(header.length()));
    return new ChatLine(header.port(), header.team(), text);
  }

  /** Returns the sender's listening port. */
  public int port() {
    return port;
  }

  /** Returns the sender's team, stripped. */
  public String team() {
    return team;
  }

  /** Returns the text, stripped, with line breaks as LF. */
  public String text() {
    return text;
  }

  /** Returns the reserved text that equals this text, or null. */
  public @Nullable ReservedText reserved() {
    return reserved;
  }

  /** Returns the line as it is sent, without a terminator. It never holds CR or LF. */
  public String format() {
    return Header.format(port, team) + escape(text);
  }

  /** Returns the length of {@link #format} in UTF-8 bytes. */
  public int encodedLength() {
    return format().getBytes(StandardCharsets.UTF_8).length;
  }

  /**
   * Returns the text as an application sees it: stripped, with line breaks as LF. On the wire it is
   * {@link #escape escaped}.
   */
  public static String normal(String text) {
    // Most texts need no replacement, and this check is cheap.
    return text.indexOf('\r') < 0 && text.indexOf(LINE_SEPARATOR) < 0
        ? text.strip()
        : withLineFeeds(text).strip();
  }

  /** Returns a normal text in its wire form. */
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
