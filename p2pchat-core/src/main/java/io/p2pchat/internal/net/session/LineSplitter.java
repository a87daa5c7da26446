package io.p2pchat.internal.net.session;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Splits the input of level-1 connections into lines. All connections of an event loop share one
 * instance, because its buffer holds only one read at a time.
 */
public final class LineSplitter {
  private static final byte LF = '\n';
  private static final VarHandle EIGHT_BYTES =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long LINE_FEEDS = 0x0a0a0a0a0a0a0a0aL;
  private static final long LOWEST_BITS = 0x0101010101010101L;
  private static final long HIGHEST_BITS = 0x8080808080808080L;

  private byte[] bytes = new byte[64 * 1024];

  /**
   * The array of the last rest that became a line. It is used again, since fresh memory is slow.
   */
  private byte[] spare = Rest.NOTHING;

  /** Receives the lines. */
  interface Sink {
    /** Receives a line without its LF. The array is valid only during this call. */
    void line(byte[] bytes, int from, int to);

    /** Returns whether to pass further lines. */
    boolean wantsMore();
  }

  /** The incomplete line at the end of a read. Each connection has its own. */
  static final class Rest {
    private static final byte[] NOTHING = {};

    private byte[] bytes = NOTHING;
    private int length;

    int length() {
      return length;
    }

    /**
     * Removes all bytes, to split them again. They may contain whole lines that the sink did not
     * want.
     */
    ByteBuf take() {
      ByteBuf all = Unpooled.wrappedBuffer(bytes, 0, length);
      clear();
      return all;
    }

    void clear() {
      bytes = NOTHING;
      length = 0;
    }

    // Grows by half, so that the cost of a line does not depend on the size of its pieces.
    private void add(byte[] from, int start, int end) {
      int sum = length + end - start;
      if (sum > bytes.length) {
        bytes = Arrays.copyOf(bytes, Math.max(sum, length + length / 2));
      }
      System.arraycopy(from, start, bytes, length, end - start);
      length = sum;
    }
  }

  /** Splits the rest of the last read and this read into lines, and keeps the new rest. */
  void split(Rest rest, ByteBuf in, Sink sink) {
    int scanned = rest.length;
    int length = scanned + in.readableBytes();
    makeRoom(length);
    in.readBytes(bytes, scanned, length - scanned);
    int end = lineEnd(bytes, scanned, length);
    if (end < 0) {
      rest.add(bytes, scanned, length);
      return;
    }
    System.arraycopy(rest.bytes, 0, bytes, 0, scanned);
    spare = rest.bytes.length == 0 ? spare : rest.bytes;
    rest.clear();
    int start = 0;
    while (end >= 0 && sink.wantsMore()) {
      sink.line(bytes, start, end);
      start = end + 1;
      end = lineEnd(bytes, start, length);
    }
    takeSpare(rest, length - start);
    rest.add(bytes, start, length);
  }

  /** Gives an empty rest the spare array, if it will fill more than half of that. */
  private void takeSpare(Rest rest, int length) {
    if (length <= spare.length && length > spare.length / 2) {
      rest.bytes = spare;
      spare = Rest.NOTHING;
    }
  }

  private static int lineEnd(byte[] bytes, int from, int to) {
    int i = from;
    while (i <= to - 4 * Long.BYTES
        && (lineFeeds(bytes, i)
                | lineFeeds(bytes, i + Long.BYTES)
                | lineFeeds(bytes, i + 2 * Long.BYTES)
                | lineFeeds(bytes, i + 3 * Long.BYTES))
            == 0) {
      i += 4 * Long.BYTES;
    }
    for (; i <= to - Long.BYTES; i += Long.BYTES) {
      long found = lineFeeds(bytes, i);
      if (found != 0) {
        return i + Long.numberOfTrailingZeros(found) / Byte.SIZE;
      }
    }
    while (i < to && bytes[i] != LF) {
      i++;
    }
    return i < to ? i : -1;
  }

  /** Returns the high bit of the first of 8 bytes that is LF, or 0. Later bits may be set too. */
  private static long lineFeeds(byte[] bytes, int at) {
    // Where a byte is LF, subtracting one from its difference borrows.
    long difference = (long) EIGHT_BYTES.get(bytes, at) ^ LINE_FEEDS;
    return (difference - LOWEST_BITS) & ~difference & HIGHEST_BITS;
  }

  private void makeRoom(int length) {
    if (length > bytes.length) {
      bytes = new byte[Math.max(length, 2 * bytes.length)];
    }
  }
}
