package io.p2pchat.internal.protocol;

/**
 * Numbers the next message of this connection. Without it, a message has the number after that of
 * the message before, in the same outbox.
 *
 * @param outbox the outbox of the message
 * @param number its number there, 1 or more
 * @param time when it was sent, in milliseconds since 1970, or {@link #NOW}
 */
public record Next(String outbox, long number, long time) implements ControlLine {
  /** The value of {@link #time} of a message that has not waited for long. */
  public static final long NOW = -1;

  /** The last millisecond before the year 10000. */
  public static final long LATEST = 253_402_300_799_999L;

  private static final String TIME = "TIME";

  /** Checks the fields. */
  public Next {
    RandomIds.requireOutbox(outbox);
    ControlFields.requireNumber("the number", number, 1, ControlFields.MAX_COUNT);
    ControlFields.requireNumber(TIME, time, NOW, LATEST);
  }

  static Next read(ControlFields fields) {
    String value = fields.text("NEXT");
    int colon = value.indexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException("an outbox without a number");
    }
    return new Next(
        value.substring(0, colon),
        ControlFields.number("the number", value.substring(colon + 1)),
        fields.has(TIME) ? fields.number(TIME) : NOW);
  }

  @Override
  public String format() {
    return "NEXT:" + outbox + ":" + number + (time == NOW ? "" : "|" + TIME + ":" + time);
  }
}
