package io.p2pchat.cli.chat;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.Charset;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** The abilities of the terminal of this process. */
public final class TerminalSupport {
  /** The width of a terminal that does not tell its own. */
  private static final int USUAL_COLUMNS = 80;

  private static final int NO_TERMINAL = 3;

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

  /**
   * Returns the width of a dumb terminal.
   *
   * @param told what the terminal tells of itself, or 0
   */
  static int columns(Map<String, String> env, int told) {
    String columns = env.getOrDefault("COLUMNS", "");
    int known = columns.matches("[0-9]{1,4}") ? Integer.parseInt(columns) : told;
    return known > 0 ? known : USUAL_COLUMNS;
  }

  /** Returns the width of the terminal that shows the standard output, or 0 without one. */
  public static int columnsOfOutput() {
    ProcessBuilder shell = new ProcessBuilder("sh", "-c", "test -t 1 || exit 3; stty size <&1 >&2");
    return columns(shell.redirectOutput(Redirect.INHERIT), Process::getErrorStream);
  }

  /** Returns the width of the terminal that shows the standard error, or 0 without one. */
  public static int columnsOfErrors() {
    ProcessBuilder shell = new ProcessBuilder("sh", "-c", "test -t 2 || exit 3; stty size <&2");
    return columns(shell.redirectError(Redirect.INHERIT), Process::getInputStream);
  }

  private static int columns(ProcessBuilder shell, Function<Process, InputStream> answer) {
    try {
      Process process = shell.start();
      process.getOutputStream().close();
      String size = new String(answer.apply(process).readAllBytes(), UTF_8).strip();
      if (process.waitFor() == NO_TERMINAL) {
        return 0;
      }
      int columns = size.matches("[0-9]+ [0-9]{1,4}") ? Integer.parseInt(size.split(" ", 2)[1]) : 0;
      return columns > 0 ? columns : USUAL_COLUMNS;
    } catch (IOException e) {
      return isInteractive() ? USUAL_COLUMNS : 0; // There is no such shell.
    } catch (InterruptedException e) {
      throw new IllegalStateException("nothing interrupts this thread", e);
    }
  }

  /** Returns whether the terminal has a title that programs can set. */
  static boolean hasTitle() {
    String type = System.getenv().getOrDefault("TERM", "");
    return !isDumb()
        && !type.equals("linux")
        && !type.startsWith("vt")
        && !type.equals("ansi")
        && !type.equals("unknown");
  }

  /** The notifications of a terminal. */
  enum Notification {
    /** No known notification. The bell rings instead. */
    NONE("", "\007"),
    /** {@code OSC 9}, as in iTerm2, kitty, WezTerm and Ghostty. */
    OSC_9("\033]9;", "\007"),
    /** {@code OSC 777}, as in foot, rxvt-unicode and terminals with VTE. */
    OSC_777("\033]777;notify;p2pchat;", "\007"),
    /** The same for the terminal around tmux. The bell marks the window of tmux. */
    OSC_9_IN_TMUX("\033Ptmux;\033\033]9;", "\007\033\\\007"),
    /** The same for the terminal around tmux. The bell marks the window of tmux. */
    OSC_777_IN_TMUX("\033Ptmux;\033\033]777;notify;p2pchat;", "\007\033\\\007");

    private final String begin;
    private final String end;

    Notification(String begin, String end) {
      this.begin = begin;
      this.end = end;
    }

    /** Returns the sequence for a text without control characters. */
    String of(String text) {
      return begin.isEmpty() ? end : begin + text + end;
    }

    /** Returns what the terminal of this environment has. */
    static Notification of(Map<String, String> env) {
      String type = env.getOrDefault("TERM", "");
      String program = env.getOrDefault("TERM_PROGRAM", "");
      boolean isTmux = !env.getOrDefault("TMUX", "").isEmpty();
      boolean is777 =
          type.startsWith("rxvt") || type.startsWith("foot") || env.containsKey("VTE_VERSION");
      // Within tmux, the terminal may be another one than that in which tmux was started.
      boolean is9 =
          isTmux
              || program.equals("iTerm.app")
              || program.equals("WezTerm")
              || program.equals("ghostty")
              || type.equals("xterm-ghostty")
              || type.equals("xterm-kitty")
              || env.getOrDefault("LC_TERMINAL", "").equals("iTerm2");
      if (is777) {
        return isTmux ? OSC_777_IN_TMUX : OSC_777;
      }
      return is9 ? isTmux ? OSC_9_IN_TMUX : OSC_9 : NONE;
    }
  }

  private static boolean isWindows() {
    return System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("windows");
  }
}
