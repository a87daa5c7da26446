package io.p2pchat.bench;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Bare Netty that sends a text when the last one is back. */
final class BarePing extends PingRole {
  private static final String HEADER = BareLine.header(7070, "Ping");

  private final Bare bare = new Bare();
  private @Nullable Channel channel;

  @Override
  Consumer<String> to(int port) throws InterruptedException {
    Channel to = channel == null ? bare.connect(port, new Handler()) : channel;
    channel = to;
    return text -> to.writeAndFlush(HEADER + text + '\n', to.voidPromise());
  }

  private final class Handler extends SimpleChannelInboundHandler<String> {
    @Override
    protected void channelRead0(ChannelHandlerContext ctx, String line) {
      back(BareLine.parse(line).text());
    }
  }
}
