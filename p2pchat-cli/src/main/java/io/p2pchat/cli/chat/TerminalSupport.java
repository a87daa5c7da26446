package io.p2pchat.cli.chat;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.Console;
import java.nio.charset.Charset;
import java.util.Locale;
import java.util.Map;

/** What is known of the terminal of this process. */
public final class TerminalSupport {
  private TerminalSupport() {}

  /** Whether a person types and reads: neither standard input nor output goes elsewhere. */
  // Null up to Java 21; from 22 on, isTerminal says it.
  @SuppressWarnings("SystemConsoleNull")
  public static boolean isInteractive() {
    Console console = System.console();
    return console != null && isTerminal(console);
  }

  // From Java 22 on there is a console without a terminal too; before, there is no such method.
  private static boolean isTerminal(Console console) {
    try {
      return (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (ReflectiveOperationException e) {
      return true;
    }
  }

  /** Whether the terminal can do no more than lines. */
  static boolean isDumb() {
    String type = System.getenv("TERM");
    return !isWindows() && (type == null || type.isEmpty() || type.equals("dumb"));
  }

  /** Whether it shows more than ASCII. */
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
