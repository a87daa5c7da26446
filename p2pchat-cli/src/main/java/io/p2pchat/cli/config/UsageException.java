package io.p2pchat.cli.config;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A value that is not accepted; the message says what is. */
public final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<String> options;

  /**
   * Refuses something.
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

  /** The options that it is about, which may have got their values elsewhere. */
  public List<String> options() {
    return options;
  }

  /**
   * Reads the value of an option.
   *
   * @param option such as {@code --port}
   * @param rule reads it, and throws {@link IllegalArgumentException} where it is not accepted
   * @throws UsageException if it is not accepted
   */
  public static <T, R> R readOption(String option, Function<? super T, ? extends R> rule, T value) {
    return read("option '" + option + "'", rule, value, List.of(option));
  }

  /**
   * Reads a value.
   *
   * @param name what the value is for, such as {@code 'HOST:PORT'}
   * @param rule reads it, and throws {@link IllegalArgumentException} where it is not accepted
   * @throws UsageException if it is not accepted
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

  /** Refuses a number below 1; no number is accepted. */
  public static void requirePositive(String option, @Nullable Integer value) {
    if (value != null && value < 1) {
      throw new UsageException(
          "Invalid value for option '" + option + "': " + value + "; accepted are 1 and above",
          option);
    }
  }
}
