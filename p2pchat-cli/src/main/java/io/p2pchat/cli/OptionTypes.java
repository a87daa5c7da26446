package io.p2pchat.cli;

import io.p2pchat.cli.chat.ColorMode;
import io.p2pchat.cli.chat.NotifyMode;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Converts the values of options. Its errors are for people: they name no type of Java. */
final class OptionTypes {
  private OptionTypes() {}

  /** Registers the conversions for a command and its subcommands. */
  static void register(CommandLine all) {
    // One for both: the JVM of Java 17 crashes when it archives two equal lambdas of picocli's
    // types.
    ITypeConverter<Boolean> choice = OptionTypes::choice;
    all.registerConverter(Integer.class, OptionTypes::number)
        .registerConverter(Boolean.class, choice)
        .registerConverter(boolean.class, choice)
        .registerConverter(Path.class, OptionTypes::path)
        .registerConverter(ColorMode.class, oneOf(ColorMode.class))
        .registerConverter(NotifyMode.class, oneOf(NotifyMode.class));
  }

  private static Integer number(String text) {
    try {
      return Integer.valueOf(text);
    } catch (NumberFormatException e) {
      boolean isTooLarge = text.matches("[+-]?[0-9]+");
      throw new TypeConversionException(
          isTooLarge
              ? text + "; accepted are numbers up to " + Integer.MAX_VALUE
              : "\"" + text + "\"; accepted are whole numbers");
    }
  }

  private static Boolean choice(String text) {
    if (text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false")) {
      return Boolean.valueOf(text);
    }
    throw new TypeConversionException("\"" + text + "\"; accepted are true and false");
  }

  private static Path path(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new TypeConversionException("\"" + text + "\" cannot be the name of a file");
    }
  }

  /** Converts values as their {@code toString} says them, in upper or lower case. */
  private static <E extends Enum<E>> ITypeConverter<E> oneOf(Class<E> type) {
    List<E> values = List.of(type.getEnumConstants());
    return text ->
        values.stream()
            .filter(each -> each.toString().equalsIgnoreCase(text))
            .findFirst()
            .orElseThrow(
                () ->
                    new TypeConversionException(
                        "\""
                            + text
                            + "\"; accepted are "
                            + values.stream().map(E::toString).collect(Collectors.joining(", "))));
  }
}
