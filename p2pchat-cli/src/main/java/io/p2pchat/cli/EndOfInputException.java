package io.p2pchat.cli;

/** Nobody is there to answer any more. */
final class EndOfInputException extends Exception {
  private static final long serialVersionUID = 1L;
}
