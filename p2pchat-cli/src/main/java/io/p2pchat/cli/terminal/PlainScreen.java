package io.p2pchat.cli.terminal;

import io.p2pchat.cli.text.EndOfInputException;
import java.io.BufferedReader;
import java.io.IOException;
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

  PlainScreen(BufferedReader in, PrintStream out) {
    this.in = in;
    this.out = out;
  }

  @Override
  public String ask(Question question) throws EndOfInputException {
    write(question.prompt());
    String line = readLine();
    if (line == null) {
      throw new EndOfInputException();
    }
    return line;
  }

  private @Nullable String readLine() {
    try {
      return in.readLine();
    } catch (IOException e) {
      return null; // It went away, and has no more to say.
    }
  }

  @Override
  public void show(List<String> lines) {
    write(String.join("\n", lines) + "\n");
  }

  private synchronized void write(String text) {
    out.print(text);
    out.flush();
  }

  @Override
  public void close() {
    out.flush();
  }
}
