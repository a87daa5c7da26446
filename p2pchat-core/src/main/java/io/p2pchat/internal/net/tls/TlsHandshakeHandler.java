package io.p2pchat.internal.net.tls;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.p2pchat.Fingerprint;
import io.p2pchat.internal.net.CountedTime;
import io.p2pchat.internal.security.SelfSignedTrustManager;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Waits for the end of the TLS handshake (PROTOCOL.md section 7) and reports it once. Then it
 * removes itself for the handlers added next. Time in which the event loop runs late does not
 * count, up to a limit.
 */
public final class TlsHandshakeHandler extends ChannelInboundHandlerAdapter {
  private static final int STEPS = 20;

  /** The limit on the whole time, as a multiple of the timeout. */
  private static final int MOST_LATE = 3;

  private final long timeout;
  private final CountedTime time;
  private final Consumer<Fingerprint> secured;
  private final Failure failed;
  private boolean told;
  private @Nullable ScheduledFuture<?> timer;

  /** Receives the failure of a handshake. The connection is closing. */
  public interface Failure {
    /**
     * The handshake has failed.
     *
     * @param cut whether the connection ended or took too long, so that the next handshake may
     *     succeed
     * @param reason the reason in words
     * @param another the key that the peer has shown in place of the expected one, or null
     */
    void failed(boolean cut, String reason, @Nullable Fingerprint another);
  }

  /**
   * Creates the handler.
   *
   * @param timeout the handshake timeout
   * @param secured receives the peer's fingerprint, and adds the next handlers
   * @param failed receives a failure
   */
  public TlsHandshakeHandler(Duration timeout, Consumer<Fingerprint> secured, Failure failed) {
    this.timeout = timeout.toNanos();
    this.time = new CountedTime(Math.max(1, this.timeout / STEPS));
    this.secured = secured;
    this.failed = failed;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    long now = ctx.executor().ticker().nanoTime();
    awaitEnd(ctx, now, now);
  }

  private void awaitEnd(ChannelHandlerContext ctx, long begun, long now) {
    timer =
        ctx.executor().schedule(() -> waited(ctx, begun), time.begin(now), TimeUnit.NANOSECONDS);
  }

  private void waited(ChannelHandlerContext ctx, long begun) {
    long now = ctx.executor().ticker().nanoTime();
    if (time.end(now) >= timeout || now - begun >= MOST_LATE * timeout) {
      fail(ctx, true, null, "the TLS handshake took too long");
    } else {
      awaitEnd(ctx, begun, now);
    }
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    if (timer != null) {
      timer.cancel(false);
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
    if (event instanceof SslHandshakeCompletionEvent end && !told) {
      if (end.isSuccess()) {
        succeed(ctx);
      } else {
        fail(ctx, end.cause());
      }
    } else if (event instanceof ChannelInputShutdownEvent) {
      cut(ctx);
    } else {
      super.userEventTriggered(ctx, event);
    }
  }

  private void succeed(ChannelHandlerContext ctx) {
    try {
      Fingerprint peer = TlsContexts.peer(ctx.pipeline().get(SslHandler.class));
      told = true;
      secured.accept(peer);
      ctx.pipeline().remove(this);
    } catch (SSLException e) {
      fail(ctx, false, null, String.valueOf(e.getMessage()));
    }
  }

  private void cut(ChannelHandlerContext ctx) {
    fail(ctx, true, null, "the connection ended during the TLS handshake");
  }

  private void fail(ChannelHandlerContext ctx, Throwable cause) {
    // Each failure of TLS itself is an SSLException.
    if (cause instanceof IOException && !(cause instanceof SSLException)) {
      cut(ctx);
    } else {
      Fingerprint another = SelfSignedTrustManager.anotherKey(cause);
      fail(
          ctx,
          false,
          another,
          another == null
              ? "the TLS handshake failed"
              : "it has another key than the expected one");
    }
  }

  private void fail(
      ChannelHandlerContext ctx, boolean cut, @Nullable Fingerprint another, String reason) {
    if (!told) {
      told = true;
      failed.failed(cut, reason, another);
    }
    ctx.close();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    cut(ctx);
    ctx.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    fail(ctx, cause);
  }
}
