package io.p2pchat.cli.chat;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The output of a chat, in order. Thread-safe. */
interface ChatOutput extends AutoCloseable {
  /** Lines that may still be unknown. */
  interface Pending {
    /** Returns the lines, or null while the output must wait for them. */
    @Nullable List<String> lines(long nowNanos);
  }

  /** Adds lines that stay together. May wait for room. */
  void add(List<String> lines);

  /** Adds lines that may still be unknown. May wait for room, or for the lines. */
  void add(Pending lines);

  /** Adds lines without waiting. */
  void offer(Pending lines);

  /** Signals that pending lines may be known now. */
  void changed();

  /** Waits until all lines added so far are shown. */
  default void flush() {}

  /** Returns how long the output waits for a result before it shows that it is pending. */
  Duration pendingDelay();

  @Override
  default void close() {}
}
