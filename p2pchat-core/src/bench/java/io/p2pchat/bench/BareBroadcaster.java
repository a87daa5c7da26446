package io.p2pchat.bench;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.ArrayList;
import java.util.List;

/** Bare Netty with many connections: a write and a flush for each. */
final class BareBroadcaster extends Broadcaster {
  private static final String HEADER = BareLine.header(7070, "Sender");

  private final Bare bare = new Bare();
  private final List<Channel> channels = new ArrayList<>();

  @Override
  void connect(int[] ports) throws InterruptedException {
    for (int port : ports) {
      channels.add(bare.connect(port, new ChannelInboundHandlerAdapter()));
    }
  }

  @Override
  void broadcast(String text) {
    for (Channel channel : channels) {
      channel.writeAndFlush(HEADER + text + '\n', channel.voidPromise());
    }
  }

  @Override
  void settle() {}
}
