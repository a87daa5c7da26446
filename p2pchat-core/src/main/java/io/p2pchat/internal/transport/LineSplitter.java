package io.p2pchat.internal.transport;

import io.netty.buffer.ByteBuf;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Finds the lines in what level-1 connections receive. One serves all connections of an event loop,
 * since it looks at the bytes of one read at a time, in an array that it keeps.
 */
final class LineSplitter {
  private static final byte LF = '\n';
  private static final VarHandle EIGHT_BYTES =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long LINE_FEEDS = 0x0a0a0a0a0a0a0a0aL;
  private static final long LOWEST_BITS = 0x0101010101010101L;
  private static final long HIGHEST_BITS = 0x8080808080808080L;

  private byte[] bytes = new byte[64 * 1024];

  /** Takes the lines that are found. */
  interface Sink {
    /** A line without its LF; the array is good for the time of this call. */
    void line(byte[] bytes, int from, int to);

    /** Whether further lines are wanted. */
    boolean wantsMore();
  }

  /**
   * Finds the lines in what was left of the last read and this one.
   *
   * @param rest what the last call has returned
   * @return the bytes of the line that is not ended, or null if there is none
   */
  byte @Nullable [] split(byte @Nullable [] rest, ByteBuf in, Sink sink) {
    int scanned = rest == null ? 0 : rest.length;
    int length = scanned + in.readableBytes();
    makeRoom(length);
    if (rest != null) {
      System.arraycopy(rest, 0, bytes, 0, scanned);
    }
    in.readBytes(bytes, scanned, length - scanned);
    int start = 0;
    int end = lineEnd(scanned, length);
    while (end >= 0 && sink.wantsMore()) {
      sink.line(bytes, start, end);
      start = end + 1;
      end = lineEnd(start, length);
    }
    return start == length ? null : Arrays.copyOfRange(bytes, start, length);
  }

  // Eight bytes at a time: where a byte is LF, subtracting one from its difference borrows.
  private int lineEnd(int from, int to) {
    int i = from;
    for (; i + Long.BYTES <= to; i += Long.BYTES) {
      long difference = (long) EIGHT_BYTES.get(bytes, i) ^ LINE_FEEDS;
      long found = (difference - LOWEST_BITS) & ~difference & HIGHEST_BITS;
      if (found != 0) {
        return i + Long.numberOfTrailingZeros(found) / Byte.SIZE;
      }
    }
    while (i < to && bytes[i] != LF) {
      i++;
    }
    return i < to ? i : -1;
  }

  private void makeRoom(int length) {
    if (length > bytes.length) {
      bytes = new byte[Math.max(length, 2 * bytes.length)];
    }
  }
}
