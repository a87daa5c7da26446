package io.p2pchat.internal.net.tcp;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.p2pchat.internal.net.ConnectionTable;

/** On the listening channel: lets a new connection pass, or closes it at once. */
final class Admission extends ChannelInboundHandlerAdapter {
  private final ConnectionTable connections;

  Admission(ConnectionTable connections) {
    this.connections = connections;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object accepted) {
    Channel channel = (Channel) accepted;
    if (connections.admit(channel)) {
      ctx.fireChannelRead(channel);
    } else {
      channel.unsafe().closeForcibly();
    }
  }
}
