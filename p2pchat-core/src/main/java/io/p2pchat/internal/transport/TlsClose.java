package io.p2pchat.internal.transport;

import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.ssl.SslHandler;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Closes an encrypted connection: at once while the handshake is under way, and otherwise when the
 * farewell of TLS is written, or not written in time. By itself {@link SslHandler} would wait for
 * the one and the other, and write a log line for each peer that keeps it waiting.
 */
@Sharable
final class TlsClose extends ChannelOutboundHandlerAdapter {
  private static final Duration FAREWELL = Duration.ofMillis(500);

  static final TlsClose INSTANCE = new TlsClose();

  private TlsClose() {}

  @Override
  public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
    ChannelHandlerContext tls = ctx.pipeline().context(SslHandler.class);
    if (!((SslHandler) tls.handler()).handshakeFuture().isDone()) {
      // From there it is the socket that is closed.
      tls.close(promise);
      return;
    }
    ctx.close(promise);
    if (ctx.channel().isOpen()) {
      ScheduledFuture<?> timer =
          ctx.executor().schedule(() -> tls.close(), FAREWELL.toNanos(), TimeUnit.NANOSECONDS);
      ctx.channel().closeFuture().addListener(closed -> timer.cancel(false));
    }
  }
}
