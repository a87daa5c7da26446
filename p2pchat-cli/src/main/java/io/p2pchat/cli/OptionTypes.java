package io.p2pchat.cli;

import io.p2pchat.cli.chat.ColorMode;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.TypeConversionException;

/** Converts the values of options. Its errors are for people: they name no type of Java. */
final class OptionTypes {
  private OptionTypes() {}

  /** Registers the conversions for a command and its subcommands. */
  static void register(CommandLine all) {
    all.registerConverter(Integer.class, OptionTypes::number)
        .registerConverter(Path.class, OptionTypes::path)
        .registerConverter(ColorMode.class, OptionTypes::colorMode);
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

  private static Path path(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new TypeConversionException("\"" + text + "\" cannot be the name of a file");
    }
  }

  private static ColorMode colorMode(String text) {
    return Arrays.stream(ColorMode.values())
        .filter(each -> each.name().equalsIgnoreCase(text))
        .findFirst()
        .orElseThrow(
            () -> new TypeConversionException("\"" + text + "\"; accepted are " + modes()));
  }

  private static String modes() {
    return Arrays.stream(ColorMode.values())
        .map(mode -> mode.name().toLowerCase(Locale.ROOT))
        .collect(Collectors.joining(", "));
  }
}
