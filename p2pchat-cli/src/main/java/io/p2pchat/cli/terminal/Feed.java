package io.p2pchat.cli.terminal;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Brings lines to the screen in their order, on a thread of its own: the first at once, and while
 * many come, twenty times a second all that are there. Lines that would be too many wait where they
 * come from. A {@link Pending} line holds up those behind it for a moment at most.
 *
 * <p>This class is thread-safe.
 */
final class Feed implements AutoCloseable {
  private static final int MOST_WAITING = 10_000;
  private static final int MOST_AT_ONCE = 1_000;
  private static final long PAUSE_NANOS = Duration.ofMillis(50).toNanos();

  private final Consumer<List<String>> screen;
  private final Deque<Pending> waiting = new ArrayDeque<>();
  private final Thread thread = new Thread(this::run, "p2pchat-screen");
  private boolean closed;
  private boolean showing;
  private long nextNanos = System.nanoTime();

  /** Lines whose content may not be known yet. */
  interface Pending {
    /** The lines, or null as long as they should be waited for. */
    @Nullable List<String> lines(long nowNanos);
  }

  Feed(Consumer<List<String>> screen) {
    this.screen = screen;
    thread.setDaemon(true);
    thread.start();
  }

  /** Adds lines that belong together; waits for room. For threads that others do not wait for. */
  void add(List<String> lines) {
    add(now -> lines);
  }

  /** Adds lines that may still change; waits for room. */
  synchronized void add(Pending lines) {
    try {
      while (waiting.size() >= MOST_WAITING && !closed) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // It is all about to end.
    }
    offer(lines);
  }

  /** Adds lines without waiting: those of results, which are as many as were sent. */
  synchronized void offer(Pending lines) {
    waiting.add(lines);
    notifyAll();
  }

  /** Adds a line of the log, for which no thread may wait: without room it is dropped. */
  synchronized void log(String line) {
    if (waiting.size() < MOST_WAITING) {
      offer(now -> List.of(line));
    }
  }

  /** What is pending may have become known. */
  synchronized void changed() {
    notifyAll();
  }

  /** Waits until all lines that were added are on the screen. */
  synchronized void flush() {
    nextNanos = System.nanoTime();
    notifyAll();
    try {
      while ((showing || !waiting.isEmpty()) && thread.isAlive()) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
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
    showing = false;
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
    showing = true;
    nextNanos = System.nanoTime() + PAUSE_NANOS;
    return lines;
  }

  private List<String> take() {
    List<String> lines = new ArrayList<>();
    long now = System.nanoTime();
    if (now - nextNanos < 0 && !closed) {
      return lines;
    }
    while (!waiting.isEmpty() && lines.size() < MOST_AT_ONCE) {
      List<String> first = waiting.element().lines(now);
      if (first == null) {
        break;
      }
      waiting.remove();
      lines.addAll(first);
    }
    return lines;
  }
}
