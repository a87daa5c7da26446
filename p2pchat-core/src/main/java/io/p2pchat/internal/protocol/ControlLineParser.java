package io.p2pchat.internal.protocol;

/** Parses the control lines of a session (PROTOCOL.md section 4). Add new kinds here. */
public final class ControlLineParser {
  /**
   * A line with a key that this version does not know. It is ignored.
   *
   * @param key its first key
   */
  public record UnknownLine(String key) implements Message {}

  /**
   * A line with a known key and a wrong or missing field. It violates the protocol.
   *
   * @param problem the problem
   */
  public record MalformedLine(String problem) implements Message {}

  private ControlLineParser() {}

  /**
   * Parses a line of a session that is not a chat line. Rejects none.
   *
   * @param line the line, without its terminator
   * @return a {@link ControlLine}, an {@link UnknownLine} or a {@link MalformedLine}
   */
  public static Message parse(String line) {
    ControlFields fields = ControlFields.split(line);
    try {
      return switch (fields.key()) {
        case "GREETING" -> Greeting.read(fields);
        case "HELLO" -> Hello.read(fields);
        case "WELCOME" -> Welcome.read(fields);
        case "ACK" -> new Ack(fields.number("ACK"));
        case "PING" -> new Ping(fields.text("PING"));
        case "PONG" -> new Pong(fields.text("PONG"));
        case "BYE" -> Bye.read(fields);
        case "PEERS" -> new Peers(fields.text("PEERS"));
        case "OUTBOX" -> Outbox.read(fields.text("OUTBOX"));
        case "STORED" -> Stored.read(fields.text("STORED"));
        case "NEXT" -> Next.read(fields);
        default -> new UnknownLine(fields.key());
      };
    } catch (IllegalArgumentException e) {
      return new MalformedLine(fields.key() + ": " + e.getMessage());
    }
  }
}
