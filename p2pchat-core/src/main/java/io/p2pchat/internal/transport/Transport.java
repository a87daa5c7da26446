package io.p2pchat.internal.transport;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.NetUtil;
import io.p2pchat.BindFailedException;
import io.p2pchat.NodeSettings;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerUnreachableException;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Listens on the node's one port and dials peers. */
public final class Transport implements Dialer {
  private static final int BACKLOG = 4096;

  private final EventLoop loop;
  private final NodeSettings settings;
  private final Connections connections;
  private final Pipeline pipeline;
  private final Channel listening;
  private final @Nullable InetSocketAddress source;
  private final Queue<Dialing> waiting = new ArrayDeque<>();
  private int dialed;
  private boolean stopped;

  /**
   * Binds the port. Blocks until that is done; connections wait until {@link #accept}.
   *
   * @throws BindFailedException if the port is in use or the address is not this machine's
   */
  public Transport(
      EventLoop loop,
      NodeSettings settings,
      Connections connections,
      Encryption encryption,
      InetSocketAddress address) {
    this.loop = loop;
    this.settings = settings;
    this.connections = connections;
    this.pipeline = new Pipeline(settings, connections, encryption);
    this.listening = bind(address);
    InetAddress local = localAddress().getAddress();
    // A peer knows this node by the address it is dialed from: it must be the one that listens.
    this.source = local.isAnyLocalAddress() ? null : new InetSocketAddress(local, 0);
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

  /** Forgets the dials that still wait, and fails those that come. */
  public void stopDialing() {
    stopped = true;
    waiting.clear();
  }

  /** Stops listening. Connections stay. */
  public void stopListening() {
    listening.close();
  }

  /** {@inheritDoc} Over the bound on dialed connections a dial waits for another to end. */
  @Override
  public void dial(Dial dial) {
    dial(
        new Dialing(
            dial.target(),
            slot -> pipeline.dialed(dial),
            cause -> dial.done().accept(unreachable(dial.peer(), cause))));
  }

  /** {@inheritDoc} A connection at level 1 does not count towards the bound any further. */
  @Override
  public void approach(Approach approach) {
    dial(
        new Dialing(
            approach.target(),
            slot -> pipeline.approaching(approach, slot),
            cause -> approach.outcome().failed(unreachable(approach.peer(), cause))));
  }

  /** A connection that is to be made; {@code pipeline} is given what frees its slot. */
  private record Dialing(
      InetSocketAddress target,
      Function<Runnable, ChannelInitializer<Channel>> pipeline,
      Consumer<Throwable> failed) {}

  private void dial(Dialing dialing) {
    if (stopped) {
      loop.execute(() -> dialing.failed.accept(new ClosedChannelException()));
      return;
    }
    if (dialed == settings.maxDialedConnections()) {
      waiting.add(dialing);
      return;
    }
    dialed++;
    try {
      Channel channel = new NioSocketChannel();
      Runnable slot = new Once(this::dialNext);
      channel.closeFuture().addListener(ended -> slot.run());
      connect(channel, dialing, slot);
    } catch (ChannelException e) {
      // No socket could be opened.
      loop.execute(
          () -> {
            dialing.failed.accept(e);
            dialNext();
          });
    }
  }

  private void dialNext() {
    dialed--;
    Dialing next = waiting.poll();
    if (next != null) {
      dial(next);
    }
  }

  private void connect(Channel channel, Dialing dialing, Runnable slot) {
    new Bootstrap()
        .group(loop)
        .channelFactory(() -> channel)
        .option(ChannelOption.TCP_NODELAY, true)
        .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
        .option(ChannelOption.RECVBUF_ALLOCATOR, connections.reads)
        .option(
            ChannelOption.CONNECT_TIMEOUT_MILLIS,
            Math.toIntExact(settings.connectTimeout().toMillis()))
        .handler(dialing.pipeline.apply(slot))
        .connect(dialing.target, sourceFor(dialing.target))
        .addListener(
            connect -> {
              if (!connect.isSuccess()) {
                dialing.failed.accept(connect.cause());
              }
            });
  }

  /** Runs once, however often it is asked to. */
  private static final class Once implements Runnable {
    private @Nullable Runnable action;

    Once(Runnable action) {
      this.action = action;
    }

    @Override
    public void run() {
      if (action != null) {
        Runnable first = action;
        action = null;
        first.run();
      }
    }
  }

  /**
   * The address to bind before dialing, where the system would choose another. Only there: to bind
   * takes a port that no other connection may use, and the search for one takes time when many are
   * in use.
   */
  private @Nullable InetSocketAddress sourceFor(InetSocketAddress target) {
    if (source == null || source.getAddress().getClass() != target.getAddress().getClass()) {
      return null;
    }
    // Connecting a datagram socket asks for a route and sends nothing.
    try (DatagramChannel probe = DatagramChannel.open()) {
      probe.connect(target);
      InetSocketAddress chosen = (InetSocketAddress) probe.getLocalAddress();
      return chosen.getAddress().equals(source.getAddress()) ? null : source;
    } catch (IOException e) {
      return source;
    }
  }

  private PeerUnreachableException unreachable(PeerAddress peer, Throwable cause) {
    String reason = String.valueOf(cause.getMessage());
    if (cause instanceof ConnectTimeoutException) {
      reason = "it did not answer within " + settings.connectTimeout().toMillis() + " ms";
    } else if (cause instanceof ConnectException && reason.contains("refused")) {
      reason = "it refused the connection";
    }
    return new PeerUnreachableException("Could not reach " + peer + ": " + reason, cause);
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
