package io.p2pchat.cli.chat;

/** The person interrupted an answer. */
final class CancelledException extends Exception {
  private static final long serialVersionUID = 1L;
}
