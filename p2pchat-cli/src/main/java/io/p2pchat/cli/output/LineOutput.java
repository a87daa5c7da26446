package io.p2pchat.cli.output;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntSupplier;
import java.util.stream.Collectors;

/**
 * An output stream of whole lines. Each is flushed. On a terminal, {@link LineWrap} can break them.
 *
 * <p>This class is thread-safe. Lines of different threads never mix.
 */
public final class LineOutput {
  /** Shorter lines fit, so the width is not asked for. */
  private static final int SHORT = 40;

  /** How a command to copy begins. Its line does not break. */
  private static final String COMMAND = "  p2pchat ";

  private static final int UNKNOWN = -1;

  private final OutputStream out;
  private final CompletableFuture<IOException> failure;
  private final IntSupplier width;
  private volatile int columns = UNKNOWN;

  /** Creates an output. A {@code PrintStream} would hide why it fails. */
  public LineOutput(OutputStream out) {
    this(out, new CompletableFuture<>(), () -> 0);
  }

  private LineOutput(OutputStream out, CompletableFuture<IOException> failure, IntSupplier width) {
    this.out = out;
    this.failure = failure;
    this.width = width;
  }

  /**
   * Returns the same output, which breaks lines at words, except verbatim ones and commands.
   *
   * @param width returns the width of the terminal, or 0 without one; called once at most, for the
   *     first long line
   */
  public LineOutput wrapping(IntSupplier width) {
    return new LineOutput(out, failure, width);
  }

  /** Prints consecutive lines with {@link TerminalEscaper} escapes. */
  public void print(List<String> lines) {
    if (lines.isEmpty()) {
      return;
    }
    write(lines.stream().map(this::shown).collect(Collectors.joining("\n")));
  }

  /** Prints one line with {@link TerminalEscaper} escapes. */
  public void print(String line) {
    write(shown(line));
  }

  private String shown(String line) {
    String escaped = TerminalEscaper.of(line);
    return Table.width(escaped) <= SHORT || escaped.startsWith(COMMAND) || columns() < 1
        ? escaped
        : String.join("\n", LineWrap.of(escaped, columns()));
  }

  private int columns() {
    if (columns == UNKNOWN) {
      columns = width.getAsInt();
    }
    return columns;
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
