package io.p2pchat.internal.session;

import io.p2pchat.Delivery;
import io.p2pchat.internal.protocol.ChatLine;
import io.p2pchat.internal.protocol.EncodedText;
import io.p2pchat.internal.protocol.ReservedText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The bounded queue of chat lines to one peer (PROTOCOL.md section 6). The sending threads encode
 * lines into chunks. A text that many queues share is not copied. Lines are numbered from 0, and
 * kept until settled: acknowledged, failed, or removed for level 0.
 *
 * <p>Lines are held in their exact form. The few that differ in plain form are converted when they
 * are read for a peer that does not take exact texts.
 *
 * <p>Room is released only when the futures of settled lines have completed, which bounds the
 * pending completions too. Thread-safe.
 */
public final class SendQueue implements LineQueue {
  private static final int SMALLEST_CHUNK = 256;
  private static final int LARGEST_CHUNK = 64 * 1024;
  private static final int FEW_LINES = 4;

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
  private boolean exact = true;

  /** The result of offering a line. */
  public enum Offer {
    /** The line is queued. */
    TAKEN,
    /** There is no room. */
    FULL,
    /** There is no room among the messages to all peers. */
    FULL_IN_ALL,
    /** The queue accepts no more lines. A new queue may exist. */
    CLOSED
  }

  /**
   * A line with a reserved text.
   *
   * @param number its number
   * @param reserved its reserved text
   */
  public record ReservedLine(long number, ReservedText reserved) {}

  /**
   * A line removed from the queue.
   *
   * @param header the encoded line, up to the text
   * @param text its text; empty if the header holds it
   * @param settled its future and room
   */
  @SuppressWarnings("ArrayRecordComponent") // Passed once, never compared
  public record DequeuedLine(byte[] header, EncodedText text, CompletedSends settled) {}

  /**
   * A line removed from the queue because the peer cannot take it.
   *
   * @param length its length in the peer's form with the line end, or {@link EncodedText#NONE}
   * @param settled its future and room
   */
  public record UnsendableLine(int length, CompletedSends settled) {}

  /** A position in the queue, from which one connection writes. Used by one thread. */
  public static final class Cursor {
    private long line;

    private Cursor(long line) {
      this.line = line;
    }

    /** Returns the number of the next line. */
    public long line() {
      return line;
    }
  }

  /**
   * Whole, consecutive, encoded lines. The bytes do not change. If they are followed by a shared
   * text, they are the header of one line, and its line end is in neither.
   *
   * @param array the array that holds them
   * @param offset the offset of the first
   * @param length their length in bytes
   * @param lines the number of lines
   * @param shared the text that follows, or null
   */
  @SuppressWarnings("ArrayRecordComponent") // Written uncopied, never compared
  public record Slice(
      byte[] array, int offset, int length, int lines, @Nullable EncodedText shared) {}

  /**
   * Creates an empty queue.
   *
   * @param limits the limits on unsettled lines
   */
  public SendQueue(QueueLimits limits) {
    this.limits = limits;
  }

