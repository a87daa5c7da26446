package io.p2pchat.internal.session;

import io.p2pchat.Delivery;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Some consecutive lines of a queue, encoded, and their futures. Guarded by its queue. */
final class Chunk {
  final byte[] bytes;
  final long firstLine;
  private final List<CompletableFuture<Delivery>> futures = new ArrayList<>();

  /** The length of the longest line, with its line end. */
  private int longest;

  /** Where each line begins, and after them where the last one ends. */
  private int[] starts = new int[16];

  Chunk(long firstLine, int capacity) {
    this.firstLine = firstLine;
    this.bytes = new byte[capacity];
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
    futures.add(future);
    if (futures.size() == starts.length) {
      starts = Arrays.copyOf(starts, 2 * starts.length);
    }
    starts[futures.size()] = end + 1;
  }

  /** The number after its last line. */
  long endLine() {
    return firstLine + futures.size();
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

  List<CompletableFuture<Delivery>> futures(long from, long to) {
    return futures.subList((int) (from - firstLine), (int) (to - firstLine));
  }
}
