package io.p2pchat.cli;

/** The exit statuses. */
final class ExitStatus {
  static final int OK = 0;
  static final int FAILED = 1;
  static final int TIMED_OUT = 3;

  /** The status that a shell reports after SIGINT. */
  static final int INTERRUPTED = 130;

  /** The status that a shell reports after SIGPIPE. */
  static final int OUTPUT_CLOSED = 141;

  /** Lines of {@code --help}. */
  static final String USAGE_HELP = "2:wrong usage";

  static final String CLOSED_HELP = "141:the reader closed standard output";
  static final String TERMINATED_HELP = "143:SIGTERM";

  private ExitStatus() {}
}
