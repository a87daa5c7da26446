package io.p2pchat.internal.session;

import io.p2pchat.Delivery;
import io.p2pchat.internal.protocol.ReservedText;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The chat lines to one peer, encoded by the threads that send them into shared chunks, numbered
 * from 0, and kept until they are settled: acknowledged, failed, or taken out to be sent at level
 * 0. Bounded in lines and bytes (PROTOCOL.md section 6); room is given back when the futures of
 * settled lines have been completed, so that what waits for that is bounded too. Thread-safe.
 */
public final class SendQueue implements LineQueue {
  private static final int SMALLEST_CHUNK = 2 * 1024;
  private static final int LARGEST_CHUNK = 64 * 1024;
  private static final int FEW_LINES = 16;

  private final QueueLimits limits;
  private final Deque<LineChunk> chunks = new ArrayDeque<>(2);
  private final Deque<ReservedLine> reservedLines = new ArrayDeque<>(2);
  private final Deque<Long> exits = new ArrayDeque<>(2);
  private long accepted;
  private long settled;
  private int heldLines;
  private long heldBytes;
  private int chunkSize = SMALLEST_CHUNK;
  private boolean closed;
  private int limit = Integer.MAX_VALUE;

  /** What became of an offered line. */
  public enum Offer {
    /** It waits. */
    TAKEN,
    /** There is no room for it. */
    FULL,
    /** The queue takes no more lines; there may be another one. */
    CLOSED
  }

  /**
   * A line with a reserved text.
   *
   * @param number of the line
   * @param reserved what it says
   */
  public record ReservedLine(long number, ReservedText reserved) {}

  /**
   * A line that was taken out.
   *
   * @param line encoded, without a line end
   * @param reserved what it commands, or null
   * @param settled its future and room
   */
  @SuppressWarnings("ArrayRecordComponent") // Passed on once, and never compared
  public record DequeuedLine(
      byte[] line, @Nullable ReservedText reserved, CompletedSends settled) {}

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
   * @param lines how many
   */
  @SuppressWarnings("ArrayRecordComponent") // Written uncopied, and never compared
  public record Slice(byte[] array, int offset, int length, int lines) {}

  /**
   * Makes an empty queue.
   *
   * @param limits how much may wait to be settled
   */
  public SendQueue(QueueLimits limits) {
    this.limits = limits;
  }

  /**
   * Adds a line, if there is room.
   *
   * @param header the encoded header
   * @param text the encoded text, without a line end
   * @param reserved what the line commands, or null
   * @param future completed by whoever settles the line
   */
  public synchronized Offer offer(
      byte[] header,
      byte[] text,
      @Nullable ReservedText reserved,
      CompletableFuture<Delivery> future) {
    int lineBytes = header.length + text.length + 1;
    if (closed) {
      return Offer.CLOSED;
    }
    if (!limits.hasRoom(heldLines, heldBytes, lineBytes)) {
      return Offer.FULL;
    }
    LineChunk last = chunks.peekLast();
    if (last == null || !last.hasRoom(lineBytes)) {
      int capacity = Math.max(lineBytes, chunkSize);
      int expected = last == null ? FEW_LINES : last.expectedLines(capacity);
      last = new LineChunk(accepted, capacity, expected);
      chunks.add(last);
      chunkSize = Math.min(2 * chunkSize, LARGEST_CHUNK);
    }
    last.add(header, text, future);
    if (reserved != null) {
      reservedLines.add(new ReservedLine(accepted, reserved));
      if (reserved == ReservedText.EXIT) {
        exits.add(accepted);
      }
    }
    accepted++;
    heldLines++;
    heldBytes += lineBytes;
    return Offer.TAKEN;
  }

  /** A place before the line with this number. */
  public Cursor seek(long line) {
    return new Cursor(line);
  }

  /**
   * The peer takes no longer lines than this, in bytes with the line end: what comes before one is
   * read, and nothing else until {@link #takeTooLong}.
   */
  public synchronized void setLimit(int newLimit) {
    limit = newLimit;
  }

