package io.p2pchat.cli;

/** What the process ends with. */
final class ExitStatus {
  static final int OK = 0;
  static final int FAILED = 1;
  static final int TIMED_OUT = 3;

  /** What a shell reports of a program that SIGPIPE ended. */
  static final int OUTPUT_CLOSED = 141;

  private ExitStatus() {}
}
