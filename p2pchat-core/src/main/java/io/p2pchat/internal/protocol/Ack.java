package io.p2pchat.internal.protocol;

/**
 * Acknowledges chat lines that the application has taken.
 *
 * @param count the number of acknowledged lines, from the first of this session
 */
public record Ack(long count) implements ControlLine {
  /** Checks the fields. */
  public Ack {
    ControlFields.requireCount("ACK", count);
  }

  @Override
  public String format() {
    return "ACK:" + count;
  }
}