  /** Takes the first line out if it is over the limit; null if it is not. */
  public synchronized @Nullable CompletedSends takeTooLong() {
    LineChunk first = chunks.peekFirst();
    return first == null || first.endWithin(settled, limit) > settled ? null : settle(settled + 1);
  }

  /**
   * The lines from the cursor on that are not settled and lie together, and moves it behind them;
   * null if there are none. What follows an {@code exit} is not read before that is settled.
   */
  public synchronized @Nullable Slice read(Cursor from) {
    from.line = Math.max(from.line, settled);
    LineChunk chunk = find(from.line);
    if (chunk == null) {
      return null;
    }
    Long exit = exits.peekFirst();
    long end = chunk.endWithin(from.line, limit);
    end = exit == null ? end : Math.min(end, exit + 1);
    if (end <= from.line) {
      return null;
    }
    int offset = chunk.offset(from.line);
    int lines = (int) (end - from.line);
    from.line = end;
    return new Slice(chunk.bytes, offset, chunk.offset(end) - offset, lines);
  }

  /** Takes all lines below {@code number} out, in order. */
  public synchronized CompletedSends settle(long number) {
    CompletedSends lines = new CompletedSends();
    long below = Math.min(number, accepted);
    while (settled < below) {
      LineChunk first = chunks.getFirst();
      long to = Math.min(below, first.endLine());
      lines.add(first.part(settled, to), first.offset(to) - first.offset(settled));
      settled = to;
      if (to == first.endLine()) {
        chunks.removeFirst();
      }
    }
    if (chunks.isEmpty()) {
      chunkSize = SMALLEST_CHUNK;
    }
    while (!exits.isEmpty() && exits.getFirst() < settled) {
      exits.removeFirst();
    }
    return lines;
  }

  /** Takes the first line out; null if there is none. */
  public synchronized @Nullable DequeuedLine take() {
    LineChunk first = chunks.peekFirst();
    if (first == null) {
      return null;
    }
    byte[] line = first.line(settled);
    ReservedLine next = reservedLines.peekFirst();
    boolean isReserved = next != null && next.number == settled;
    if (isReserved) {
      reservedLines.removeFirst();
    }
    return new DequeuedLine(line, isReserved ? next.reserved : null, settle(settled + 1));
  }

  /** The lines with a reserved text below {@code number}; each is passed once. */
  public synchronized List<ReservedLine> reservedBelow(long number) {
    if (reservedLines.isEmpty()) {
      return List.of();
    }
    List<ReservedLine> below = new ArrayList<>();
    while (!reservedLines.isEmpty() && reservedLines.getFirst().number < number) {
      below.add(reservedLines.removeFirst());
    }
    return below;
  }

  /** The first {@code exit} that waits and was not given yet, or null. */
  public synchronized @Nullable ReservedLine exit() {
    return reservedLines.stream()
        .filter(line -> line.reserved == ReservedText.EXIT)
        .findFirst()
        .orElse(null);
  }

  /** The futures of these lines are complete: their room may be used again. */
  public synchronized void release(CompletedSends lines) {
    heldLines -= lines.lines();
    heldBytes -= lines.bytes();
  }

  /** Takes no more lines. */
  public synchronized void close() {
    closed = true;
  }

  /** Takes no more lines if there is nothing that holds room; whether it is closed now. */
  public synchronized boolean closeIfUnused() {
    closed |= heldLines == 0;
    return closed;
  }

  private @Nullable LineChunk find(long line) {
    for (LineChunk chunk : chunks) {
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

  /** How many lines hold room. */
  public synchronized int heldLines() {
    return heldLines;
  }

  /** How many bytes hold room. */
  public synchronized long heldBytes() {
    return heldBytes;
  }

  /** Whether less than half of either bound is held. */
  public synchronized boolean isBelowHalf() {
    return limits.isBelowHalf(heldLines, heldBytes);
  }

  /** Lines and bytes that wait, for the text of an exception. */
  @Override
  public synchronized String toString() {
    return heldLines + " messages with " + heldBytes + " bytes";
  }
}
