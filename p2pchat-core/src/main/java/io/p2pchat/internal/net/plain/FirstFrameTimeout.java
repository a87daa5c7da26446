package io.p2pchat.internal.net.plain;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.ScheduledFuture;
import io.p2pchat.internal.frame.DecodeGate.ResumeDecoding;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Closes a connection whose first frame takes too long. A connection that sends nothing may stay.
 * Removes itself after the first frame. The timer restarts when paused reading resumes.
 */
public final class FirstFrameTimeout extends ChannelInboundHandlerAdapter {
  private final Duration timeout;
  private @Nullable ScheduledFuture<?> timer;

  public FirstFrameTimeout(Duration timeout) {
    this.timeout = timeout;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object frame) {
    ctx.pipeline().remove(this);
    ctx.fireChannelRead(frame);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (timer == null) {
      start(ctx);
    }
    ctx.fireChannelReadComplete();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
    if (event == ResumeDecoding.AGAIN && timer != null) {
      timer.cancel(false);
      start(ctx);
    }
    super.userEventTriggered(ctx, event);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    if (timer != null) {
      timer.cancel(false);
    }
  }

  private void start(ChannelHandlerContext ctx) {
    timer = ctx.executor().schedule(() -> expire(ctx), timeout.toNanos(), TimeUnit.NANOSECONDS);
  }

  private void expire(ChannelHandlerContext ctx) {
    if (ctx.channel().config().isAutoRead()) {
      ctx.close();
    } else {
      start(ctx);
    }
  }
}
