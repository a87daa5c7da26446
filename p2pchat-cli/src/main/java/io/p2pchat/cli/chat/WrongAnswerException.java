package io.p2pchat.cli.chat;

import io.p2pchat.cli.output.ResultText;

/** An answer is invalid. The message says what is accepted. */
public final class WrongAnswerException extends Exception {
  private static final long serialVersionUID = 1L;

  public WrongAnswerException(String message) {
    super(ResultText.sentence(message));
  }
}
