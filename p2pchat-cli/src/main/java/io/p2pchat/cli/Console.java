package io.p2pchat.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.p2pchat.cli.text.Printable;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * An output stream written in whole lines, each flushed.
 *
 * <p>This class is thread-safe: lines of different threads never mix.
 */
final class Console {
  private final PrintStream out;
  private final CompletableFuture<Void> closed = new CompletableFuture<>();

  Console(PrintStream out) {
    this.out = out;
  }

  /** Prints lines that nothing comes between, if any, with {@link Printable} escapes. */
  void print(List<String> lines) {
    if (lines.isEmpty()) {
      return;
    }
    write(String.join("\n", lines.stream().map(Printable::of).toList()));
  }

  /** Prints one line with {@link Printable} escapes. */
  void print(String line) {
    write(Printable.of(line));
  }

  /** Prints one line that is safe as it is. */
  void printVerbatim(String line) {
    write(line);
  }

  /** Calls {@code action} when the reader of this stream turns out to be gone. */
  void whenClosed(Runnable action) {
    closed.thenRun(action);
  }

  boolean isClosed() {
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
