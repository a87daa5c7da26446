package io.p2pchat.internal.session;

import io.p2pchat.internal.protocol.EncodedText;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Successive lines of a queue, encoded, with their futures. Or one line with a shared text, which
 * is not copied. Guarded by its queue.
 *
 * <p>Lines are given by their number in the queue. A number that is not here stands for the next
 * one that is.
 */
final class LineChunk implements SendFuture.Place {
  private static final byte[] NO_BYTES = {};

  /** The text of the only line, whose header is {@link #bytes}; null if the bytes hold all. */
  final @Nullable EncodedText shared;

  /** The next chunk of the queue; null if there is none, and when this one has left it. */
  @Nullable LineChunk next;

  /** A number up to that of its first line, and not below the {@link #endLine} before it. */
  final long firstLine;

  private final SendQueue queue;
  private byte[] bytes;

  /** The future of each line; null if that was withdrawn. Whoever withdrew it completes it. */
  private @Nullable SendFuture[] futures;

  private int lines;

  /** How many slices were given out and are not {@link #done}. */
  private int readers;

  /** The length of the longest line, with its line end. */
  private int longest;

  /** The offset of each line, followed by the end of the last one. */
  private int[] starts;

  /** The length of each line in plain form, or null while all are {@link EncodedText#SAME}. */
  private int @Nullable [] plainLengths;

  /** Which lines were withdrawn and are still here, or null if none was. */
  private @Nullable BitSet withdrawn;

  private int withdrawnLines;

  /** The number of each line, or null while they are consecutive. */
  private long @Nullable [] numbers;

  /**
   * Creates an empty chunk.
   *
   * @param bytes the array to fill; it may hold old bytes
   * @param expectedLines a guess at the number of lines
   */
  LineChunk(SendQueue queue, long firstLine, byte[] bytes, int expectedLines) {
    this.queue = queue;
    this.firstLine = firstLine;
    this.bytes = bytes;
    this.shared = null;
    this.futures = new SendFuture[expectedLines];
    this.starts = new int[expectedLines + 1];
  }

  /** Creates the chunk of one line with a shared text. */
  LineChunk(SendQueue queue, long firstLine, byte[] header, EncodedText shared, SendFuture future) {
    this.queue = queue;
    this.firstLine = firstLine;
    this.bytes = header;
    this.shared = shared;
    this.futures = new SendFuture[] {future};
    this.longest = header.length + shared.bytes().length + 1;
    this.starts = new int[] {0, longest};
    setPlainLength(shared.plainLength(header.length));
    this.lines = 1;
  }

  boolean hasRoom(int lineBytes) {
    return shared == null && numbers == null && bytes.length - starts[lines] >= lineBytes;
  }

  void add(byte[] header, EncodedText encoded, SendFuture future) {
    byte[] text = encoded.bytes();
    int start = starts[lines];
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
    return numbers == null ? firstLine + lines : numbers[lines - 1] + 1;
  }

  private int index(long line) {
    if (numbers == null) {
      return (int) Math.min(lines, Math.max(0, line - firstLine));
    }
    int found = Arrays.binarySearch(numbers, 0, lines, line);
    return found < 0 ? -1 - found : found;
  }

  private long number(int index) {
    return numbers == null || index == lines ? endLine() - lines + index : numbers[index];
  }

  private boolean isWithdrawn(int index) {
    return withdrawn != null && withdrawn.get(index);
  }

  /**
   * Returns the first line from {@code from} on that was not withdrawn, or the number after the
   * last line.
   */
  long firstLive(long from) {
    int index = index(from);
    return number(withdrawn == null ? index : Math.min(lines, withdrawn.nextClearBit(index)));
  }

  /**
   * Returns the number of the first line, counted from {@code from}, that is over the limit,
   * differs in the wanted form, or was withdrawn. Without one, returns the number after the last
   * line.
   */
  long endWithin(long from, int limit, boolean exact) {
    if (longest <= limit && (exact || plainLengths == null) && withdrawnLines == 0) {
      return endLine();
    }
    int end = index(from);
    while (end < lines
        && starts[end + 1] - starts[end] <= limit
        && (exact || plainLengthAt(end) == EncodedText.SAME)
        && !isWithdrawn(end)) {
      end++;
    }
    return number(end);
  }

  private int plainLengthAt(int index) {
    return plainLengths == null || index >= plainLengths.length
        ? EncodedText.SAME
        : plainLengths[index];
  }

  /**
   * Returns the length of a line in plain form, {@link EncodedText#SAME} or {@link
   * EncodedText#NONE}.
   */
  int plainLength(long line) {
    return plainLengthAt(index(line));
  }

  /** Returns the length of a line in the wanted form, or {@link EncodedText#NONE}. */
  int length(long line, boolean exact) {
    int index = index(line);
    int plain = exact ? EncodedText.SAME : plainLengthAt(index);
    return plain == EncodedText.SAME ? starts[index + 1] - starts[index] : plain;
  }

