package io.p2pchat.internal.session;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Settled lines whose futures are still to complete and whose room is still to release. Immutable
 * once returned.
 */
public final class CompletedSends {
  private final List<Part> parts = new ArrayList<>(2);
  private int lines;
  private long bytes;

  /** Futures of one chunk; null for lines that were withdrawn. */
  @SuppressWarnings("ArrayRecordComponent") // Not copied, never compared
  record Part(@Nullable SendFuture[] futures, int from, int to) {}

  CompletedSends() {}

  /**
   * Adds lines.
   *
   * @param part the futures
   * @param partLines the number of lines that were not withdrawn
   * @param partBytes their bytes
   */
  void add(Part part, int partLines, long partBytes) {
    parts.add(part);
    lines += partLines;
    bytes += partBytes;
  }

  /** Returns the number of lines. */
  public int lines() {
    return lines;
  }

  /** Returns their bytes. */
  public long bytes() {
    return bytes;
  }

  /** Passes each future to {@code action}, in order. */
  public void forEach(Consumer<SendFuture> action) {
    for (Part part : parts) {
      for (int i = part.from; i < part.to; i++) {
        SendFuture future = part.futures[i];
        if (future != null) {
          action.accept(future);
        }
      }
    }
  }
}
