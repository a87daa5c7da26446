package io.p2pchat.internal.net.tls;

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
 * the one and the other, and write a log line for each peer that keeps it waiting. There is no
 * farewell either while something is computed for the connection: the engine of TLS is locked then.
 */
public final class TlsClose extends ChannelOutboundHandlerAdapter {
  private static final Duration FAREWELL = Duration.ofMillis(500);

  private final TlsHandlers end;

  TlsClose(TlsHandlers end) {
    this.end = end;
  }

  @Override
  public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
    ChannelHandlerContext tls = ctx.pipeline().context(end.handler());
    if (!end.handler().handshakeFuture().isDone() || end.work().isUnderWay()) {
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
