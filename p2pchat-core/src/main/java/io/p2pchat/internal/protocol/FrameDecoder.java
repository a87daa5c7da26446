package io.p2pchat.internal.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Turns the received bytes into lines (PROTOCOL.md section 2, Receiving). A line ends
 *
 * <ol>
 *   <li>at LF or CRLF;
 *   <li>at the end of the stream; at a reset, if what waits is whole; never where this side closes;
 *   <li>after a quiet period, if no LF was ever seen and what waits is whole and short.
 * </ol>
 *
 * <p>Lines are given on when the {@link DecodeGate} is open; till then they stay here as bytes, and
 * beyond the limit the channel stops reading. {@link ResumeDecoding} sets both going again.
 *
 * <p>A line over the limit is a {@link TooLongFrameException}; all that follows it is dropped. The
 * channel must allow half-closure: it is how the end of the stream shows itself.
 */
public final class FrameDecoder extends ByteToMessageDecoder {
  private static final byte LF = '\n';
  private static final int MAX_QUIET_BYTES = 1024;

  private final int maxFrameBytes;
  private final long quietNanos;
  private final Predicate<String> whole;
  private final DecodeGate gate;

  private int scanned;
  private boolean terminatorSeen;
  private boolean tooLong;
  private boolean endWaits;
  private boolean streamEnded;
  private boolean reset;
  private long lastRead;
  private @Nullable ScheduledFuture<?> quietTimer;

  /**
   * Makes a decoder.
   *
   * @param maxFrameBytes the longest frame, with its terminator
   * @param quietPeriod how long the quiet period is
   * @param whole tells whether an unterminated line is whole enough to be taken
   * @param gate tells when lines may be given on
   */
  public FrameDecoder(
      int maxFrameBytes, Duration quietPeriod, Predicate<String> whole, DecodeGate gate) {
    this.maxFrameBytes = maxFrameBytes;
    this.quietNanos = quietPeriod.toNanos();
    this.whole = whole;
    this.gate = gate;
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    if (tooLong) {
      in.skipBytes(in.readableBytes());
    } else if (gate.isOpen()) {
      decodeLine(in, out);
    } else if (in.readableBytes() > maxFrameBytes) {
      ctx.channel().config().setAutoRead(false);
    }
  }

  private void decodeLine(ByteBuf in, List<Object> out) {
    int from = in.readerIndex();
    int end = ByteBufUtil.indexOf(in, from + scanned, in.writerIndex(), LF);
    int frameBytes = (end < 0 ? in.writerIndex() : end + 1) - from;
    if (frameBytes > maxFrameBytes) {
      fail(in);
    }
    if (end < 0) {
      scanned = frameBytes;
    } else {
      terminatorSeen = true;
      out.add(line(in, frameBytes));
      gate.gaveOn();
    }
  }

  @Override
  protected void decodeLast(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    boolean more = !tooLong;
    while (more && mayGiveOnLast()) {
      int before = in.readableBytes();
      decodeLine(in, out);
      more = in.readableBytes() < before;
      // At once, so that the gate sees it.
      out.forEach(ctx::fireChannelRead);
      out.clear();
    }
    boolean unended = !tooLong && in.isReadable() && mayGiveOnLast();
    if (unended && (streamEnded || isWhole(in))) {
      out.add(line(in, in.readableBytes()));
    }
    in.skipBytes(in.readableBytes());
  }

  private boolean mayGiveOnLast() {
    return streamEnded || (reset && gate.isOpenAfterReset());
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    // Not the superclass's: it would go on reading where reading has been stopped.
    discardSomeReadBytes();
    lastRead = ctx.executor().ticker().nanoTime();
    if (quietTimer == null && mayEndQuietly()) {
      awaitQuiet(ctx, quietNanos);
    }
    if (actualReadableBytes() > 0 && !gate.isOpen()) {
      gate.waiting();
    }
    ctx.fireChannelReadComplete();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
    if (event instanceof ChannelInputShutdownEvent) {
      if (gate.holdsEnd() && !gate.isOpen()) {
        endWaits = true;
        gate.waiting();
      } else {
        end(ctx);
      }
      return;
    }
    super.userEventTriggered(ctx, event);
    if (event instanceof ResumeDecoding) {
      channelRead(ctx, Unpooled.EMPTY_BUFFER);
      channelReadComplete(ctx);
      if (endWaits && gate.isOpen()) {
        end(ctx);
      }
    }
  }

  private void end(ChannelHandlerContext ctx) throws Exception {
    endWaits = false;
    streamEnded |= !reset;
    super.userEventTriggered(ctx, ChannelInputShutdownEvent.INSTANCE);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    reset |= cause instanceof IOException;
    ctx.fireExceptionCaught(cause);
  }

  @Override
  protected void handlerRemoved0(ChannelHandlerContext ctx) {
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
    // While lines are held back, silence says nothing of the peer.
    long silent = gate.isFlowing() ? ctx.executor().ticker().nanoTime() - lastRead : 0;
    if (silent < quietNanos) {
      awaitQuiet(ctx, quietNanos - silent);
    } else if (isWhole(internalBuffer())) {
      ctx.fireChannelRead(line(internalBuffer(), actualReadableBytes()));
      ctx.fireChannelReadComplete();
    }
  }

  private boolean mayEndQuietly() {
    int waiting = actualReadableBytes();
    return !terminatorSeen && waiting > 0 && waiting <= MAX_QUIET_BYTES;
  }

  private boolean isWhole(ByteBuf in) {
    return whole.test(in.toString(StandardCharsets.UTF_8));
  }

  private String line(ByteBuf in, int frameBytes) {
    scanned = 0;
    String line = in.readCharSequence(frameBytes, StandardCharsets.UTF_8).toString();
    int end = line.length();
    if (end > 0 && line.charAt(end - 1) == LF) {
      end -= end > 1 && line.charAt(end - 2) == '\r' ? 2 : 1;
    }
    return line.substring(0, end);
  }

  private void fail(ByteBuf in) {
    int received = in.readableBytes();
    tooLong = true;
    in.skipBytes(received);
    throw new TooLongFrameException(
        "a line of more than " + maxFrameBytes + " bytes (" + received + " received so far)");
  }
}
