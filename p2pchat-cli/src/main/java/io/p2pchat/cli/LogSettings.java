package io.p2pchat.cli;

/** Configures the log on standard error. Call this before the first logger is created. */
final class LogSettings {
  private static final String PREFIX = "org.slf4j.simpleLogger.";

  private LogSettings() {}

  /** 0 logs errors only, 1 adds info, 2 adds debug, and 3 adds debug of Netty. */
  static void configure(int verbosity) {
    System.setProperty(PREFIX + "defaultLogLevel", level(verbosity));
    System.setProperty(PREFIX + "log.io.netty", level(verbosity - 1));
    // It logs, with a stack trace and every five seconds, what the store says in words.
    System.setProperty(PREFIX + "log.org.sqlite", verbosity < 2 ? "off" : level(verbosity));
    System.setProperty(PREFIX + "showDateTime", "true");
    if (verbosity > 0) {
      // Else it is the milliseconds since the start: to load the format takes time at every start.
      System.setProperty(PREFIX + "dateTimeFormat", "HH:mm:ss.SSS");
    }
  }

  private static String level(int verbosity) {
    return switch (verbosity) {
      case -1, 0 -> "error";
      case 1 -> "info";
      default -> "debug";
    };
  }
}
