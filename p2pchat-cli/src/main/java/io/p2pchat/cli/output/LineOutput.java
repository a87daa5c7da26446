package io.p2pchat.cli.output;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * An output stream of whole lines. Each is flushed.
 *
 * <p>This class is thread-safe. Lines of different threads never mix.
 */
public final class LineOutput {
  private final PrintStream out;
  private final CompletableFuture<Void> closed = new CompletableFuture<>();

  public LineOutput(PrintStream out) {
    this.out = out;
  }

  /** Prints consecutive lines with {@link TerminalEscaper} escapes. */
  public void print(List<String> lines) {
    if (lines.isEmpty()) {
      return;
    }
    write(String.join("\n", lines.stream().map(TerminalEscaper::of).toList()));
  }

  /** Prints one line with {@link TerminalEscaper} escapes. */
  public void print(String line) {
    write(TerminalEscaper.of(line));
  }

  /** Prints one line without escapes. It must be safe. */
  public void printVerbatim(String line) {
    write(line);
  }

  /** Calls {@code action} when a write finds that the reader has closed this stream. */
  public void whenClosed(Runnable action) {
    closed.thenRun(action);
  }

  public boolean isClosed() {
    return closed.isDone();
  }

  private void write(String lines) {
    synchronized (out) {
      byte[] bytes = (lines + "\n").getBytes(UTF_8);
      out.write(bytes, 0, bytes.length);
      if (out.checkError()) {
        closed.complete(null);
      }
    }
  }
}
