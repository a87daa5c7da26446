package io.p2pchat.bench;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;

/** Bare Netty that sends back what comes. */
final class BareEcho implements BenchRole {
  private final Channel listening;

  BareEcho() throws InterruptedException {
    this.listening = new Bare().listen(Handler::new);
  }

  @Override
  public long[] answer(String command, long[] args) {
    return new long[] {Bare.port(listening)};
  }

  private static final class Handler extends SimpleChannelInboundHandler<String> {
    private static final String HEADER = BareLine.header(7070, "Echo");

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, String line) {
      ctx.writeAndFlush(HEADER + BareLine.parse(line).text() + '\n', ctx.voidPromise());
    }
  }
}
