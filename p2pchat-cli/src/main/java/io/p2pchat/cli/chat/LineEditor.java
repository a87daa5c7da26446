package io.p2pchat.cli.chat;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.p2pchat.cli.output.LineWrap;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jline.reader.Candidate;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.LineReaderImpl;
import org.jline.terminal.Attributes;
import org.jline.terminal.Attributes.LocalFlag;
import org.jline.terminal.Terminal;
import org.jline.terminal.Terminal.Signal;
import org.jline.terminal.Terminal.SignalHandler;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.AttributedString;
import org.jline.utils.InfoCmp.Capability;
import org.jspecify.annotations.Nullable;

/**
 * A terminal with JLine's line editor: history, completion, and lines shown above the current
 * input. This is the only class that uses JLine. It breaks all lines and prompts at words. Each
 * pasted line is an answer, but never a command after {@code /to}. The text after the last line
 * break stays in the editor.
 */
final class LineEditor implements Screen {
  private static final String PASTE_END = "\033[201~";
  private static final String LEAVE = "\033[?2004l\033[?1l\033>";
  private static final String REPORT_FOCUS = "\033[?1004h";
  private static final String KEEP_TITLE = "\033[22;2t";

  private static final String IGNORE_FOCUS = "\033[?1004l";

  /** Resets the title where the terminal has kept none, too. */
  private static final String RESET_TITLE = "\033]2;\007\033[23;2t";

  private static final int HISTORY_LINES = 1000;
  private static final char REPLACEMENT = '\uFFFD';

  private final Terminal terminal;
  private final Reader reader;
  private final Queue<String> pasted = new ArrayDeque<>();
  private String rest = "";
  private boolean isPasted;
  private boolean toldOfBytes;
  private volatile Prompt question = new Prompt("", Prompt.Kind.OTHER);

  private final Attention attention;
  private volatile boolean joined;

  private LineEditor(Terminal terminal, Attention attention) throws IOException {
    this.terminal = terminal;
    this.attention = attention;
    this.reader = new Reader(terminal);
    terminal.handle(Signal.INT, SignalHandler.SIG_IGN); // While no line is being edited.
  }

  /**
   * Opens the terminal of this process.
   *
   * @throws IOException if there is no usable one
   */
  static LineEditor open(Attention attention) throws IOException {
    // Leaves Ctrl-Z to the system, because JLine does not stop the process.
    System.setProperty(TerminalBuilder.PROP_SOFTWARE_SIGNALS, "false");
    return open(TerminalBuilder.builder().system(true).dumb(false), attention);
  }

  /**
   * Opens a pseudoterminal on these streams.
   *
   * @throws IOException if the system cannot create one
   */
  static LineEditor openOn(InputStream in, OutputStream out, Attention attention)
      throws IOException {
    return open(TerminalBuilder.builder().streams(in, out).type("xterm-256color"), attention);
  }

  private static LineEditor open(TerminalBuilder builder, Attention attention) throws IOException {
    try {
      // JLine logs missing features with stack traces.
      Logger.getLogger("org.jline").setLevel(Level.OFF);
      return new LineEditor(
          builder.name("p2pchat").graphemeCluster(false).env(LineEditor::withoutProbes).build(),
          attention);
    } catch (IllegalStateException e) {
      throw new IOException("the terminal cannot be used: " + e.getMessage(), e);
    }
  }

  /**
   * Hides the terminal from JLine's probes for unused modes. They cost 0.4 s at the start. With a
   * timeout of 0, the answers would arrive as input. JLine never probes Apple_Terminal.
   */
  private static @Nullable String withoutProbes(String variable) {
    return variable.equals("TERM_PROGRAM") ? "Apple_Terminal" : System.getenv(variable);
  }

  @Override
  public void join(InputCompletion completion, Path history) {
    reader.setCompleter(
        (line, at, found) ->
            completion
                .complete(question, at.line())
                .forEach((value, about) -> found.add(candidate(value, about))));
    reader.setVariable(LineReader.HISTORY_FILE, history);
    reader.getHistory().attach(reader);
    Attributes quiet = terminal.getAttributes();
    quiet.setLocalFlag(LocalFlag.ECHO, false); // The focus is reported between two lines, too.
    terminal.setAttributes(quiet);
    joined = true;
    terminal.handle(Signal.TSTP, this::stop);
    enter();
  }

