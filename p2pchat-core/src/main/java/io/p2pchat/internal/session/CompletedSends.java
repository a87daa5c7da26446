package io.p2pchat.internal.session;

import io.p2pchat.Delivery;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Settled lines whose futures are still to complete and whose room is still to release. Immutable
 * once returned.
 */
public final class CompletedSends {
  private final List<Part> parts = new ArrayList<>(2);
  private int lines;
  private long bytes;

  /** Futures of one chunk. */
  @SuppressWarnings("ArrayRecordComponent") // Not copied, never compared
  record Part(CompletableFuture<Delivery>[] futures, int from, int to) {}

  CompletedSends() {}

  void add(Part part, long partBytes) {
    parts.add(part);
    lines += part.to - part.from;
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
  public void forEach(Consumer<CompletableFuture<Delivery>> action) {
    for (Part part : parts) {
      for (int i = part.from; i < part.to; i++) {
        action.accept(part.futures[i]);
      }
    }
  }
}