  /** Returns the lines from one to before another, none of which was withdrawn. */
  SendQueue.Slice slice(long from, long to) {
    int first = index(from);
    int end = index(to);
    int length = shared == null ? starts[end] - starts[first] : bytes.length;
    readers++;
    return new SendQueue.Slice(bytes, starts[first], length, end - first, shared, null, this);
  }

  /** Nobody reads a slice any more. */
  void done() {
    readers--;
  }

  /**
   * Returns the array of a chunk that left its queue, for another chunk. It is empty if others may
   * still read it.
   */
  byte[] takeArray() {
    byte[] array = shared == null && readers == 0 ? bytes : NO_BYTES;
    bytes = NO_BYTES;
    return array;
  }

  /** Returns the header of one line: all of it up to the shared text, or to the line end. */
  byte[] header(long line) {
    int index = index(line);
    return shared != null ? bytes : Arrays.copyOfRange(bytes, starts[index], starts[index + 1] - 1);
  }

  @Nullable SendFuture future(long line) {
    return futures[index(line)];
  }

  /** Returns how many similar lines a chunk of this many bytes may hold. */
  int expectedLines(int capacity) {
    return shared == null && bytes.length > 0
        ? (int) ((long) lines * capacity / bytes.length) + lines / 8 + 1
        : lines;
  }

  // ---- settled and withdrawn lines

  /** Adds the futures of some lines to {@code settled}. Later changes do not change the result. */
  void settle(long from, long to, CompletedSends settled) {
    int first = index(from);
    int end = index(to);
    int gone = 0;
    int goneBytes = 0;
    if (withdrawnLines > 0) {
      for (int i = first; i < end; i++) {
        if (isWithdrawn(i)) {
          gone++;
          goneBytes += starts[i + 1] - starts[i];
        }
      }
      withdrawnLines -= gone;
      queue.forget(goneBytes);
    }
    CompletedSends.Part part = new CompletedSends.Part(futures, first, end);
    settled.add(part, end - first - gone, starts[end] - starts[first] - goneBytes);
  }

  @Override
  public boolean withdraw(SendFuture future) {
    return queue.withdraw(this, future);
  }

  /**
   * Returns the number of a message's line, if it is {@code from} or later. Otherwise returns -1.
   */
  long find(SendFuture future, long from) {
    for (int i = index(from); i < lines; i++) {
      if (futures[i] == future) {
        return number(i);
      }
    }
    return -1;
  }

  /** Marks a line as withdrawn. Returns its bytes, or 0 if it already was. */
  int withdraw(long line) {
    int index = index(line);
    if (isWithdrawn(index)) {
      return 0;
    }
    if (withdrawn == null) {
      withdrawn = new BitSet(lines);
    }
    withdrawn.set(index);
    withdrawnLines++;
    futures[index] = null;
    return starts[index + 1] - starts[index];
  }

  /** Returns how many lines from {@code from} on were not withdrawn. */
  int live(long from) {
    return lines - index(from) - withdrawnLines;
  }

  /** Returns the number after so many lines that were not withdrawn, counted from {@code from}. */
  long after(long from, long count) {
    int index = index(from);
    for (long left = count; left > 0; index++) {
      left -= isWithdrawn(index) ? 0 : 1;
    }
    return number(index - 1) + 1;
  }

  /**
   * Frees the memory of the withdrawn lines. Numbers stay, and so do the arrays that were given
   * out. Returns whether no line remains.
   */
  boolean compact() {
    if (withdrawnLines == 0 || withdrawn == null) {
      return false;
    }
    int kept = lines - withdrawn.cardinality();
    byte[] keptBytes = new byte[shared == null ? starts[lines] : 0];
    @Nullable SendFuture[] keptFutures = new SendFuture[kept];
    int[] keptStarts = new int[kept + 1];
    int[] keptLengths = new int[kept];
    long[] keptNumbers = new long[kept];
    int to = 0;
    for (int i = withdrawn.nextClearBit(0); i < lines; i = withdrawn.nextClearBit(i + 1)) {
      int length = starts[i + 1] - starts[i];
      System.arraycopy(bytes, starts[i], keptBytes, keptStarts[to], length);
      keptFutures[to] = futures[i];
      keptLengths[to] = plainLengthAt(i);
      keptNumbers[to] = number(i);
      keptStarts[to + 1] = keptStarts[to] + length;
      to++;
    }
    bytes = Arrays.copyOf(keptBytes, keptStarts[kept]);
    futures = keptFutures;
    starts = keptStarts;
    plainLengths = plainLengths == null ? null : keptLengths;
    numbers = keptNumbers;
    lines = kept;
    withdrawn = null;
    withdrawnLines = 0;
    return kept == 0;
  }
}
