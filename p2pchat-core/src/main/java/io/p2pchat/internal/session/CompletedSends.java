package io.p2pchat.internal.session;

import io.p2pchat.Delivery;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Lines that are settled, whose futures are to be completed, and their room to be released. Does
 * not change once it was given out.
 */
public final class CompletedSends {
  private final List<Part> parts = new ArrayList<>(2);
  private int lines;
  private long bytes;

  /** Futures of one chunk. */
  @SuppressWarnings("ArrayRecordComponent") // Not copied, and never compared
  record Part(CompletableFuture<Delivery>[] futures, int from, int to) {}

  CompletedSends() {}

  void add(Part part, long partBytes) {
    parts.add(part);
    lines += part.to - part.from;
    bytes += partBytes;
  }

  /** How many lines. */
  public int lines() {
    return lines;
  }

  /** Their bytes. */
  public long bytes() {
    return bytes;
  }

  /** Gives each future to {@code action}, in order. */
  public void forEach(Consumer<CompletableFuture<Delivery>> action) {
    for (Part part : parts) {
      for (int i = part.from; i < part.to; i++) {
        action.accept(part.futures[i]);
      }
    }
  }
}
