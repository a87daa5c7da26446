package io.p2pchat.internal.net.tls;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Keeps the end of an encrypted connection from waiting for TLS. The engine of TLS is locked while
 * the handshake is computed, so {@link SslHandler} must not use it then; and by itself that handler
 * waits for its close_notify to be written, and logs each peer that keeps it waiting.
 *
 * <p>Two handlers, one on each side of {@link SslHandler}.
 */
public final class TlsClose {
  private static final Duration CLOSE_NOTIFY = Duration.ofMillis(500);

  private TlsClose() {}

  /**
   * The handler between the socket and TLS: passes the end of the connection around TLS while the
   * handshake is computed, and does not report a write that fails then. The engine is left as it
   * is, and goes with its handler.
   */
  public static ChannelHandler beforeTls(TlsHandlers tls) {
    return new BeforeTls(tls);
  }

  /**
   * The handler between TLS and the rest: closes at once while the handshake is under way, and else
   * when close_notify is written, or not written in time.
   */
  public static ChannelHandler afterTls(TlsHandlers tls) {
    return new AfterTls(tls);
  }

  private static final class BeforeTls extends ChannelDuplexHandler {
    private final TlsHandlers tls;

    BeforeTls(TlsHandlers tls) {
      this.tls = tls;
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      if (tls.work().isUnderWay()) {
        ctx.pipeline().context(tls.handler()).fireChannelInactive();
      } else {
        ctx.fireChannelInactive();
      }
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
      if (tls.handler().handshakeFuture().isDone()) {
        ctx.write(message, promise);
        return;
      }
      ctx.write(message)
          .addListener(
              written -> {
                if (written.isSuccess()) {
                  promise.trySuccess();
                } else if (!tls.work().isUnderWay()) {
                  promise.tryFailure(written.cause());
                }
              });
    }
  }

  private static final class AfterTls extends ChannelOutboundHandlerAdapter {
    private final TlsHandlers tls;

    AfterTls(TlsHandlers tls) {
      this.tls = tls;
    }

    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
      ChannelHandlerContext handler = ctx.pipeline().context(tls.handler());
      if (!tls.handler().handshakeFuture().isDone() || tls.work().isUnderWay()) {
        // From there it is the socket that is closed.
        handler.close(promise);
        return;
      }
      ctx.close(promise);
      if (ctx.channel().isOpen()) {
        ScheduledFuture<?> timer =
            ctx.executor()
                .schedule(() -> handler.close(), CLOSE_NOTIFY.toNanos(), TimeUnit.NANOSECONDS);
        ctx.channel().closeFuture().addListener(closed -> timer.cancel(false));
      }
    }
  }
}
