package io.p2pchat.bench;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Bare Netty that sends: a write and a flush for each text, none while the channel is full. */
final class BareSender extends BenchSender {
  private static final String HEADER = BareLine.header(7070, "Sender");

  private final Bare bare = new Bare();
  private final Thread sender = Thread.currentThread();
  private @Nullable Channel channel;

  @Override
  void open(int port, int bytes) throws InterruptedException {
    if (channel == null) {
      channel = bare.connect(port, new Unparker());
    }
  }

  @Override
  void send(String text) {
    Channel to = opened();
    while (!to.isWritable()) {
      LockSupport.park(this);
    }
    to.writeAndFlush(HEADER + text + '\n', to.voidPromise());
  }

  @Override
  long finish() {
    return 0;
  }

  private Channel opened() {
    if (channel == null) {
      throw new IllegalStateException("not connected");
    }
    return channel;
  }

  private final class Unparker extends ChannelInboundHandlerAdapter {
    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
      LockSupport.unpark(sender);
    }
  }
}
