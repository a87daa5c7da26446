package io.p2pchat.bench;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.SimpleChannelInboundHandler;

/** As {@link ColdChat}, with bare Netty. */
public final class ColdBare {
  private ColdBare() {}

  /**
   * Runs it.
   *
   * @param args not used
   * @throws InterruptedException if interrupted while it binds or connects
   */
  public static void main(String[] args) throws InterruptedException {
    Bare bare = new Bare();
    Channel two = bare.listen(Handler::new);
    Channel one = bare.connect(Bare.port(two), new ChannelInboundHandlerAdapter());
    String line = BareLine.header(Bare.port(two), "One") + ColdChat.TEXT + '\n';
    one.writeAndFlush(line, one.voidPromise());
  }

  private static final class Handler extends SimpleChannelInboundHandler<String> {
    @Override
    protected void channelRead0(ChannelHandlerContext ctx, String line) {
      if (BareLine.parse(line).text().equals(ColdChat.TEXT)) {
        System.out.println(System.nanoTime());
      }
      System.exit(0);
    }
  }
}