  /**
   * Adds a line, if there is room.
   *
   * @param header the encoded header; must not change
   * @param text the text
   * @param future completed by the code that settles the line
   */
  public synchronized Offer offer(
      byte[] header, EncodedText text, CompletableFuture<Delivery> future) {
    int lineBytes = header.length + text.bytes().length + 1;
    if (closed) {
      return Offer.CLOSED;
    }
    if (!limits.hasRoom(heldLines, heldBytes, lineBytes)) {
      return Offer.FULL;
    }
    if (text.isShared()) {
      chunks.add(new LineChunk(accepted, header, text, future));
    } else {
      chunkFor(lineBytes).add(header, text, future);
    }
    ReservedText reserved = text.reserved();
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

  private LineChunk chunkFor(int lineBytes) {
    LineChunk last = chunks.peekLast();
    if (last != null && last.hasRoom(lineBytes)) {
      return last;
    }
    int capacity = Math.max(lineBytes, chunkSize);
    int expected = last == null ? FEW_LINES : last.expectedLines(capacity);
    LineChunk next = new LineChunk(accepted, capacity, expected);
    chunks.add(next);
    chunkSize = Math.min(2 * chunkSize, LARGEST_CHUNK);
    return next;
  }

  /** Returns a cursor before the line with this number. */
  public Cursor seek(long line) {
    return new Cursor(line);
  }

  /**
   * Sets what the peer takes. Reading stops before a line that it cannot take until {@link
   * #takeUnsendable}.
   *
   * @param newLimit the longest line, in bytes with the line end
   * @param takesExact whether it takes exact texts
   */
  public synchronized void setPeer(int newLimit, boolean takesExact) {
    limit = newLimit;
    exact = takesExact;
  }

  /** Removes the first line if the peer cannot take it. Otherwise returns null. */
  public synchronized @Nullable UnsendableLine takeUnsendable() {
    LineChunk first = chunks.peekFirst();
    int length = first == null ? 0 : first.length(settled, exact);
    return length != EncodedText.NONE && length <= limit
        ? null
        : new UnsendableLine(length, settle(settled + 1));
  }

  /**
   * Returns the next unsettled lines that are contiguous in memory, and moves the cursor behind
   * them. Returns null if there are none. Lines after an {@code exit} are not read before that is
   * settled.
   */
  public synchronized @Nullable Slice read(Cursor from) {
    from.line = Math.max(from.line, settled);
    LineChunk chunk = find(from.line);
    if (chunk == null) {
      return null;
    }
    Long exit = exits.peekFirst();
    if (exit != null && from.line > exit) {
      return null;
    }
    long end = chunk.endWithin(from.line, limit, exact);
    end = exit == null ? end : Math.min(end, exit + 1);
    if (end <= from.line) {
      return exact ? null : readPlain(chunk, from);
    }
    int offset = chunk.offset(from.line);
    int lines = (int) (end - from.line);
    from.line = end;
    int length = chunk.shared == null ? chunk.offset(end) - offset : chunk.bytes.length;
    return new Slice(chunk.bytes, offset, length, lines, chunk.shared);
  }

  /** Returns the next line in plain form, or null if the peer cannot take it. */
  private @Nullable Slice readPlain(LineChunk chunk, Cursor from) {
    int length = chunk.length(from.line, false);
    if (length == EncodedText.NONE || length > limit) {
      return null;
    }
    byte[] header = chunk.header(from.line);
    from.line++;
    if (chunk.shared != null) {
      return new Slice(header, 0, header.length, 1, chunk.shared.plain());
    }
    ChatLine line = ChatLine.parseExact(new String(header, StandardCharsets.UTF_8));
    byte[] plain = (line.format() + '\n').getBytes(StandardCharsets.UTF_8);
    return new Slice(plain, 0, plain.length, 1, null);
  }

  /** Removes all lines below {@code number}, in order. */
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

  /** Removes the first line. Returns null if there is none. */
  public synchronized @Nullable DequeuedLine take() {
    LineChunk first = chunks.peekFirst();
    if (first == null) {
      return null;
    }
    byte[] header = first.header(settled);
    ReservedLine next = reservedLines.peekFirst();
    boolean isReserved = next != null && next.number == settled;
    if (isReserved) {
      reservedLines.removeFirst();
    }
    EncodedText text = first.shared;
    if (text == null) {
      ReservedText reserved = isReserved ? next.reserved : null;
      text = EncodedText.empty(header.length, first.plainLength(settled), reserved);
    }
    return new DequeuedLine(header, text, settle(settled + 1));
  }

  /** Returns the future of an unsettled line, or null if it is settled. */
  public synchronized @Nullable CompletableFuture<Delivery> future(long line) {
    LineChunk chunk = line < settled ? null : find(line);
    return chunk == null ? null : chunk.future(line);
  }

  /** Returns the lines with a reserved text below {@code number}. Each is returned once. */
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

  /** Returns the first queued {@code exit} that was not returned yet, or null. */
  public synchronized @Nullable ReservedLine exit() {
    return reservedLines.stream()
        .filter(line -> line.reserved == ReservedText.EXIT)
        .findFirst()
        .orElse(null);
  }

  /** Releases the room of these lines, whose futures are complete. */
  public synchronized void release(CompletedSends lines) {
    heldLines -= lines.lines();
    heldBytes -= lines.bytes();
  }

  /** Accepts no more lines. */
  public synchronized void close() {
    closed = true;
  }

  /** Returns whether it accepts no more lines. */
  public synchronized boolean isClosed() {
    return closed;
  }

  /** Closes the queue if no line holds room. Returns whether it is closed now. */
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

  /** Returns how many lines hold room. */
  public synchronized int heldLines() {
    return heldLines;
  }

  /** Returns how many bytes hold room. */
  public synchronized long heldBytes() {
    return heldBytes;
  }

  /** Returns whether less than half of both limits is in use. */
  public synchronized boolean isBelowHalf() {
    return limits.isBelowHalf(heldLines, heldBytes);
  }

  /** Returns the queued lines and bytes, for exception messages. */
  @Override
  public synchronized String toString() {
    return heldLines + " messages with " + heldBytes + " bytes";
  }
}
