package io.p2pchat.testing.netns;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A process on a host, and the lines that it prints. Thread-safe. */
public final class HostProcess {
  private static final long PATIENCE_MILLIS = 60_000;

  private final Process process;
  private final List<Line> lines = new ArrayList<>();

  /**
   * A line of its output.
   *
   * @param nanos when it came
   */
  public record Line(String text, long nanos) {}

  HostProcess(Process process) {
    this.process = process;
    Thread reader = new Thread(this::read, "output of " + process.pid());
    reader.setDaemon(true);
    reader.start();
  }

  private void read() {
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        synchronized (lines) {
          lines.add(new Line(line, System.nanoTime()));
          lines.notifyAll();
        }
      }
    } catch (IOException e) {
      // The process has been killed.
    }
    synchronized (lines) {
      lines.notifyAll();
    }
  }

  /** How many lines it has printed. */
  public int size() {
    synchronized (lines) {
      return lines.size();
    }
  }

  /** All lines, for messages. */
  public List<String> texts() {
    synchronized (lines) {
      return lines.stream().map(Line::text).toList();
    }
  }

  /** Waits for a line that contains all parts. */
  public Line await(String... parts) {
    return await(0, parts);
  }

  /** Waits for a line after the first so many. */
  public Line await(int from, String... parts) {
    Predicate<Line> wanted =
        line -> List.of(parts).stream().allMatch(part -> line.text().contains(part));
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
    synchronized (lines) {
      while (true) {
        for (Line line : lines.subList(Math.min(from, lines.size()), lines.size())) {
          if (wanted.test(line)) {
            return line;
          }
        }
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (left <= 0) {
          throw new AssertionError(
              "no line with " + List.of(parts) + " after the first " + from + " of " + texts());
        }
        try {
          lines.wait(left);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new AssertionError(e);
        }
      }
    }
  }

  /** Writes a line to its standard input. */
  public void say(String line) {
    try {
      process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends its standard input. */
  public void endInput() {
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Asks it, and the processes it has started, to end (SIGTERM). */
  public void terminate() {
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroy();
  }

  /** Kills it, and the processes it has started. */
  public void kill() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
