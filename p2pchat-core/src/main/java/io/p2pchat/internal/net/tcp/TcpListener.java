package io.p2pchat.internal.net.tcp;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.NetUtil;
import io.p2pchat.BindFailedException;
import io.p2pchat.NodeSettings;
import io.p2pchat.internal.net.ConnectionTable;
import io.p2pchat.internal.net.handshake.Dialer;
import io.p2pchat.internal.net.handshake.PipelineFactory;
import io.p2pchat.internal.net.session.Inbound;
import io.p2pchat.internal.net.tls.TlsPolicy;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Objects;

/** Listens on the node's one port, and has what dials peers. */
public final class TcpListener {
  /**
   * Few, since who waits there waits for a greeting already: it is to come within a second, however
   * fast others connect.
   */
  private static final int BACKLOG = 128;

  private final EventLoop loop;
  private final ConnectionTable connections;
  private final PipelineFactory pipeline;
  private final Channel listening;
  private final TcpDialer dialer;

  /**
   * Binds the port. Blocks until that is done; connections wait until {@link #accept}.
   *
   * @throws BindFailedException if the port is in use or the address is not this machine's
   */
  public TcpListener(
      EventLoop loop,
      NodeSettings settings,
      ConnectionTable connections,
      TlsPolicy encryption,
      InetSocketAddress address) {
    this.loop = loop;
    this.connections = connections;
    this.pipeline = new PipelineFactory(settings, connections, encryption);
    this.listening = bind(address);
    this.dialer = new TcpDialer(loop, settings, connections, pipeline, localAddress().getAddress());
  }

  /** The bound address. */
  public InetSocketAddress localAddress() {
    return (InetSocketAddress) listening.localAddress();
  }

  /** Begins to take connections. Called once, before anything is dialed. */
  public void accept(Inbound inbound) {
    pipeline.setInbound(inbound);
    listening.config().setAutoRead(true);
  }

  private Channel bind(InetSocketAddress address) {
    ChannelFuture bound =
        new ServerBootstrap()
            .group(loop, loop)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.AUTO_READ, false)
            .handler(new Admission(connections))
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .childOption(ChannelOption.RECVBUF_ALLOCATOR, connections.reads)
            .childHandler(pipeline.accepted())
            .bind(address)
            .awaitUninterruptibly();
    if (bound.cause() != null) {
      throw bindFailed(address, bound.cause());
    }
    return bound.channel();
  }

  /** What dials peers, once connections are taken. */
  public Dialer dialer() {
    return dialer;
  }

  /** Forgets the dials that still wait, and fails those that come. */
  public void stopDialing() {
    dialer.stop();
  }

  /** Stops listening. Connections stay. */
  public void stopListening() {
    listening.close();
  }

  private static BindFailedException bindFailed(InetSocketAddress address, Throwable cause) {
    String reason = String.valueOf(Objects.requireNonNullElse(cause.getMessage(), cause));
    if (cause instanceof BindException && reason.contains("in use")) {
      reason = "the port is already in use";
    }
    return new BindFailedException("Could not listen at " + place(address) + ": " + reason, cause);
  }

  private static String place(InetSocketAddress address) {
    InetAddress ip = address.getAddress();
    String port = address.getPort() == 0 ? "any free port" : "port " + address.getPort();
    return ip.isAnyLocalAddress() ? port : NetUtil.toAddressString(ip) + ", " + port;
  }
}
