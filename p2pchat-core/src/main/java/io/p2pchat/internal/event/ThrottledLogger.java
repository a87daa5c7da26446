package io.p2pchat.internal.event;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.event.Level;

/**
 * Logs at most one line a second, with the number of lines left out. For events that a peer can
 * cause at will. Thread-safe.
 */
public final class ThrottledLogger {
  private final Logger log;
  private long nextAt = System.nanoTime();
  private long leftOut;

  /** Creates a logger that writes to {@code log}. */
  public ThrottledLogger(Logger log) {
    this.log = log;
  }

  /** Logs a warning, unless a line was logged within the last second. */
  public void warn(String line) {
    log(Level.WARN, line, null);
  }

  /** Logs a warning with its cause, unless a line was logged within the last second. */
  void warn(String line, Throwable cause) {
    log(Level.WARN, line, cause);
  }

  /** Logs an error, unless a line was logged within the last second. */
  public void error(String line, Throwable failure) {
    log(Level.ERROR, line, failure);
  }

  private synchronized void log(Level level, String line, @Nullable Throwable failure) {
    long now = System.nanoTime();
    if (now - nextAt < 0) {
      leftOut++;
      return;
    }
    log.atLevel(level)
        .setCause(failure)
        .log("{} ({} such lines were left out before)", line, leftOut);
    leftOut = 0;
    nextAt = now + TimeUnit.SECONDS.toNanos(1);
  }
}
