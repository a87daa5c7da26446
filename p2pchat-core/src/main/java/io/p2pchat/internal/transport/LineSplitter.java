package io.p2pchat.internal.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Finds the lines in what level-1 connections receive. One serves all connections of an event loop,
 * since it looks at the bytes of one read at a time, in an array that it keeps.
 */
final class LineSplitter {
  private static final byte LF = '\n';
  private byte[] bytes = new byte[64 * 1024];
  private ByteBuf view = Unpooled.wrappedBuffer(bytes);

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

  private int lineEnd(int from, int to) {
    return ByteBufUtil.indexOf(view, from, to, LF);
  }

  private void makeRoom(int length) {
    if (length > bytes.length) {
      bytes = new byte[Math.max(length, 2 * bytes.length)];
      view = Unpooled.wrappedBuffer(bytes);
    }
  }
}
