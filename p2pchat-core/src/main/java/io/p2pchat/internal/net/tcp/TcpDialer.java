package io.p2pchat.internal.net.tcp;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.p2pchat.NodeSettings;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerUnreachableException;
import io.p2pchat.internal.net.ConnectionTable;
import io.p2pchat.internal.net.Unreachable;
import io.p2pchat.internal.net.handshake.Dialer;
import io.p2pchat.internal.net.handshake.PipelineFactory;
import io.p2pchat.internal.net.handshake.SessionDial;
import io.p2pchat.internal.net.plain.PlainDial;
import io.p2pchat.internal.security.HostPrefix;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Dials peers from the node's listening address, up to the limits on dialed connections, in all and
 * per host. Hosts take turns, so that one with many silent ports does not delay the others. A few
 * hosts cannot take all places: the last quarter is for hosts without a dial. Used on the event
 * loop.
 */
public final class TcpDialer implements Dialer {
  private final EventLoop loop;
  private final NodeSettings settings;
  private final ConnectionTable connections;
  private final PipelineFactory pipeline;
  private final @Nullable InetSocketAddress source;
  private final Map<HostPrefix, Host> hosts = new HashMap<>();
  // The hosts with queued dials that are below their limit, the next one first.
  private final Queue<Host> turns = new ArrayDeque<>();
  private int dialed;
  private boolean stopped;

  /**
   * Creates a dialer.
   *
   * @param local the listening IP address, or the wildcard
   */
  public TcpDialer(
      EventLoop loop,
      NodeSettings settings,
      ConnectionTable connections,
      PipelineFactory pipeline,
      InetAddress local) {
    this.loop = loop;
    this.settings = settings;
    this.connections = connections;
    this.pipeline = pipeline;
    // Peers know this node by its source address, so it must be the listening one.
    this.source = local.isAnyLocalAddress() ? null : new InetSocketAddress(local, 0);
  }

  /** Drops the queued dials, and fails later ones. */
  public void stop() {
    stopped = true;
    turns.clear();
    hosts.values().forEach(host -> host.waiting.clear());
  }

  /** {@inheritDoc} At a limit on dialed connections, the dial is queued until another ends. */
  @Override
  public void dial(PlainDial dial) {
    dial(
        new Dialing(
            dial.target(),
            slot -> pipeline.dialed(dial),
            cause -> dial.done().accept(unreachable(dial.peer(), cause))));
  }

  /** {@inheritDoc} At level 1 the connection no longer counts toward the limit. */
  @Override
  public void dial(SessionDial dial) {
    dial(
        new Dialing(
            dial.target(),
            slot -> pipeline.dialed(dial, slot),
            cause -> dial.outcome().failed(unreachable(dial.peer(), cause))));
  }

  /** A connection to make. {@code pipeline} receives the callback that frees its slot. */
  private record Dialing(
      InetSocketAddress target,
      Function<Runnable, ChannelInitializer<Channel>> pipeline,
      Consumer<Throwable> failed) {}

  /** The dials of one host. */
  private static final class Host {
    final HostPrefix prefix;
    final Queue<Dialing> waiting = new ArrayDeque<>(1);
    int dialed;

    Host(HostPrefix prefix) {
      this.prefix = prefix;
    }
  }

  private void dial(Dialing dialing) {
    if (stopped) {
      loop.execute(() -> dialing.failed.accept(new ClosedChannelException()));
      return;
    }
    Host host = hosts.computeIfAbsent(HostPrefix.of(dialing.target.getAddress()), Host::new);
    host.waiting.add(dialing);
    if (host.waiting.size() == 1) {
      takeTurns(host);
    }
    dialNext();
  }

  /** Gives the host a turn, if it has dials to make and may make one. */
  private void takeTurns(Host host) {
    if (!host.waiting.isEmpty() && host.dialed < settings.maxDialedConnectionsPerHost()) {
      turns.add(host);
    }
  }

  private void dialNext() {
    Host host = nextHost();
    if (host == null) {
      return;
    }
    turns.remove(host);
    Dialing dialing = host.waiting.remove();
    dialed++;
    host.dialed++;
    takeTurns(host);
    try {
      Channel channel = new NioSocketChannel();
      Runnable slot = new Once(() -> ended(host));
      channel.closeFuture().addListener(ended -> slot.run());
      connect(channel, dialing, slot);
    } catch (ChannelException e) {
      // No socket could be opened.
      loop.execute(
          () -> {
            dialing.failed.accept(e);
            ended(host);
          });
    }
  }

  /** Returns the next host that may be dialed, or null. */
  private @Nullable Host nextHost() {
    int most = settings.maxDialedConnections();
    if (dialed < most - most / 4) {
      return turns.peek();
    }
    return dialed == most
        ? null
        : turns.stream().filter(host -> host.dialed == 0).findFirst().orElse(null);
  }

  private void ended(Host host) {
    boolean wasFull = host.dialed == settings.maxDialedConnectionsPerHost();
    dialed--;
    host.dialed--;
    if (wasFull) {
      takeTurns(host);
    }
    if (host.dialed == 0 && host.waiting.isEmpty()) {
      hosts.remove(host.prefix);
    }
    dialNext();
  }

  private void connect(Channel channel, Dialing dialing, Runnable slot) {
    new Bootstrap()
        .group(loop)
        .channelFactory(() -> channel)
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

  /** Runs at most once. */
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
   * Returns the address to bind before dialing, or null if the system would choose it anyway.
   * Binding takes a port exclusively, and finding a free one is slow when many are in use.
   */
  private @Nullable InetSocketAddress sourceFor(InetSocketAddress target) {
    if (source == null || source.getAddress().getClass() != target.getAddress().getClass()) {
      return null;
    }
    // Connecting a datagram socket selects a route, but sends nothing.
    try (DatagramChannel probe = DatagramChannel.open()) {
      probe.connect(target);
      InetSocketAddress chosen = (InetSocketAddress) probe.getLocalAddress();
      return chosen.getAddress().equals(source.getAddress()) ? null : source;
    } catch (IOException e) {
      return source;
    }
  }

  private PeerUnreachableException unreachable(PeerAddress peer, Throwable cause) {
    // Netty adds the address, as Java writes it.
    Throwable told = cause.getCause() instanceof SocketException system ? system : cause;
    String reason = Objects.requireNonNullElse(told.getMessage(), "no socket can be opened for it");
    if (cause instanceof ConnectTimeoutException) {
      reason = "it did not answer within " + settings.connectTimeout().toMillis() + " ms";
    } else if (Unreachable.isRefused(cause)) {
      reason = "it refused the connection";
    }
    return Unreachable.of(peer, reason, cause);
  }
}
