package io.p2pchat.cli.config;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A value is invalid. The message says what is accepted. */
public final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<String> options;

  /**
   * Creates the exception.
   *
   * @param options the options that it is about
   */
  public UsageException(String message, String... options) {
    super(message);
    this.options = List.of(options);
  }

  private UsageException(String message, Throwable cause, List<String> options) {
    super(message, cause);
    this.options = options;
  }

  /** Returns the options that it is about. Their values may come from the configuration. */
  public List<String> options() {
    return options;
  }

  /**
   * Reads the value of an option.
   *
   * @param option such as {@code --port}
   * @param rule parses it, and throws {@link IllegalArgumentException} if it is invalid
   * @throws UsageException if it is invalid
   */
  public static <T, R> R readOption(String option, Function<? super T, ? extends R> rule, T value) {
    return read("option '" + option + "'", rule, value, List.of(option));
  }

  /**
   * Reads a value.
   *
   * @param name what the value is for, such as {@code 'HOST:PORT'}
   * @param rule parses it, and throws {@link IllegalArgumentException} if it is invalid
   * @throws UsageException if it is invalid
   */
  public static <T, R> R read(String name, Function<? super T, ? extends R> rule, T value) {
    return read(name, rule, value, List.of());
  }

  private static <T, R> R read(
      String name, Function<? super T, ? extends R> rule, T value, List<String> options) {
    try {
      return rule.apply(value);
    } catch (IllegalArgumentException e) {
      throw new UsageException("Invalid value for " + name + ": " + e.getMessage(), e, options);
    }
  }

  /** Refuses a number below 1. Null is accepted. */
  public static void requirePositive(String option, @Nullable Integer value) {
    if (value != null && value < 1) {
      throw new UsageException(
          "Invalid value for option '" + option + "': " + value + "; accepted are 1 and above",
          option);
    }
  }
}
