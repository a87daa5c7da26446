package io.p2pchat.internal.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;

/** Tells the table of connections when one was heard, and counts the bytes of both directions. */
final class ConnectionTracker extends ChannelDuplexHandler {
  private final Connections connections;
  private final Host host;

  ConnectionTracker(Connections connections, Host host) {
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
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    connections.heard(ctx.channel(), host);
    ctx.fireChannelReadComplete();
  }
}
