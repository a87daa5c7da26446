package io.p2pchat.internal.protocol;

/**
 * A sign of life.
 *
 * @param token what the question said; no bar and no control character
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
