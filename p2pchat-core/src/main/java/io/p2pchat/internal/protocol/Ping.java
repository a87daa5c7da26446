package io.p2pchat.internal.protocol;

/**
 * Asks for a sign of life.
 *
 * @param token what the answer repeats; no bar and no control character
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
