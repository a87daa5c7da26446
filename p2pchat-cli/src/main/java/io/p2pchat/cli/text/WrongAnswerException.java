package io.p2pchat.cli.text;

/** An answer that is not accepted; the message says what is. */
public final class WrongAnswerException extends Exception {
  private static final long serialVersionUID = 1L;

  public WrongAnswerException(String message) {
    super(Wording.sentence(message));
  }
}
