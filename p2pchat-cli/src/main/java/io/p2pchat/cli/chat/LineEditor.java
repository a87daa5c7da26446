package io.p2pchat.cli.chat;

import static java.nio.charset.StandardCharsets.US_ASCII;

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
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.LineReaderImpl;
import org.jline.terminal.Attributes;
import org.jline.terminal.Attributes.LocalFlag;
import org.jline.terminal.Terminal;
import org.jline.terminal.Terminal.Signal;
import org.jline.terminal.Terminal.SignalHandler;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.InfoCmp.Capability;
import org.jspecify.annotations.Nullable;

/**
 * A terminal with JLine's line editor: history, completion, and lines that are shown above what is
 * being typed. Pasted lines are answers one after the other, as if they had been typed, but none is
 * a command for the one who talks; what follows the last line break is left to be edited.
 */
final class LineEditor implements Screen {
  private static final String PASTE_END = "\033[201~";
  private static final String LEAVE = "\033[?2004l\033[?1l\033>\r\n";
  private static final int HISTORY_LINES = 1000;

  private final Terminal terminal;
  private final Reader reader;
  private final Queue<String> pasted = new ArrayDeque<>();
  private String rest = "";
  private Prompt question = new Prompt("", Prompt.Kind.OTHER);

  private LineEditor(Terminal terminal) throws IOException {
    this.terminal = terminal;
    this.reader = new Reader(terminal);
    terminal.handle(Signal.INT, SignalHandler.SIG_IGN); // Where no line is being typed.
  }

  /**
   * Opens the terminal of this process.
   *
   * @throws IOException if it has none that can be used
   */
  static LineEditor open() throws IOException {
    // The system is to stop this process at Ctrl-Z, which JLine would not.
    System.setProperty(TerminalBuilder.PROP_SOFTWARE_SIGNALS, "false");
    return open(TerminalBuilder.builder().system(true).dumb(false));
  }

  /**
   * Opens a terminal of its own, which is typed at and shows on these streams.
   *
   * @throws IOException if the system has none to give
   */
  static LineEditor openOn(InputStream in, OutputStream out) throws IOException {
    return open(TerminalBuilder.builder().streams(in, out).type("xterm-256color"));
  }

  private static LineEditor open(TerminalBuilder builder) throws IOException {
    try {
      // It prints what it cannot do, with stack traces.
      Logger.getLogger("org.jline").setLevel(Level.OFF);
      return new LineEditor(
          builder.name("p2pchat").graphemeCluster(false).env(LineEditor::withoutProbes).build());
    } catch (IllegalStateException e) {
      throw new IOException("the terminal cannot be used: " + e.getMessage(), e);
    }
  }

  /**
   * JLine asks a terminal for modes that nothing here uses, which costs a start 0.4 s, or, with the
   * time for it set to 0, leaves the answer to be read as if it had been typed. It knows one
   * terminal that it does not ask.
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
  }

  private static Candidate candidate(String value, String about) {
    return new Candidate(value, value, null, ChatFormat.safe(about), null, null, true);
  }

  @Override
  public String ask(Prompt next) throws EndOfInputException, CancelledException {
    question = next;
    String line = pasted.poll();
    if (line == null) {
      return read(next);
    }
    String answer = asText(line);
    if (!next.isRepeated(answer)) {
      show(List.of(next.prompt() + ChatFormat.safe(line)));
    }
    return answer;
  }

  private String read(Prompt next) throws EndOfInputException, CancelledException {
    reader.setVariable(LineReader.DISABLE_HISTORY, !next.isRemembered());
    String begun = rest;
    rest = "";
    try {
      return reader.readLine(literally(next.prompt()), null, (Character) null, begun);
    } catch (UserInterruptException e) {
      throw new CancelledException();
    } catch (EndOfFileException e) {
      throw new EndOfInputException();
    }
  }

  /** JLine would take what follows a % for an instruction. */
  private static String literally(String prompt) {
    return prompt.replace("%", "%%");
  }

  /** A pasted path is no command. */
  private String asText(String line) {
    return question.kind() == Prompt.Kind.TALK && line.startsWith("/") ? "/" + line : line;
  }

  @Override
  public void show(List<String> lines) {
    reader.printAbove(String.join("\n", lines));
  }

  @Override
  public int colors() {
    return Optional.ofNullable(terminal.getNumericCapability(Capability.max_colors)).orElse(0);
  }

  /** Takes back what is asked of the terminal while a line is typed; JLine may have closed it. */
  @Override
  public void restore() {
    try {
      new FileOutputStream(FileDescriptor.out).write(LEAVE.getBytes(US_ASCII));
    } catch (IOException e) {
      // It went away, and takes nothing any more.
    }
  }

  @Override
  public void close() {
    try {
      terminal.close();
    } catch (IOException e) {
      // It went away, and takes nothing any more.
    }
  }

  private final class Reader extends LineReaderImpl {
    Reader(Terminal terminal) throws IOException {
      super(terminal, "p2pchat", new HashMap<>());
      setParser(new InputParser());
      setVariable(LineReader.HISTORY_SIZE, HISTORY_LINES);
      setVariable(LineReader.HISTORY_FILE_SIZE, HISTORY_LINES);
      setVariable(LineReader.HISTORY_IGNORE, "0:1:2:3");
      setVariable(LineReader.BELL_STYLE, "none");
      setOpt(Option.DISABLE_EVENT_EXPANSION);
      setOpt(Option.CASE_INSENSITIVE);
      unsetOpt(Option.HISTORY_TIMESTAMPED);
      unsetOpt(Option.AUTO_PARAM_SLASH);
      unsetOpt(Option.INSERT_TAB);
      getWidgets().put(CALLBACK_INIT, this::takeSignals);
    }

    @Override
    protected void handleSignal(Signal signal) {
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

    /** What is shown again as a message of one's own need not stay as it was typed. */
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
      return acceptLine();
    }
  }
}
