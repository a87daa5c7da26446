package io.p2pchat.internal.net.handshake;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.nio.AbstractNioChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.concurrent.ScheduledFuture;
import io.p2pchat.Fingerprint;
import io.p2pchat.PeerNodeException;
import io.p2pchat.PeerUnreachableException;
import io.p2pchat.PeerUnreachableException.Reason;
import io.p2pchat.internal.net.RemoteHost;
import io.p2pchat.internal.net.Unreachable;
import io.p2pchat.internal.net.plain.PlainDial;
import io.p2pchat.internal.net.session.SessionChannelHandler;
import io.p2pchat.internal.net.tls.TlsContexts;
import io.p2pchat.internal.net.tls.TlsHandlers;
import io.p2pchat.internal.protocol.ControlLineParser;
import io.p2pchat.internal.protocol.Greeting;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * First contact on a dialed connection (PROTOCOL.md section 3). Stays silent until greeted, or
 * falls back to level 0 on the same connection. The handlers of that level then replace this one.
 * {@link GreetingWait} says how long it stays silent.
 *
 * <p>Holds back {@code channelActive}, on which a level-0 connection writes its line.
 */
final class DialHandshakeHandler extends ChannelInboundHandlerAdapter {
  private static final ByteBuf GREETING =
      Unpooled.unreleasableBuffer(
          Unpooled.copiedBuffer("GREETING:", StandardCharsets.US_ASCII).asReadOnly());
  private static final int MAX_GREETING_BYTES = 512;

  private final PipelineFactory pipeline;
  private final RemoteHost host;
  private final SessionDial dial;
  private final Runnable whenSession;
  private ByteBuf held = Unpooled.EMPTY_BUFFER;
  private boolean decided;
  private boolean awaitsTls;
  private final GreetingWait wait;
  private @Nullable ScheduledFuture<?> timer;

  DialHandshakeHandler(
      PipelineFactory pipeline, RemoteHost host, SessionDial dial, Runnable whenSession) {
    this.pipeline = pipeline;
    this.host = host;
    this.dial = dial;
    this.whenSession = whenSession;
    this.wait = new GreetingWait(dial.patience(), System.nanoTime());
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    pipeline.dialsUnderWay++;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    if (dial.outcome().isOver()) {
      ctx.close();
      return;
    }
    wait.connected(System.nanoTime());
    awaitGreeting(ctx);
  }

  private void awaitGreeting(ChannelHandlerContext ctx) {
    long nanos = wait.begin(System.nanoTime());
    timer = ctx.executor().schedule(() -> waited(ctx), nanos, TimeUnit.NANOSECONDS);
  }

