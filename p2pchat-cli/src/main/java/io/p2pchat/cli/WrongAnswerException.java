package io.p2pchat.cli;

/** An answer that is not accepted; the message says what is. */
final class WrongAnswerException extends Exception {
  private static final long serialVersionUID = 1L;

  WrongAnswerException(String message) {
    super(Wording.sentence(message));
  }
}
