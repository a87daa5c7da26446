package io.p2pchat.internal.net.handshake;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.nio.AbstractNioChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.concurrent.ScheduledFuture;
import io.p2pchat.Fingerprint;
import io.p2pchat.NodeSettings;
import io.p2pchat.internal.frame.DecodeGate.ResumeDecoding;
import io.p2pchat.internal.net.ConnectionInfo;
import io.p2pchat.internal.net.RemoteHost;
import io.p2pchat.internal.net.tls.TlsContexts;
import io.p2pchat.internal.net.tls.TlsHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * First contact on an accepted connection (PROTOCOL.md section 3). Greets a dialer that is silent
 * for a while; the time counts only while the connection is read.
 *
 * <p>The first bytes decide the level, and the handlers of that level replace this one. A
 * connection that the security policy does not allow is reset.
 */
final class AcceptHandshakeHandler extends ChannelInboundHandlerAdapter {
  private static final ByteBuf HELLO =
      Unpooled.unreleasableBuffer(
          Unpooled.copiedBuffer("HELLO:", StandardCharsets.US_ASCII).asReadOnly());
  private static final byte TLS_HANDSHAKE = 0x16;

  /** The largest TLS record. */
  private static final int MOST_HELD = 16 * 1024 + 261;

  private static final Logger LOG = LoggerFactory.getLogger(AcceptHandshakeHandler.class);

  private final PipelineFactory pipeline;
  private final RemoteHost host;
  private final PipelineFactory.Acceptance acceptance;
  private final NodeSettings settings;
  private ByteBuf held = Unpooled.EMPTY_BUFFER;
  private boolean greeted;
  private boolean decided;
  private @Nullable ScheduledFuture<?> timer;

  AcceptHandshakeHandler(
      PipelineFactory pipeline,
      RemoteHost host,
      PipelineFactory.Acceptance acceptance,
      NodeSettings settings) {
    this.pipeline = pipeline;
    this.host = host;
    this.acceptance = acceptance;
    this.settings = settings;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    startTimer(ctx);
    ctx.fireChannelActive();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    boolean first = !held.isReadable();
    held = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(ctx.alloc(), held, (ByteBuf) message);
    if (decided) {
      // It waits for its turn. No peer says more than this before it is answered.
      if (held.readableBytes() > MOST_HELD) {
        ctx.close();
      }
      return;
    }
    boolean tls = held.getByte(held.readerIndex()) == TLS_HANDSHAKE;
    int known = Math.min(held.readableBytes(), HELLO.readableBytes());
    if (!pipeline.takes(tls)) {
      refuse(ctx, tls);
    } else if (tls) {
      decided = true;
      cancelTimer();
      pipeline.atLevel1(ctx.channel(), host);
      pipeline.whenTls(ctx.channel(), loaded -> secure(ctx, loaded));
    } else if (!ByteBufUtil.equals(held, held.readerIndex(), HELLO, 0, known)) {
      pipeline.addAcceptedPlain(ctx.channel(), host, acceptance.plain());
      giveWay(ctx);
    } else if (known == HELLO.readableBytes()) {
      awaitHello(ctx, null, first ? settings.firstFrameTimeout() : timeLeft());
      giveWay(ctx);
    } else if (first) {
      startTimer(ctx);
    }
  }

  private void secure(ChannelHandlerContext ctx, TlsContexts tls) {
    if (ctx.isRemoved()) {
      return;
    }
    tls.accepting(ctx.channel(), handlers -> beginTls(ctx, handlers), () -> refuseTls(ctx));
  }

  private void refuseTls(ChannelHandlerContext ctx) {
    pipeline.refuse(
        ctx.channel(), "A connection was refused: the bound on TLS handshakes is reached");
    ctx.close();
  }

  private void beginTls(ChannelHandlerContext ctx, TlsHandlers handlers) {
    pipeline.addTls(
        ctx.channel(),
        handlers,
        peer -> awaitHello(ctx, peer, settings.firstFrameTimeout()),
        (cut, reason, another) -> LOG.debug("Nothing came of a connection: {}", reason));
    giveWay(ctx);
  }

  private void awaitHello(ChannelHandlerContext ctx, @Nullable Fingerprint peer, Duration time) {
    pipeline.addAcceptedSession(ctx.channel(), host, acceptance.sessions(), peer).awaitHello(time);
  }

  /** Returns the rest of the time that began with the first byte. */
  private Duration timeLeft() {
    return timer == null
        ? settings.firstFrameTimeout()
        : Duration.ofNanos(Math.max(0, timer.getDelay(TimeUnit.NANOSECONDS)));
  }

  private void refuse(ChannelHandlerContext ctx, boolean tls) {
    decided = true;
    ConnectionInfo from = PipelineFactory.accepted(ctx.channel(), host);
    if (tls) {
      acceptance
          .plain()
          .violated("TLS, which this node does not take: its policy is plaintext", from);
    } else {
      acceptance.plain().unencrypted(from);
    }
    // Resets it. After a clean close, the sender would take its line for written.
    ctx.channel().config().setOption(ChannelOption.SO_LINGER, 0);
    ctx.close();
  }

  private void giveWay(ChannelHandlerContext ctx) {
    ByteBuf bytes = held;
    held = Unpooled.EMPTY_BUFFER;
    ctx.fireChannelRead(bytes);
    ctx.pipeline().remove(this);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
    if (event instanceof ChannelInputShutdownEvent) {
      if (!held.isReadable() || decided) {
        ctx.close();
        return;
      }
      pipeline.addAcceptedPlain(ctx.channel(), host, acceptance.plain());
      giveWay(ctx);
    } else if (event == ResumeDecoding.AGAIN) {
      startTimer(ctx);
    }
    super.userEventTriggered(ctx, event);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    held.release();
    cancelTimer();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    // A connection that ends without a byte was a probe.
    ctx.close();
  }

  private void startTimer(ChannelHandlerContext ctx) {
    cancelTimer();
    if (decided || (greeted && !held.isReadable())) {
      return;
    }
    long nanos =
        (held.isReadable() ? settings.firstFrameTimeout() : settings.greetingDelay()).toNanos();
    timer = ctx.executor().schedule(() -> expire(ctx), nanos, TimeUnit.NANOSECONDS);
  }

  private void cancelTimer() {
    if (timer != null) {
      timer.cancel(false);
    }
  }

  private void expire(ChannelHandlerContext ctx) {
    if (!ctx.channel().config().isAutoRead()) {
      startTimer(ctx);
    } else if (held.isReadable()) {
      ctx.close();
    } else {
      // Reads first: bytes may have arrived while the event loop was busy.
      ((AbstractNioChannel.NioUnsafe) ctx.channel().unsafe()).read();
      if (!ctx.isRemoved() && !held.isReadable() && ctx.channel().isActive()) {
        greeted = true;
        ctx.writeAndFlush(acceptance.greeting().duplicate(), ctx.voidPromise());
      }
    }
  }
}
