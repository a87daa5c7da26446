package io.p2pchat.cli.output;

import java.util.regex.Pattern;

/** Quotes words for a shell (sh, bash, zsh), in commands that people copy. */
public final class ShellQuoting {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:@%+=,-]+");

  private ShellQuoting() {}

  /** Returns the word, quoted if necessary. */
  public static String of(String word) {
    return PLAIN.matcher(word).matches() ? word : quoted(word);
  }

  /** Returns the word in quotes. Neither a shell nor a terminal interprets it. */
  public static String quoted(String word) {
    return word.codePoints().anyMatch(TerminalEscaper::isUnsafe)
        ? escaped(word)
        : "'" + word.replace("'", "'\\''") + "'";
  }

  // The form $'…' of bash, zsh and newer sh: unsafe characters must not be printed.
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
