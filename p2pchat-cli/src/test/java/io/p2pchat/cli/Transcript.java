package io.p2pchat.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** The lines a process prints, as they come. */
final class Transcript {
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private final List<String> all = new ArrayList<>();
  private final List<String> untaken = new ArrayList<>();
  private boolean ended;

  /** Reads a stream to its end on a thread of its own. */
  static Transcript of(InputStream stream) {
    Transcript transcript = new Transcript();
    Thread reader = new Thread(() -> transcript.readAll(stream), "transcript");
    reader.setDaemon(true);
    reader.start();
    return transcript;
  }

  /** Waits for a line that holds {@code part} and takes it; lines before it stay. */
  synchronized String take(String part) {
    awaitOrFail(() -> indexOf(part, 0) >= 0, "no line with: " + part);
    return untaken.remove(indexOf(part, 0));
  }

  /**
   * Waits for a line that holds {@code first} and a later one with {@code last}; takes them all.
   */
  synchronized List<String> takeBlock(String first, String last) {
    awaitOrFail(() -> blockEnd(first, last) >= 0, "no lines from: " + first + " to: " + last);
    List<String> block = untaken.subList(indexOf(first, 0), blockEnd(first, last) + 1);
    List<String> taken = List.copyOf(block);
    block.clear();
    return taken;
  }

  /** Waits for the stream to end. */
  synchronized List<String> awaitAll() {
    awaitOrFail(() -> ended, "the stream did not end");
    return List.copyOf(all);
  }

  /** Waits for the stream to end. Leaves out that a send waits, which says that it is slow. */
  List<String> awaitAllAtAnySpeed() {
    return awaitAll().stream().filter(line -> !line.startsWith("Waiting for ")).toList();
  }

  @Override
  public synchronized String toString() {
    return String.join("\n", all);
  }

  private void readAll(InputStream stream) {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
      lines.lines().forEach(this::add);
    } catch (IOException | UncheckedIOException e) {
      // Killing a process closes its streams.
    } finally {
      end();
    }
  }

  private synchronized void add(String line) {
    all.add(line);
    untaken.add(line);
    notifyAll();
  }

  private synchronized void end() {
    ended = true;
    notifyAll();
  }

  private int indexOf(String part, int from) {
    for (int i = from; i < untaken.size(); i++) {
      if (untaken.get(i).contains(part)) {
        return i;
      }
    }
    return -1;
  }

  private int blockEnd(String first, String last) {
    int start = indexOf(first, 0);
    return start < 0 ? -1 : indexOf(last, start + 1);
  }

  private synchronized void awaitOrFail(BooleanSupplier condition, String failure) {
    try {
      if (!await(condition)) {
        throw new AssertionError(failure + "\nin:\n" + this);
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private synchronized boolean await(BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (ended || left <= 0) {
        return false;
      }
      wait(left);
    }
    return true;
  }
}
