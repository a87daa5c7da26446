package io.p2pchat.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.LineBasedFrameDecoder;
import io.netty.handler.codec.string.StringDecoder;
import io.netty.handler.codec.string.StringEncoder;
import io.netty.handler.flush.FlushConsolidationHandler;
import java.net.InetSocketAddress;
import java.util.function.Supplier;

/**
 * Bare Netty, the yardstick: the pipeline that its user guide leads to, on one event loop. It
 * carries whole chat lines, and acknowledges nothing.
 */
final class Bare {
  private static final String HOST = "127.0.0.1";
  private static final int MAX_LINE = 64 * 1024;
  private static final int FLUSHES = 256;

  private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

  /** Listens; each connection gets a handler of its own. */
  Channel listen(Supplier<ChannelHandler> handlers) throws InterruptedException {
    return listen(HOST, handlers);
  }

  Channel listen(String host, Supplier<ChannelHandler> handlers) throws InterruptedException {
    return new ServerBootstrap()
        .group(loop)
        .channel(NioServerSocketChannel.class)
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childHandler(pipeline(handlers))
        .bind(host, 0)
        .sync()
        .channel();
  }

  Channel connect(int port, ChannelHandler handler) throws InterruptedException {
    return dial(HOST, port, handler).sync().channel();
  }

  ChannelFuture dial(String host, int port, ChannelHandler handler) {
    return new Bootstrap()
        .group(loop)
        .channel(NioSocketChannel.class)
        .option(ChannelOption.TCP_NODELAY, true)
        .handler(pipeline(() -> handler))
        .connect(host, port);
  }

  static int port(Channel channel) {
    return ((InetSocketAddress) channel.localAddress()).getPort();
  }

  private static ChannelInitializer<SocketChannel> pipeline(Supplier<ChannelHandler> handlers) {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(SocketChannel channel) {
        channel
            .pipeline()
            .addLast(new FlushConsolidationHandler(FLUSHES, true))
            .addLast(new LineBasedFrameDecoder(MAX_LINE))
            .addLast(new StringDecoder(UTF_8))
            .addLast(new StringEncoder(UTF_8))
            .addLast(handlers.get());
      }
    };
  }
}