  private void waited(ChannelHandlerContext ctx) {
    if (decided) {
      return;
    }
    if (dial.outcome().isOver()) {
      ctx.close();
      return;
    }
    if (!wait.isOver(System.nanoTime(), pipeline.dialsUnderWay)) {
      awaitGreeting(ctx);
      return;
    }
    // Reads first: the greeting may have arrived while the event loop was busy.
    ((AbstractNioChannel.NioUnsafe) ctx.channel().unsafe()).read();
    if (!ctx.isRemoved() && ctx.channel().isActive()) {
      plain(ctx);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    held = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(ctx.alloc(), held, (ByteBuf) message);
    if (decided) {
      // It waits for its turn. The peer has nothing to say before it is answered.
      if (held.readableBytes() > MAX_GREETING_BYTES) {
        ctx.close();
      }
      return;
    }
    int known = Math.min(held.readableBytes(), GREETING.readableBytes());
    int end = ByteBufUtil.indexOf(held, held.readerIndex(), held.writerIndex(), (byte) '\n');
    if (!ByteBufUtil.equals(held, held.readerIndex(), GREETING, 0, known)
        || (end < 0 ? held.readableBytes() : end - held.readerIndex()) > MAX_GREETING_BYTES) {
      plain(ctx);
    } else if (end >= 0) {
      greeted(ctx, end);
    }
  }

  private void greeted(ChannelHandlerContext ctx, int end) {
    String line =
        held.toString(held.readerIndex(), end - held.readerIndex(), StandardCharsets.UTF_8);
    if (!(ControlLineParser.parse(line.stripTrailing()) instanceof Greeting greeting)) {
      plain(ctx);
      return;
    }
    held.readerIndex(end + 1);
    try {
      boolean encrypts = dial.outcome().encrypts(greeting);
      decide();
      if (encrypts) {
        awaitsTls = true;
        pipeline.whenTls(ctx.channel(), tls -> secure(ctx, tls, greeting));
      } else {
        beginSession(ctx, greeting, null);
        giveWay(ctx);
      }
    } catch (PeerNodeException refusal) {
      fail(ctx, refusal);
    }
  }

  private void secure(ChannelHandlerContext ctx, TlsContexts tls, Greeting greeting) {
    if (ctx.isRemoved()) {
      return;
    }
    tls.dialing(
        ctx.channel(),
        dial.outcome().wanted(greeting),
        handlers -> beginTls(ctx, handlers, greeting));
  }

  private void beginTls(ChannelHandlerContext ctx, TlsHandlers handlers, Greeting greeting) {
    if (ctx.isRemoved()) {
      return;
    }
    awaitsTls = false;
    pipeline.addTls(
        ctx.channel(),
        handlers,
        peer -> beginSession(ctx, greeting, peer),
        (cut, reason, another) -> tlsFailed(cut, reason, greeting, another));
    giveWay(ctx);
  }

  private void tlsFailed(
      boolean cut, String reason, Greeting greeting, @Nullable Fingerprint another) {
    if (another != null) {
      dial.outcome().anotherKey(greeting, another);
    } else if (cut) {
      dial.outcome().cut(reason);
    } else {
      dial.outcome().failed(unreachable(Reason.HANDSHAKE, reason));
    }
  }

  private void beginSession(
      ChannelHandlerContext ctx, Greeting greeting, @Nullable Fingerprint peer) {
    SessionChannelHandler session =
        pipeline.addDialedSession(ctx.channel(), host, dial.peer(), peer);
    whenSession.run();
    dial.outcome().greeted(session, greeting);
  }

  private void plain(ChannelHandlerContext ctx) {
    if (decided) {
      return;
    }
    try {
      PlainDial plainDial = dial.outcome().plain(!held.isReadable());
      decide();
      speakPlain(ctx, plainDial);
    } catch (PeerNodeException refusal) {
      fail(ctx, refusal);
    }
  }

  private void speakPlain(ChannelHandlerContext ctx, @Nullable PlainDial line) {
    if (line == null) {
      ctx.close();
    } else {
      pipeline.addDialedPlain(ctx.channel(), host, line);
      ctx.fireChannelActive();
      giveWay(ctx);
    }
  }

  private void fail(ChannelHandlerContext ctx, PeerNodeException reason) {
    if (!decided) {
      decide();
      dial.outcome().failed(reason);
      ctx.close();
    }
  }

  private void decide() {
    decided = true;
    pipeline.dialsUnderWay--;
  }

  private PeerUnreachableException unreachable(Reason reason, String text) {
    return Unreachable.of(dial.peer(), reason, text);
  }

  private void giveWay(ChannelHandlerContext ctx) {
    ByteBuf bytes = held;
    held = Unpooled.EMPTY_BUFFER;
    if (bytes.isReadable()) {
      ctx.fireChannelRead(bytes);
      ctx.fireChannelReadComplete();
    } else {
      bytes.release();
    }
    ctx.pipeline().remove(this);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
    if (event instanceof ChannelInputShutdownEvent && awaitsTls) {
      ctx.close();
      return;
    }
    if (event instanceof ChannelInputShutdownEvent && !decided) {
      ended(ctx, "it ended the connection before anything was said");
      return;
    }
    super.userEventTriggered(ctx, event);
  }

  /** The connection has ended before the whole greeting. */
  private void ended(ChannelHandlerContext ctx, String beforeAnyByte) {
    if (!decided && held.isReadable()) {
      // Anything but the beginning of a greeting would have decided.
      decide();
      dial.outcome().cut("the connection ended within the greeting");
      ctx.close();
    } else {
      fail(ctx, unreachable(Reason.CLOSED, beforeAnyByte));
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (awaitsTls) {
      dial.outcome().cut("the connection ended before the TLS handshake");
    } else {
      ended(ctx, "the connection ended before anything was said");
    }
    ctx.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    if (!decided) {
      decide();
    }
    held.release();
    if (timer != null) {
      timer.cancel(false);
    }
  }
}
