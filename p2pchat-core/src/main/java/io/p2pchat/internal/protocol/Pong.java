package io.p2pchat.internal.protocol;

/**
 * Answers a {@link Ping}.
 *
 * @param token the token of the ping; no bar and no control character
 */
public record Pong(String token) implements ControlLine {
  /** Checks the fields. */
  public Pong {
    ControlFields.requireToken("PONG", token);
  }

  @Override
  public String format() {
    return "PONG:" + token;
  }
}
