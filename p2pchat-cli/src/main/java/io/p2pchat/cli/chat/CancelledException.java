package io.p2pchat.cli.chat;

/** The user pressed Ctrl-C at a prompt. */
public final class CancelledException extends Exception {
  private static final long serialVersionUID = 1L;
}