  private void enter() {
    write((TerminalSupport.hasTitle() ? KEEP_TITLE + attention.begin() : "") + REPORT_FOCUS);
  }

  private static String leaveChat() {
    return IGNORE_FOCUS + (TerminalSupport.hasTitle() ? RESET_TITLE : "");
  }

  /** Stops the process as the system does, but without the modes of the chat. Then goes on. */
  private void stop(Signal signal) {
    write(leaveChat());
    terminal.handle(Signal.TSTP, SignalHandler.SIG_DFL);
    try {
      // Java raises no signal that it does not handle.
      String command = "kill -TSTP " + ProcessHandle.current().pid();
      new ProcessBuilder("sh", "-c", command).start().waitFor();
    } catch (IOException e) {
      // It cannot be stopped.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    terminal.handle(Signal.TSTP, this::stop);
    enter();
  }

  private void write(String controls) {
    reader.write(controls);
  }

  private static Candidate candidate(String value, String about) {
    return new Candidate(value, value, null, ChatFormat.safe(about), null, null, true);
  }

  @Override
  public String ask(Prompt next) throws EndOfInputException, CancelledException {
    String answer = answer(next);
    if (!toldOfBytes && answer.indexOf(REPLACEMENT) >= 0) {
      toldOfBytes = true;
      show(List.of("What you typed was not all UTF-8. Invalid bytes have become U+FFFD."));
    }
    return answer;
  }

  private String answer(Prompt next) throws EndOfInputException, CancelledException {
    question = next;
    isPasted = false;
    if (next.kind() == Prompt.Kind.CONFIRMATION) {
      return read(next, "");
    }
    String line = pasted.poll();
    if (line == null) {
      String begun = rest;
      rest = "";
      return read(next, begun);
    }
    isPasted = true;
    String answer = asText(line);
    if (!next.isRepeated(answer)) {
      show(List.of(next.prompt() + ChatFormat.text(line)));
    }
    return answer;
  }

  @Override
  public boolean isPasted() {
    return isPasted;
  }

  @Override
  public boolean erasesRepeated() {
    return true;
  }

  private String read(Prompt next, String begun) throws EndOfInputException, CancelledException {
    reader.setVariable(LineReader.DISABLE_HISTORY, !next.isRemembered());
    try {
      return reader.readLine(shown(next), null, (Character) null, begun);
    } catch (UserInterruptException e) {
      throw new CancelledException();
    } catch (EndOfFileException e) {
      throw new EndOfInputException();
    } finally {
      reader.forgetRule();
      write(attention.read());
    }
  }

  /** Returns a prompt for JLine as it is now. Escapes %, which is special there. */
  private String shown(Prompt next) {
    return String.join("\n", wrapped(List.of(next.prompt()))).replace("%", "%%");
  }

  /** Keeps a pasted path from being a command. */
  private String asText(String line) {
    return question.kind() == Prompt.Kind.TALK && line.startsWith("/") ? "/" + line : line;
  }

  @Override
  public void show(List<String> lines) {
    reader.printAbove(wrapped(lines));
  }

  private List<String> wrapped(List<String> lines) {
    int columns = terminal.getColumns();
    return lines.stream().flatMap(line -> LineWrap.of(line, columns).stream()).toList();
  }

  @Override
  public int colors() {
    return Optional.ofNullable(terminal.getNumericCapability(Capability.max_colors)).orElse(0);
  }

  /** Resets the modes of the line editor, without JLine, which may have closed the terminal. */
  @Override
  public void restore() {
    try {
      String leave = LEAVE + (joined ? leaveChat() : "") + "\r\n";
      new FileOutputStream(FileDescriptor.out).write(leave.getBytes(US_ASCII));
    } catch (IOException e) {
      // The terminal is gone.
    }
  }

  @Override
  public void close() {
    try {
      if (joined) {
        write(leaveChat());
      }
      terminal.close();
    } catch (IOException e) {
      // The terminal is gone.
    }
  }

  private final class Reader extends LineReaderImpl {
    /** How many rows above the prompt the rule is, or 0 if it is not known. */
    private int rowsFromRule;

    Reader(Terminal terminal) throws IOException {
      super(terminal, "p2pchat", new HashMap<>());
      setParser((line, cursor, context) -> parse(line, cursor));
      setVariable(LineReader.HISTORY_SIZE, HISTORY_LINES);
      setVariable(LineReader.HISTORY_FILE_SIZE, HISTORY_LINES);
      setVariable(LineReader.HISTORY_IGNORE, "0:1:2:3");
      setVariable(LineReader.BELL_STYLE, "none");
      setVariable(LineReader.ERRORS, 0); // Guesses would be listed in groups with names of JLine's.
      setOpt(Option.DISABLE_EVENT_EXPANSION);
      setOpt(Option.CASE_INSENSITIVE);
      unsetOpt(Option.HISTORY_TIMESTAMPED);
      unsetOpt(Option.AUTO_PARAM_SLASH);
      unsetOpt(Option.INSERT_TAB);
      getWidgets().put(CALLBACK_INIT, this::begin);
    }

    /** Writes controls, but not into the middle of what another thread writes. */
    void write(String controls) {
      lock.lock();
      try {
        terminal.writer().write(controls);
        terminal.flush();
      } finally {
        lock.unlock();
      }
    }

    /** The prompt may have changed since it was read. */
    private boolean begin() {
      setPrompt(shown(question));
      return takeSignals();
    }

    /** Shows lines and the prompt as it is now. Remembers how many rows are below the rule. */
    void printAbove(List<String> lines) {
      lock.lock();
      try {
        for (String line : lines) {
          if (attention.isRule(line)) {
            rowsFromRule = 1;
          } else if (rowsFromRule > 0) {
            rowsFromRule += rows(line);
          }
        }
        setPrompt(shown(question));
        printAbove(attention.controls() + String.join("\n", lines));
      } finally {
        lock.unlock();
      }
    }

    private int rows(String line) {
      int columns = Math.max(1, size.getColumns());
      int width = AttributedString.fromAnsi(line).columnLength();
      return Math.max(1, (width + columns - 1) / columns);
    }

    void forgetRule() {
      lock.lock();
      try {
        rowsFromRule = 0;
      } finally {
        lock.unlock();
      }
    }

    @Override
    public boolean focusOut() {
      attention.leave();
      rowsFromRule = 0;
      return true;
    }

    /** Writes the number of new messages into the rule, if that is still on the screen. */
    @Override
    public boolean focusIn() {
      int unread = attention.come();
      int up = rowsFromRule;
      rowsFromRule = 0;
      if (up > 0 && up + rows(question.prompt() + getBuffer()) <= size.getRows()) {
        display.update(List.of(), 0);
        terminal.writer().write("\033[" + up + "A\r" + attention.rule(unread));
        terminal.writer().write("\033[K\033[" + up + "B\r");
        redisplay(false);
      }
      write(attention.title());
      return true;
    }

    @Override
    protected void handleSignal(Signal signal) {
      if (signal == Signal.WINCH) {
        rowsFromRule = 0;
      }
      super.handleSignal(signal);
      if (signal == Signal.CONT) {
        takeSignals();
      }
    }

    private boolean takeSignals() {
      Attributes attributes = terminal.getAttributes();
      attributes.setLocalFlag(LocalFlag.ISIG, true);
      terminal.setAttributes(attributes);
      return true;
    }

    /** Erases a line that the chat shows again as a sent message. */
    @Override
    protected boolean acceptLine() {
      option(Option.ERASE_LINE_ON_FINISH, question.isRepeated(getBuffer().toString()));
      return super.acceptLine();
    }

    @Override
    public boolean beginPaste() {
      String[] lines = doReadStringUntil(PASTE_END).split("\r\n|\r|\n", -1);
      boolean several = lines.length > 1;
      getBuffer().write(several && getBuffer().length() == 0 ? asText(lines[0]) : lines[0]);
      if (!several) {
        return true;
      }
      pasted.addAll(List.of(lines).subList(1, lines.length - 1));
      rest = lines[lines.length - 1];
      isPasted = true;
      return acceptLine();
    }
  }

  /** Parses the command, or all that follows it, because team names may contain spaces. */
  private static ParsedLine parse(String line, int cursor) {
    int blank = line.startsWith("/") ? line.indexOf(' ') : -1;
    boolean inCommand = blank < 0 || cursor <= blank;
    int from = inCommand ? 0 : blank + 1;
    String word = line.substring(from, inCommand && blank >= 0 ? blank : line.length());
    return new Word(word, cursor - from, 0, List.of(word), line, cursor);
  }

  private record Word(
      String word, int wordCursor, int wordIndex, List<String> words, String line, int cursor)
      implements ParsedLine {}
}
