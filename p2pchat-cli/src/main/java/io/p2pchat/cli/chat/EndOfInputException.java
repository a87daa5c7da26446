package io.p2pchat.cli.chat;

/** Nobody is there to answer any more. */
public final class EndOfInputException extends Exception {
  private static final long serialVersionUID = 1L;
}
