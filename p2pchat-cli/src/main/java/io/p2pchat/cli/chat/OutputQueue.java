package io.p2pchat.cli.chat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Brings lines to the screen in their order, on a thread of its own: the first at once, and while
 * many come, twenty times a second all that are there. Lines that would be too many wait where they
 * come from: 10,000 at a time, or 4 Mi characters. A {@link Pending} line holds up those behind it
 * for a moment at most.
 *
 * <p>This class is thread-safe.
 */
final class OutputQueue implements ChatOutput {
  private static final int MOST_WAITING = 10_000;
  private static final int MOST_WAITING_CHARS = 4 << 20;
  private static final int MOST_AT_ONCE = 1_000;
  private static final int MOST_AT_ONCE_CHARS = 1 << 18;
  private static final Duration PATIENCE = Duration.ofMillis(500);
  private static final long PAUSE_NANOS = Duration.ofMillis(50).toNanos();

  private final Consumer<List<String>> screen;
  private final Deque<Entry> waiting = new ArrayDeque<>();
  private final Thread thread = new Thread(this::run, "p2pchat-screen");
  private boolean closed;
  private long waitingChars;
  private long added;
  private long taken;
  private long shown;
  private long nextNanos = System.nanoTime();

  private record Entry(Pending lines, int chars) {}

  OutputQueue(Consumer<List<String>> screen) {
    this.screen = screen;
    thread.setDaemon(true);
    thread.start();
  }

  /** For threads that others do not wait for. */
  @Override
  public void add(List<String> lines) {
    add(new Entry(now -> lines, lines.stream().mapToInt(String::length).sum()));
  }

  @Override
  public void add(Pending lines) {
    add(new Entry(lines, 0));
  }

  private synchronized void add(Entry entry) {
    try {
      while (!hasRoom() && !closed) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // It is all about to end.
    }
    offer(entry);
  }

  private boolean hasRoom() {
    return waiting.size() < MOST_WAITING && waitingChars < MOST_WAITING_CHARS;
  }

  private void offer(Entry entry) {
    waiting.add(entry);
    waitingChars += entry.chars;
    added++;
    notifyAll();
  }

  /** For results, which are as many as were sent. */
  @Override
  public synchronized void offer(Pending lines) {
    offer(new Entry(lines, 0));
  }

  /** Adds a line of the log, for which no thread may wait: without room it is dropped. */
  synchronized void log(String line) {
    if (hasRoom()) {
      offer(new Entry(now -> List.of(line), line.length()));
    }
  }

  @Override
  public synchronized void changed() {
    notifyAll();
  }

  @Override
  public synchronized void flush() {
    long last = added;
    nextNanos = System.nanoTime();
    notifyAll();
    try {
      while (shown < last && thread.isAlive()) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public Duration patience() {
    return PATIENCE;
  }

  /** Shows what is left, and ends. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      List<String> lines = next();
      while (!lines.isEmpty()) {
        screen.accept(lines);
        lines = next();
      }
    } catch (InterruptedException e) {
      // Nobody does.
    } finally {
      ended();
    }
  }

  private synchronized void ended() {
    closed = true;
    notifyAll();
  }

  /** Waits for lines; none is the end. */
  private synchronized List<String> next() throws InterruptedException {
    shown = taken;
    notifyAll();
    List<String> lines = take();
    while (lines.isEmpty() && !(closed && waiting.isEmpty())) {
      if (waiting.isEmpty()) {
        wait();
      } else {
        TimeUnit.NANOSECONDS.timedWait(this, PAUSE_NANOS);
      }
      lines = take();
    }
    nextNanos = System.nanoTime() + PAUSE_NANOS;
    return lines;
  }

  private List<String> take() {
    List<String> lines = new ArrayList<>();
    long now = System.nanoTime();
    if (now - nextNanos < 0 && !closed) {
      return lines;
    }
    int chars = 0;
    while (!waiting.isEmpty() && lines.size() < MOST_AT_ONCE && chars < MOST_AT_ONCE_CHARS) {
      List<String> first = waiting.element().lines.lines(now);
      if (first == null) {
        break;
      }
      int weight = waiting.remove().chars;
      chars += weight;
      waitingChars -= weight;
      taken++;
      lines.addAll(first);
    }
    return lines;
  }
}
