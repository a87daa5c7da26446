package io.p2pchat.internal.net.tls;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.ssl.SslHandler;

/**
 * Keeps from {@link SslHandler} what would have it use the engine of TLS while the handshake is
 * computed, which locks the engine: the event loop would wait for an answer that nobody needs any
 * more. The end of the connection is told past it, and a write that fails then is not told; the
 * engine is left as it is, and goes with its handler.
 */
public final class TlsBypass extends ChannelDuplexHandler {
  private final TlsHandlers end;

  TlsBypass(TlsHandlers end) {
    this.end = end;
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (end.work().isUnderWay()) {
      ctx.pipeline().context(end.handler()).fireChannelInactive();
    } else {
      ctx.fireChannelInactive();
    }
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    if (end.handler().handshakeFuture().isDone()) {
      ctx.write(message, promise);
      return;
    }
    ctx.write(message)
        .addListener(
            written -> {
              if (written.isSuccess()) {
                promise.trySuccess();
              } else if (!end.work().isUnderWay()) {
                promise.tryFailure(written.cause());
              }
            });
  }
}
