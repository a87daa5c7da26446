package io.p2pchat.internal.session;

import io.p2pchat.Delivery;
import io.p2pchat.internal.protocol.EncodedText;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Consecutive lines of a queue, encoded, with their futures. Or one line with a shared text, which
 * is not copied. Guarded by its queue.
 */
final class LineChunk {
  final byte[] bytes;
  final long firstLine;

  /** The text of the only line, whose header is {@link #bytes}; null if the bytes hold all. */
  final @Nullable EncodedText shared;

  private CompletableFuture<Delivery>[] futures;
  private int lines;

  /** The length of the longest line, with its line end. */
  private int longest;

  /** The offset of each line, followed by the end of the last one. */
  private int[] starts;

  /** The length of each line in plain form, or null while all are {@link EncodedText#SAME}. */
  private int @Nullable [] plainLengths;

  /**
   * Creates an empty chunk.
   *
   * @param capacity its size in bytes
   * @param expectedLines a guess at the number of lines
   */
  @SuppressWarnings("unchecked") // Java has no arrays of generic types
  LineChunk(long firstLine, int capacity, int expectedLines) {
    this.firstLine = firstLine;
    this.bytes = new byte[capacity];
    this.shared = null;
    this.futures = (CompletableFuture<Delivery>[]) new CompletableFuture<?>[expectedLines];
    this.starts = new int[expectedLines + 1];
  }

  /** Creates the chunk of one line with a shared text. */
  @SuppressWarnings("unchecked") // Java has no arrays of generic types
  LineChunk(long firstLine, byte[] header, EncodedText shared, CompletableFuture<Delivery> future) {
    this.firstLine = firstLine;
    this.bytes = header;
    this.shared = shared;
    this.futures = (CompletableFuture<Delivery>[]) new CompletableFuture<?>[] {future};
    this.longest = header.length + shared.bytes().length + 1;
    this.starts = new int[] {0, longest};
    setPlainLength(shared.plainLength(header.length));
    this.lines = 1;
  }

  boolean hasRoom(int lineBytes) {
    return shared == null && bytes.length - offset(endLine()) >= lineBytes;
  }

  void add(byte[] header, EncodedText encoded, CompletableFuture<Delivery> future) {
    byte[] text = encoded.bytes();
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
    setPlainLength(encoded.plainLength(header.length));
    futures[lines] = future;
    lines++;
    starts[lines] = end + 1;
  }

  /** Sets the length in plain form of the line that is being added. */
  private void setPlainLength(int length) {
    if (length != EncodedText.SAME) {
      int[] known = plainLengths == null ? new int[futures.length] : plainLengths;
      plainLengths = known.length > lines ? known : Arrays.copyOf(known, futures.length);
      plainLengths[lines] = length;
    }
  }

  /** Returns the number after its last line. */
  long endLine() {
    return firstLine + lines;
  }

  /**
   * Returns the number after the last line, counted from {@code from}, before the first that is
   * over the limit or differs in the wanted form.
   */
  long endWithin(long from, int limit, boolean exact) {
    if (longest <= limit && (exact || plainLengths == null)) {
      return endLine();
    }
    long end = from;
    while (end < endLine()
        && offset(end + 1) - offset(end) <= limit
        && (exact || plainLength(end) == EncodedText.SAME)) {
      end++;
    }
    return end;
  }

  /**
   * Returns the length of a line in plain form, {@link EncodedText#SAME} or {@link
   * EncodedText#NONE}.
   */
  int plainLength(long line) {
    int index = (int) (line - firstLine);
    return plainLengths == null || index >= plainLengths.length
        ? EncodedText.SAME
        : plainLengths[index];
  }

  /** Returns the length of a line in the wanted form, or {@link EncodedText#NONE}. */
  int length(long line, boolean exact) {
    int plain = exact ? EncodedText.SAME : plainLength(line);
    return plain == EncodedText.SAME ? offset(line + 1) - offset(line) : plain;
  }

  /** Returns the offset of a line of this chunk, or of the end after its last line. */
  int offset(long line) {
    return starts[(int) (line - firstLine)];
  }

  /** Returns the header of one line: all of it up to the shared text, or to the line end. */
  byte[] header(long line) {
    return shared != null ? bytes : Arrays.copyOfRange(bytes, offset(line), offset(line + 1) - 1);
  }

  CompletableFuture<Delivery> future(long line) {
    return futures[(int) (line - firstLine)];
  }

  /** Returns how many similar lines a chunk of this many bytes may hold. */
  int expectedLines(int capacity) {
    return shared == null ? (int) ((long) lines * capacity / bytes.length) + lines / 8 + 1 : lines;
  }

  /** Returns some futures of this chunk. Later additions do not change the result. */
  CompletedSends.Part part(long from, long to) {
    return new CompletedSends.Part(futures, (int) (from - firstLine), (int) (to - firstLine));
  }
}
