package io.p2pchat.cli;

/** Sets up the log on standard error. To be called before the first logger is made. */
final class LogSettings {
  private static final String PREFIX = "org.slf4j.simpleLogger.";

  private LogSettings() {}

  /** Quiet at 0, then what the node does, then its details, then also those of the network code. */
  static void configure(int verbosity) {
    System.setProperty(PREFIX + "defaultLogLevel", level(verbosity));
    System.setProperty(PREFIX + "log.io.netty", level(verbosity - 1));
    System.setProperty(PREFIX + "showDateTime", "true");
    System.setProperty(PREFIX + "dateTimeFormat", "HH:mm:ss.SSS");
  }

  private static String level(int verbosity) {
    return switch (verbosity) {
      case -1, 0 -> "error";
      case 1 -> "info";
      default -> "debug";
    };
  }
}
