package io.p2pchat.internal.frame;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.util.concurrent.ScheduledFuture;
import io.p2pchat.internal.frame.DecodeGate.ResumeDecoding;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the received bytes into lines (PROTOCOL.md section 2, Receiving). A line ends
 *
 * <ol>
 *   <li>at LF or CRLF;
 *   <li>at the end of the stream; at a reset, if the pending bytes are whole; never at a local
 *       close;
 *   <li>after a quiet period, if no LF was ever seen and the pending bytes are whole and short.
 * </ol>
 *
 * <p>The decoder delivers lines while the {@link DecodeGate} is open. Otherwise they stay here as
 * bytes, and above the limit the channel stops reading. {@link ResumeDecoding} starts both again.
 *
 * <p>A line over the limit causes a {@link TooLongFrameException}, and everything after it is
 * dropped. The channel must allow half-closure, which signals the end of the stream.
 */
public final class FrameDecoder extends ChannelInboundHandlerAdapter {
  private static final byte LF = '\n';
  private static final int MAX_QUIET_BYTES = 1024;

  private final int maxFrameBytes;
  private final long quietNanos;
  private final Predicate<String> whole;
  private final DecodeGate gate;

  private ByteBuf in = Unpooled.EMPTY_BUFFER;
  private int scanned;
  private boolean terminatorSeen;
  private boolean tooLong;
  private boolean endWaits;
  private boolean streamEnded;
  private boolean reset;
  private long lastRead;
  private @Nullable ScheduledFuture<?> quietTimer;

  /**
   * Creates a decoder.
   *
   * @param maxFrameBytes the longest frame, with its terminator
   * @param quietPeriod the length of the quiet period
   * @param whole tests whether an unterminated line is complete enough to deliver
   * @param gate tells when lines may be delivered
   */
  public FrameDecoder(
      int maxFrameBytes, Duration quietPeriod, Predicate<String> whole, DecodeGate gate) {
    this.maxFrameBytes = maxFrameBytes;
    this.quietNanos = quietPeriod.toNanos();
    this.whole = whole;
    this.gate = gate;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object bytes) {
    in = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(ctx.alloc(), in, (ByteBuf) bytes);
    decode(ctx);
  }

  /** Delivers the pending lines while the gate is open. */
  private void decode(ChannelHandlerContext ctx) {
    if (tooLong) {
      in.skipBytes(in.readableBytes());
    }
    while (in.isReadable() && gate.isOpen()) {
      String line = nextLine(ctx);
      if (line == null) {
        break;
      }
      gate.passedOn();
      ctx.fireChannelRead(line);
    }
    if (in.readableBytes() > maxFrameBytes) {
      ctx.channel().config().setAutoRead(false);
    }
    releaseIfRead();
  }

  /**
   * Returns the next line. Returns null if it has not ended, or if it is too long and was dropped.
   */
  private @Nullable String nextLine(ChannelHandlerContext ctx) {
    int from = in.readerIndex();
    int end = ByteBufUtil.indexOf(in, from + scanned, in.writerIndex(), LF);
    int frameBytes = (end < 0 ? in.writerIndex() : end + 1) - from;
    if (frameBytes > maxFrameBytes) {
      fail(ctx);
      return null;
    }
    if (end < 0) {
      scanned = frameBytes;
      return null;
    }
    terminatorSeen = true;
    return line(frameBytes);
  }

  /** Delivers the pending lines at the end of the stream. Drops those that may not be delivered. */
  private void decodeLast(ChannelHandlerContext ctx) {
    decode(ctx);
    boolean more = true;
    while (more && in.isReadable() && mayPassOnLast()) {
      String line = nextLine(ctx);
      more = line != null;
      if (more) {
        gate.passedOn();
        ctx.fireChannelRead(line);
      }
    }
    if (in.isReadable() && mayPassOnLast() && (streamEnded || isWhole())) {
      ctx.fireChannelRead(line(in.readableBytes()));
    }
    in.skipBytes(in.readableBytes());
    releaseIfRead();
    ctx.fireChannelReadComplete();
  }

  private boolean mayPassOnLast() {
    return streamEnded || (reset && gate.isOpenAfterReset());
  }

  private void releaseIfRead() {
    if (!in.isReadable()) {
      in.release();
      in = Unpooled.EMPTY_BUFFER;
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (in.refCnt() == 1) {
      in.discardSomeReadBytes();
    }
    lastRead = ctx.executor().ticker().nanoTime();
    if (quietTimer == null && mayEndQuietly()) {
      awaitQuiet(ctx, quietNanos);
    }
    if (in.isReadable() && !gate.isOpen()) {
      gate.waiting();
    }
    ctx.fireChannelReadComplete();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    decodeLast(ctx);
    ctx.fireChannelInactive();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      if (gate.holdsEnd() && !gate.isOpen()) {
        endWaits = true;
        gate.waiting();
      } else {
        end(ctx);
      }
      return;
    }
    ctx.fireUserEventTriggered(event);
    if (event instanceof ResumeDecoding) {
      decode(ctx);
      channelReadComplete(ctx);
      if (endWaits && gate.isOpen()) {
        end(ctx);
      }
    }
  }

  private void end(ChannelHandlerContext ctx) {
    endWaits = false;
    streamEnded |= !reset;
    decodeLast(ctx);
    ctx.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    reset |= cause instanceof IOException;
    ctx.fireExceptionCaught(cause);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    in.release();
    in = Unpooled.EMPTY_BUFFER;
    if (quietTimer != null) {
      quietTimer.cancel(false);
    }
  }

  private void awaitQuiet(ChannelHandlerContext ctx, long nanos) {
    quietTimer = ctx.executor().schedule(() -> quiet(ctx), nanos, TimeUnit.NANOSECONDS);
  }

  private void quiet(ChannelHandlerContext ctx) {
    quietTimer = null;
    if (!mayEndQuietly()) {
      return;
    }
    // While reading is paused, silence is not the peer's.
    long silent = gate.isFlowing() ? ctx.executor().ticker().nanoTime() - lastRead : 0;
    if (silent < quietNanos) {
      awaitQuiet(ctx, quietNanos - silent);
    } else if (isWhole()) {
      String line = line(in.readableBytes());
      releaseIfRead();
      ctx.fireChannelRead(line);
      ctx.fireChannelReadComplete();
    }
  }

  private boolean mayEndQuietly() {
    int waiting = in.readableBytes();
    return !terminatorSeen
        && waiting > 0
        && waiting <= MAX_QUIET_BYTES
        && in.bytesBefore(LF) < 0; // Ended lines may wait here for their turn.
  }

  private boolean isWhole() {
    return whole.test(in.toString(StandardCharsets.UTF_8));
  }

  private String line(int frameBytes) {
    scanned = 0;
    String line = in.readCharSequence(frameBytes, StandardCharsets.UTF_8).toString();
    int end = line.length();
    if (end > 0 && line.charAt(end - 1) == LF) {
      end -= end > 1 && line.charAt(end - 2) == '\r' ? 2 : 1;
    }
    return line.substring(0, end);
  }

  private void fail(ChannelHandlerContext ctx) {
    int received = in.readableBytes();
    tooLong = true;
    in.skipBytes(received);
    ctx.fireExceptionCaught(
        new TooLongFrameException(
            "a line of more than " + maxFrameBytes + " bytes (" + received + " received so far)"));
  }
}
