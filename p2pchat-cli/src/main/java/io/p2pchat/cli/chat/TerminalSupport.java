package io.p2pchat.cli.chat;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.Console;
import java.nio.charset.Charset;
import java.util.Locale;
import java.util.Map;

/** The abilities of the terminal of this process. */
public final class TerminalSupport {
  private TerminalSupport() {}

  /** Returns whether standard input and output are a terminal. */
  // Null without a terminal up to Java 21. From Java 22 on, isTerminal tells.
  @SuppressWarnings("SystemConsoleNull")
  public static boolean isInteractive() {
    Console console = System.console();
    return console != null && isTerminal(console);
  }

  // From Java 22 on, there is a console without a terminal too. Before, there is no such method.
  private static boolean isTerminal(Console console) {
    try {
      return (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (ReflectiveOperationException e) {
      return true;
    }
  }

  /** Returns whether the terminal only supports plain lines. */
  static boolean isDumb() {
    String type = System.getenv("TERM");
    return !isWindows() && (type == null || type.isEmpty() || type.equals("dumb"));
  }

  /** Returns whether the terminal shows characters beyond ASCII. */
  static boolean showsSigns() {
    return isWindows()
        ? Charset.defaultCharset().equals(UTF_8)
        : !isDumb() && isUtf8(System.getenv());
  }

  private static boolean isUtf8(Map<String, String> env) {
    for (String name : new String[] {"LC_ALL", "LC_CTYPE", "LANG"}) {
      String locale = env.getOrDefault(name, "");
      if (!locale.isEmpty()) {
        String lower = locale.toLowerCase(Locale.ROOT);
        return lower.contains("utf-8") || lower.contains("utf8");
      }
    }
    return false;
  }

  private static boolean isWindows() {
    return System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("windows");
  }
}
