package io.p2pchat.cli.chat;

/** The input has ended. */
public final class EndOfInputException extends Exception {
  private static final long serialVersionUID = 1L;
}
