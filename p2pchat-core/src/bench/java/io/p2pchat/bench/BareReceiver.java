package io.p2pchat.bench;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;

/** Bare Netty that receives. */
final class BareReceiver extends BenchReceiver {
  private final Channel listening;

  BareReceiver() throws InterruptedException {
    this.listening = new Bare().listen(Handler::new);
  }

  @Override
  int port() {
    return Bare.port(listening);
  }

  private final class Handler extends SimpleChannelInboundHandler<String> {
    @Override
    protected void channelRead0(ChannelHandlerContext ctx, String line) {
      arrivals().accept(BareLine.parse(line).text());
    }
  }
}
