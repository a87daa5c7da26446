package io.p2pchat.cli.chat;

import java.io.BufferedReader;
import java.io.PrintStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A terminal that is used as it is: the system edits the line, and nothing is drawn again. For
 * terminals that can do no more, and for screen readers.
 */
final class PlainScreen implements Screen {
  private final BufferedReader in;
  private final PrintStream out;
  private @Nullable String prompt;

  PlainScreen(BufferedReader in, PrintStream out) {
    this.in = in;
    this.out = out;
  }

  @Override
  public String ask(Prompt question) throws EndOfInputException {
    ask(question.prompt());
    try {
      return Screen.readLine(in);
    } finally {
      answered();
    }
  }

  private synchronized void ask(String question) {
    prompt = question;
    write(question);
  }

  private synchronized void answered() {
    prompt = null;
  }

  /** Where something is asked, on lines of their own, and the question again. */
  @Override
  public synchronized void show(List<String> lines) {
    String all = String.join("\n", lines) + "\n";
    write(prompt == null ? all : "\n" + all + prompt);
  }

  private void write(String text) {
    out.print(text);
    out.flush();
  }
}
