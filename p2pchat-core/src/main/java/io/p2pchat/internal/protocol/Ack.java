package io.p2pchat.internal.protocol;

/**
 * The application has taken chat lines.
 *
 * @param count how many of this session, from its first
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
