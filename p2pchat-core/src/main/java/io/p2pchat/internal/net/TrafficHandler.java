package io.p2pchat.internal.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;

/**
 * Reports reads to the connection table, and counts the bytes of both directions. Closes a
 * connection with too many unwritten bytes. This node itself never queues that much, but TLS
 * answers each key update, even if the peer does not read.
 */
public final class TrafficHandler extends ChannelDuplexHandler {
  private final ConnectionTable connections;
  private final RemoteHost host;
  private final long mostWaiting;

  public TrafficHandler(ConnectionTable connections, RemoteHost host, long mostWaiting) {
    this.mostWaiting = mostWaiting;
    this.connections = connections;
    this.host = host;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    connections.counters.bytesReceived.add(((ByteBuf) message).readableBytes());
    ctx.fireChannelRead(message);
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    connections.counters.bytesSent.add(((ByteBuf) message).readableBytes());
    ctx.write(message, promise);
    ChannelOutboundBuffer waiting = ctx.channel().unsafe().outboundBuffer();
    if (waiting != null && waiting.totalPendingWriteBytes() > mostWaiting) {
      ctx.channel().unsafe().closeForcibly();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    connections.heard(ctx.channel(), host);
    ctx.fireChannelReadComplete();
  }
}
