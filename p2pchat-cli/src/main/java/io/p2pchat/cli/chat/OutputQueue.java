package io.p2pchat.cli.chat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Writes lines to the screen in order, on its own thread, in batches at most 20 times a second.
 * Above 10,000 lines or 4 Mi characters, callers wait. A {@link Pending} line delays those behind
 * it for a moment at most.
 *
 * <p>This class is thread-safe.
 */
final class OutputQueue implements ChatOutput {
  private static final int MAX_PENDING = 10_000;
  private static final int MAX_PENDING_CHARS = 4 << 20;
  private static final int MAX_AT_ONCE = 1_000;
  private static final int MAX_AT_ONCE_CHARS = 1 << 18;
  private static final Duration PENDING_DELAY = Duration.ofMillis(500);
  private static final long PAUSE_NANOS = Duration.ofMillis(50).toNanos();

  private final Consumer<List<String>> screen;
  private final Deque<Entry> waiting = new ArrayDeque<>();
  private final Thread thread = new Thread(this::run, "p2pchat-screen");
  private boolean closed;
  private boolean ended;
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

  /** Waits for room, so call it only on threads that nothing else waits for. */
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
      Thread.currentThread().interrupt(); // The chat is closing.
    }
    offer(entry);
  }

  private boolean hasRoom() {
    return waiting.size() < MAX_PENDING && waitingChars < MAX_PENDING_CHARS;
  }

  private void offer(Entry entry) {
    waiting.add(entry);
    waitingChars += entry.chars;
    added++;
    notifyAll();
  }

  /** Needs no limit: a send has a few results at most, and other callers offer a few a second. */
  @Override
  public synchronized void offer(Pending lines) {
    offer(new Entry(lines, 0));
  }

  /** Adds a log line without waiting. Drops it if the queue is full. */
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
      while (shown < last && !ended) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public Duration pendingDelay() {
    return PENDING_DELAY;
  }

  /** Shows the remaining lines, and stops. */
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
      // Nothing interrupts this thread.
    } finally {
      ended();
    }
  }

  private synchronized void ended() {
    closed = true;
    ended = true;
    notifyAll();
  }

  /** Waits for lines. Returns none at the end. */
  private synchronized List<String> next() throws InterruptedException {
    showTaken();
    List<String> lines = take();
    while (lines.isEmpty() && !(closed && waiting.isEmpty())) {
      showTaken(); // A result can be no lines.
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

  private void showTaken() {
    shown = taken;
    notifyAll();
  }

  private List<String> take() {
    List<String> lines = new ArrayList<>();
    long now = System.nanoTime();
    if (now - nextNanos < 0 && !closed) {
      return lines;
    }
    int chars = 0;
    while (!waiting.isEmpty() && lines.size() < MAX_AT_ONCE && chars < MAX_AT_ONCE_CHARS) {
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
