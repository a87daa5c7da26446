package io.p2pchat.internal.protocol;

/**
 * Asks for a {@link Pong}.
 *
 * @param token the token for the answer to repeat; no bar and no control character
 */
public record Ping(String token) implements ControlLine {
  /** Checks the fields. */
  public Ping {
    ControlFields.requireToken("PING", token);
  }

  @Override
  public String format() {
    return "PING:" + token;
  }
}
