package io.p2pchat.internal.net.tcp;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.ServerChannelRecvByteBufAllocator;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.NetUtil;
import io.p2pchat.BindFailedException;
import io.p2pchat.BindFailedException.Reason;
import io.p2pchat.internal.net.ConnectionTable;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.ServerSocketChannel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Listens on the node's port, and accepts connections within the limits. */
public final class TcpListener {
  /**
   * Large, because a dialer that finds the backlog full tries again only after a second. Accepting
   * is fast, and what follows it is done in turns by host, so the dialers in the backlog are
   * greeted in time. Not larger, because the dialers in it would wait longer than that second.
   */
  private static final int BACKLOG = 4096;

  /** Connections accepted before the event loop does other work. */
  private static final int ACCEPTED_A_PASS = 64;

  private final Channel listening;

  /**
   * Creates a listener at a bound port. Connections are queued until {@link #accept}.
   *
   * @param port from {@link #bind}; closed with this listener
   * @param acceptor initializes the pipeline of each accepted connection
   */
  public TcpListener(
      EventLoop loop,
      ConnectionTable connections,
      ServerSocketChannel port,
      ChannelInitializer<Channel> acceptor) {
    this.listening =
        new ServerBootstrap()
            .group(loop, loop)
            .channelFactory(() -> new NioServerSocketChannel(port))
            .option(
                ChannelOption.RECVBUF_ALLOCATOR,
                new ServerChannelRecvByteBufAllocator().maxMessagesPerRead(ACCEPTED_A_PASS))
            .option(ChannelOption.AUTO_READ, false)
            .handler(new Admission(connections))
            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .childOption(ChannelOption.RECVBUF_ALLOCATOR, connections.reads)
            .childHandler(acceptor)
            .register()
            .syncUninterruptibly()
            .channel();
  }

  /** A handler of the listening channel that admits a new connection, or closes it at once. */
  private static final class Admission extends ChannelInboundHandlerAdapter {
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

  /** Begins to accept connections. */
  public void accept() {
    listening.config().setAutoRead(true);
  }

  /** Stops listening. Connections stay open. */
  public void close() {
    listening.close();
  }

  /**
   * Binds a port. Connections are queued until a listener accepts them. A DNS lookup of the host
   * may block.
   *
   * @param host an address of this machine, or null for all of them
   * @param port the port, or 0 for any free one
   * @throws BindFailedException if the port is in use, or the address is not one of this machine
   */
  public static ServerSocketChannel bind(@Nullable String host, int port) {
    InetSocketAddress address = address(host, port);
    try {
      return bind(address);
    } catch (IOException | RuntimeException e) {
      // For example an IPv6 address where Java uses IPv4 only.
      throw bindFailed(address, e);
    }
  }

  private static ServerSocketChannel bind(InetSocketAddress address) throws IOException {
    ServerSocketChannel channel = ServerSocketChannel.open();
    try {
      return channel.bind(address, BACKLOG);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static InetSocketAddress address(@Nullable String host, int port) {
    if (host == null) {
      return new InetSocketAddress(port);
    }
    try {
      return new InetSocketAddress(InetAddress.getByName(host), port);
    } catch (UnknownHostException e) {
      throw new BindFailedException(
          "Could not listen on \"" + host + "\": no such address is known here", e);
    }
  }

  private static BindFailedException bindFailed(InetSocketAddress address, Throwable cause) {
    String why = String.valueOf(Objects.requireNonNullElse(cause.getMessage(), cause));
    if (cause instanceof BindException && why.contains("in use")) {
      why = "the port is already in use";
    }
    return new BindFailedException(
        "Could not listen on " + place(address) + ": " + why, reason(address), cause);
  }

  /** Finds out by another port. What the system says may be translated. */
  private static Reason reason(InetSocketAddress failed) {
    try (ServerSocketChannel other = bind(new InetSocketAddress(failed.getAddress(), 0))) {
      return other.isOpen() ? Reason.PORT : Reason.OTHER;
    } catch (IOException | RuntimeException e) {
      return Reason.OTHER;
    }
  }

  private static String place(InetSocketAddress address) {
    InetAddress ip = address.getAddress();
    String port = address.getPort() == 0 ? "any free port" : "port " + address.getPort();
    return ip.isAnyLocalAddress() ? port : NetUtil.toAddressString(ip) + ", " + port;
  }
}
