package io.p2pchat.internal.transport;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** Tells the table of connections when one was heard. */
final class ConnectionTracker extends ChannelInboundHandlerAdapter {
  private final Connections connections;
  private final Host host;

  ConnectionTracker(Connections connections, Host host) {
    this.connections = connections;
    this.host = host;
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    connections.heard(ctx.channel(), host);
    ctx.fireChannelReadComplete();
  }
}
