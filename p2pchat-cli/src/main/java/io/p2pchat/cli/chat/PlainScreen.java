package io.p2pchat.cli.chat;

import io.p2pchat.cli.output.LineWrap;
import java.io.BufferedReader;
import java.io.PrintStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A terminal without a line editor: the system edits the line, and nothing is redrawn. For dumb
 * terminals and screen readers.
 */
final class PlainScreen implements Screen {
  private final BufferedReader in;
  private final PrintStream out;
  private final Attention attention;
  private final int columns;
  private @Nullable Prompt prompt;

  /**
   * Creates it.
   *
   * @param columns the width of the terminal
   */
  PlainScreen(BufferedReader in, PrintStream out, Attention attention, int columns) {
    this.columns = columns;
    this.in = in;
    this.out = out;
    this.attention = attention;
  }

  @Override
  public String ask(Prompt question) throws EndOfInputException {
    begin(question);
    try {
      return Screen.readLine(in);
    } finally {
      answered();
    }
  }

  private synchronized void begin(Prompt question) {
    prompt = question;
    write(question.prompt());
  }

  private synchronized void answered() {
    prompt = null;
    attention.read();
  }

  /** Shows lines below the current prompt, and the prompt again as it is now. */
  @Override
  public synchronized void show(List<String> lines) {
    String all = attention.controls() + String.join("\n", wrapped(lines)) + "\n";
    write(prompt == null ? all : "\n" + all + prompt.prompt());
  }

  private List<String> wrapped(List<String> lines) {
    return lines.stream().flatMap(line -> LineWrap.of(line, columns).stream()).toList();
  }

  private void write(String text) {
    out.print(text);
    out.flush();
  }
}
