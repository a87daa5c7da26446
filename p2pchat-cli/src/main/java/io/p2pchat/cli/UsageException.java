package io.p2pchat.cli;

import java.util.function.Function;

/** A value on the command line that is not accepted; the message says what is. */
final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UsageException(String message) {
    super(message);
  }

  private UsageException(String message, Throwable cause) {
    super(message, cause);
  }

  /**
   * Reads a value.
   *
   * @param name what the value is for, such as {@code option '--port'}
   * @param rule reads it, and throws {@link IllegalArgumentException} where it is not accepted
   * @throws UsageException if it is not accepted
   */
  static <T, R> R read(String name, Function<? super T, ? extends R> rule, T value) {
    try {
      return rule.apply(value);
    } catch (IllegalArgumentException e) {
      throw new UsageException("Invalid value for " + name + ": " + e.getMessage(), e);
    }
  }

  /** Refuses a number below 1. */
  static void requirePositive(String option, int value) {
    if (value < 1) {
      throw new UsageException(
          "Invalid value for option '" + option + "': " + value + "; accepted are 1 and above");
    }
  }
}
