package io.p2pchat.cli.output;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * An output stream of whole lines. Each is flushed.
 *
 * <p>This class is thread-safe. Lines of different threads never mix.
 */
public final class LineOutput {
  private final OutputStream out;
  private final CompletableFuture<IOException> failure = new CompletableFuture<>();

  /** Creates an output. A {@code PrintStream} would hide why it fails. */
  public LineOutput(OutputStream out) {
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

  /** Calls {@code action} when a line cannot be written, for example because nobody reads it. */
  public void whenFailed(Runnable action) {
    failure.thenRun(action);
  }

  /** Returns why a line could not be written, or empty if all could. */
  public Optional<IOException> failure() {
    return Optional.ofNullable(failure.getNow(null));
  }

  /** Returns whether a line could not be written because the reader is gone. */
  public boolean isReaderGone() {
    // Only the message tells, such as "Broken pipe" or "The pipe is being closed".
    return failure()
        .map(e -> String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT))
        .filter(message -> message.contains("pipe"))
        .isPresent();
  }

  private void write(String lines) {
    synchronized (out) {
      try {
        out.write((lines + "\n").getBytes(UTF_8));
        out.flush();
      } catch (IOException e) {
        failure.complete(e);
      }
    }
  }
}
