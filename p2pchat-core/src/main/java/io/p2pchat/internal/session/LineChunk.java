package io.p2pchat.internal.session;

import io.p2pchat.Delivery;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;

/** Some consecutive lines of a queue, encoded, and their futures. Guarded by its queue. */
final class LineChunk {
  final byte[] bytes;
  final long firstLine;
  private CompletableFuture<Delivery>[] futures;
  private int lines;

  /** The length of the longest line, with its line end. */
  private int longest;

  /** Where each line begins, and after them where the last one ends. */
  private int[] starts;

  /**
   * Makes an empty chunk.
   *
   * @param capacity how many bytes it holds
   * @param expectedLines how many lines, as a guess
   */
  @SuppressWarnings("unchecked") // There are no arrays of generic types
  LineChunk(long firstLine, int capacity, int expectedLines) {
    this.firstLine = firstLine;
    this.bytes = new byte[capacity];
    this.futures = (CompletableFuture<Delivery>[]) new CompletableFuture<?>[expectedLines];
    this.starts = new int[expectedLines + 1];
  }

  boolean hasRoom(int lineBytes) {
    return bytes.length - offset(endLine()) >= lineBytes;
  }

  void add(byte[] header, byte[] text, CompletableFuture<Delivery> future) {
    int start = offset(endLine());
    int end = start + header.length + text.length;
    System.arraycopy(header, 0, bytes, start, header.length);
    System.arraycopy(text, 0, bytes, start + header.length, text.length);
    bytes[end] = '\n';
    longest = Math.max(longest, end + 1 - start);
    if (lines == futures.length) {
      futures = Arrays.copyOf(futures, 2 * lines);
      starts = Arrays.copyOf(starts, 2 * lines + 1);
    }
    futures[lines] = future;
    lines++;
    starts[lines] = end + 1;
  }

  /** The number after its last line. */
  long endLine() {
    return firstLine + lines;
  }

  /** The number after the last line from {@code from} on that goes before one over the limit. */
  long endWithin(long from, int limit) {
    long end = longest <= limit ? endLine() : from;
    while (end < endLine() && offset(end + 1) - offset(end) <= limit) {
      end++;
    }
    return end;
  }

  /** Where a line of this chunk, or the one after its last, begins. */
  int offset(long line) {
    return starts[(int) (line - firstLine)];
  }

  /** One line, without its line end. */
  byte[] line(long line) {
    return Arrays.copyOfRange(bytes, offset(line), offset(line + 1) - 1);
  }

  /** How many lines a chunk of this many bytes may hold, if they are like those of this one. */
  int expectedLines(int capacity) {
    return (int) ((long) lines * capacity / bytes.length) + lines / 8 + 1;
  }

  /** Some futures of this chunk; later additions do not change what is returned. */
  CompletedSends.Part part(long from, long to) {
    return new CompletedSends.Part(futures, (int) (from - firstLine), (int) (to - firstLine));
  }
}
