package io.p2pchat.internal.session;

import io.p2pchat.Delivery;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The chat lines to one peer, encoded by the threads that send them into shared chunks, numbered
 * from 0, and kept until they are settled: acknowledged, or failed. Bounded in lines and bytes
 * (PROTOCOL.md section 6). Thread-safe.
 */
public final class SendQueue implements Lines {
  private static final int SMALLEST_CHUNK = 2 * 1024;
  private static final int LARGEST_CHUNK = 64 * 1024;

  private final int maxLines;
  private final long maxBytes;
  private final Deque<Chunk> chunks = new ArrayDeque<>();
  private long accepted;
  private long settled;
  private long bytes;
  private int chunkSize = SMALLEST_CHUNK;

  /** A place in the queue, from which one connection is written. Used by one thread. */
  public static final class Cursor {
    private long line;

    private Cursor(long line) {
      this.line = line;
    }

    /** The number of the next line. */
    public long line() {
      return line;
    }
  }

  /**
   * Encoded lines, whole and consecutive. The bytes do not change.
   *
   * @param array holds them
   * @param offset of the first
   * @param length in bytes
   */
  @SuppressWarnings("ArrayRecordComponent") // Written uncopied, and never compared
  public record Slice(byte[] array, int offset, int length) {}

  /**
   * Makes an empty queue.
   *
   * @param maxLines how many lines may wait to be settled
   * @param maxBytes how many bytes; a single line may always wait
   */
  public SendQueue(int maxLines, long maxBytes) {
    this.maxLines = maxLines;
    this.maxBytes = maxBytes;
  }

  /**
   * Adds a line, unless the queue is full.
   *
   * @param header the encoded header
   * @param text the encoded text, without a line end
   * @param future completed by whoever settles the line
   * @return whether there was room
   */
  public synchronized boolean offer(
      byte[] header, byte[] text, CompletableFuture<Delivery> future) {
    int lineBytes = header.length + text.length + 1;
    long lines = accepted - settled;
    if (lines >= maxLines || (lines > 0 && bytes + lineBytes > maxBytes)) {
      return false;
    }
    Chunk last = chunks.peekLast();
    if (last == null || !last.hasRoom(lineBytes)) {
      last = new Chunk(accepted, Math.max(lineBytes, chunkSize));
      chunks.add(last);
      chunkSize = Math.min(2 * chunkSize, LARGEST_CHUNK);
    }
    last.add(header, text, future);
    accepted++;
    bytes += lineBytes;
    return true;
  }

  /** A place before the line with this number. */
  public Cursor seek(long line) {
    return new Cursor(line);
  }

  /**
   * The lines from the cursor on that are not settled and lie together, and moves it behind them;
   * null if there are none.
   */
  public synchronized @Nullable Slice read(Cursor from) {
    from.line = Math.max(from.line, settled);
    Chunk chunk = find(from.line);
    if (chunk == null) {
      return null;
    }
    int offset = chunk.offset(from.line);
    from.line = chunk.endLine();
    return new Slice(chunk.bytes, offset, chunk.offset(from.line) - offset);
  }

  /** Takes all lines below {@code number} out and returns their futures, in order. */
  public synchronized List<CompletableFuture<Delivery>> settle(long number) {
    List<CompletableFuture<Delivery>> futures = new ArrayList<>();
    long below = Math.min(number, accepted);
    while (settled < below) {
      Chunk first = chunks.getFirst();
      long to = Math.min(below, first.endLine());
      futures.addAll(first.futures(settled, to));
      bytes -= first.offset(to) - first.offset(settled);
      settled = to;
      if (to == first.endLine()) {
        chunks.removeFirst();
      }
    }
    if (chunks.isEmpty()) {
      chunkSize = SMALLEST_CHUNK;
    }
    return futures;
  }

  private @Nullable Chunk find(long line) {
    for (Chunk chunk : chunks) {
      if (line < chunk.endLine()) {
        return chunk;
      }
    }
    return null;
  }

  @Override
  public synchronized long settled() {
    return settled;
  }

  @Override
  public synchronized long accepted() {
    return accepted;
  }

  /** Whether less than half of either bound waits. */
  public synchronized boolean isBelowHalf() {
    return 2 * (accepted - settled) < maxLines && 2 * bytes < maxBytes;
  }

  /** Lines and bytes that wait, for the text of an exception. */
  @Override
  public synchronized String toString() {
    return (accepted - settled) + " messages with " + bytes + " bytes";
  }
}
