package io.p2pchat.cli.chat;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where the lines of a chat go, in order. Thread-safe. */
interface ChatOutput extends AutoCloseable {
  /** Lines that may not be known yet. */
  interface Pending {
    /** The lines, or null as long as the output should wait for them. */
    @Nullable List<String> lines(long nowNanos);
  }

  /** Adds lines that belong together; may wait for room. */
  void add(List<String> lines);

  /** Adds lines that may still change; may wait for room, or for the lines. */
  void add(Pending lines);

  /** Adds lines without waiting. */
  void offer(Pending lines);

  /** Tells that pending lines may have become known. */
  void changed();

  /** Waits until all lines added before are shown. */
  default void flush() {}

  /** How long pending lines are waited for before the output says that they are pending. */
  Duration patience();

  @Override
  default void close() {}
}
