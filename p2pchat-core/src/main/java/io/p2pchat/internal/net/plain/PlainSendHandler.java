package io.p2pchat.internal.net.plain;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.concurrent.ScheduledFuture;
import io.p2pchat.DeliveryUnknownException;
import io.p2pchat.PeerNodeException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sends one line on a dialed level-0 connection (PROTOCOL.md section 2, Sending). It writes the
 * line, half-closes, waits for the peer to close or for the timeout, then closes.
 */
public final class PlainSendHandler extends ChannelInboundHandlerAdapter {
  private final PlainDial dial;
  private final Duration peerCloseTimeout;
  private boolean written;
  private @Nullable ScheduledFuture<?> closeTimer;
  private @Nullable Throwable broken;

  public PlainSendHandler(PlainDial dial, Duration peerCloseTimeout) {
    this.dial = dial;
    this.peerCloseTimeout = peerCloseTimeout;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    if (dial.beforeWrite().getAsBoolean()) {
      ctx.writeAndFlush(dial.line().get())
          .addListener((ChannelFuture write) -> afterWrite(ctx, write.cause()));
    } else {
      ctx.close();
    }
    ctx.fireChannelActive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof IOException) {
      broken = cause;
    }
    ctx.fireExceptionCaught(cause);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (closeTimer != null) {
      closeTimer.cancel(false);
    }
    dial.done().accept(failure());
    ctx.fireChannelInactive();
  }

  private void afterWrite(ChannelHandlerContext ctx, @Nullable Throwable failure) {
    if (failure != null) {
      broken = failure;
      ctx.close();
      return;
    }
    written = true;
    ((DuplexChannel) ctx.channel()).shutdownOutput();
    closeTimer =
        ctx.executor()
            .schedule(() -> ctx.close(), peerCloseTimeout.toNanos(), TimeUnit.NANOSECONDS);
  }

  private @Nullable PeerNodeException failure() {
    if (written && broken == null) {
      return null;
    }
    return new DeliveryUnknownException(
        "The connection to " + dial.peer() + " broke after writing had begun", dial.peer(), broken);
  }
}
