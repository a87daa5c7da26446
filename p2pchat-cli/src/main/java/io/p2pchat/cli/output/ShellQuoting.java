package io.p2pchat.cli.output;

import java.util.regex.Pattern;

/** Words as they are typed at a shell (sh, bash, zsh): what is printed to be copied. */
public final class ShellQuoting {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:@%+=,-]+");

  private ShellQuoting() {}

  /** The word as it is where no shell minds it, else quoted. */
  public static String of(String word) {
    return PLAIN.matcher(word).matches() ? word : quoted(word);
  }

  /** The word in quotes: the shell finds nothing in it, and a terminal neither. */
  public static String quoted(String word) {
    return word.codePoints().anyMatch(TerminalEscaper::isUnsafe)
        ? escaped(word)
        : "'" + word.replace("'", "'\\''") + "'";
  }

  // As bash, zsh and newer sh have it: the word itself may not be shown.
  private static String escaped(String word) {
    StringBuilder quoted = new StringBuilder("$'");
    word.codePoints()
        .forEach(
            each -> {
              if (TerminalEscaper.isUnsafe(each)) {
                TerminalEscaper.appendUnicode(quoted, each);
              } else {
                quoted.append(each == '\'' || each == '\\' ? "\\" : "").appendCodePoint(each);
              }
            });
    return quoted.append("'").toString();
  }
}
