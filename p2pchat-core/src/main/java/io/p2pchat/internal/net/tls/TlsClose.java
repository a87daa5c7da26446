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
 * Closes encrypted connections without waiting for TLS. The TLS engine is locked during handshake
 * computations, so {@link SslHandler} must not use it then. Alone, that handler also waits for its
 * close_notify to be written, and logs each peer that delays it.
 *
 * <p>Two handlers, one on each side of {@link SslHandler}.
 */
public final class TlsClose {
  private static final Duration CLOSE_NOTIFY = Duration.ofMillis(500);

  private TlsClose() {}

  /**
   * Creates the handler between the socket and TLS. During the handshake it does not report failed
   * writes: they are the end of the connection. During a computation it passes that end around TLS.
   * The engine stays untouched until its handler is gone.
   */
  public static ChannelHandler beforeTls(TlsHandlers tls) {
    return new BeforeTls(tls);
  }

  /**
   * Creates the handler between TLS and the later handlers. During the handshake it closes at once.
   * After that it closes when close_notify is written, or after a timeout.
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
                } else {
                  // TLS would take it for a failure of its own.
                  ctx.close();
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
        // Closes the socket directly.
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
