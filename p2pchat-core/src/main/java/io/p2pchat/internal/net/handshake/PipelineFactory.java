package io.p2pchat.internal.net.handshake;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslHandler;
import io.p2pchat.Fingerprint;
import io.p2pchat.NodeSettings;
import io.p2pchat.PeerAddress;
import io.p2pchat.Security.Policy;
import io.p2pchat.internal.frame.DecodeGate;
import io.p2pchat.internal.frame.FrameDecoder;
import io.p2pchat.internal.frame.FrameEncoder;
import io.p2pchat.internal.net.ConnectionInfo;
import io.p2pchat.internal.net.ConnectionTable;
import io.p2pchat.internal.net.RemoteHost;
import io.p2pchat.internal.net.TrafficHandler;
import io.p2pchat.internal.net.plain.DialedDecodeGate;
import io.p2pchat.internal.net.plain.FairDecodeGate;
import io.p2pchat.internal.net.plain.FirstFrameTimeout;
import io.p2pchat.internal.net.plain.PlainDial;
import io.p2pchat.internal.net.plain.PlainListener;
import io.p2pchat.internal.net.plain.PlainReceiveHandler;
import io.p2pchat.internal.net.plain.PlainSendHandler;
import io.p2pchat.internal.net.session.LineSplitter;
import io.p2pchat.internal.net.session.SessionChannelHandler;
import io.p2pchat.internal.net.session.SessionListener;
import io.p2pchat.internal.net.tls.TlsClose;
import io.p2pchat.internal.net.tls.TlsContexts;
import io.p2pchat.internal.net.tls.TlsHandlers;
import io.p2pchat.internal.net.tls.TlsHandshakeHandler;
import io.p2pchat.internal.net.tls.TlsPolicy;
import io.p2pchat.internal.protocol.Greeting;
import io.p2pchat.internal.protocol.Header;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Assembles all pipelines. A pipeline begins with the first two handlers. Once the level is known,
 * its handlers replace the handshake handler. A level-0 dial has them from the beginning.
 *
 * <table>
 *   <caption>From the socket to the application</caption>
 *   <tr><th>handler</th><th>accepted</th><th>dialed</th><th>in</th><th>out</th></tr>
 *   <tr><td>{@link TrafficHandler}</td><td>yes</td><td>yes</td><td>bytes</td><td>bytes</td></tr>
 *   <tr><td>{@link AcceptHandshakeHandler}, {@link DialHandshakeHandler}</td><td>first</td><td>first</td>
 *     <td>bytes</td><td>a greeting</td></tr>
 *   <tr><td>{@link TlsClose}, {@link SslHandler}, {@link TlsClose}, {@link TlsHandshakeHandler}</td>
 *     <td>encrypted</td><td>encrypted</td><td>bytes to bytes</td><td>bytes to bytes</td></tr>
 *   <tr><td>{@link FrameDecoder}</td><td>0</td><td>0</td><td>bytes to lines</td><td></td></tr>
 *   <tr><td>{@link FrameEncoder}</td><td></td><td>0</td><td></td><td>lines to bytes</td></tr>
 *   <tr><td>{@link FirstFrameTimeout}</td><td>0</td><td></td><td>lines</td><td></td></tr>
 *   <tr><td>{@link PlainSendHandler}</td><td></td><td>0</td><td></td><td>writes its line</td></tr>
 *   <tr><td>{@link PlainReceiveHandler}</td><td>0</td><td>0</td><td>lines to messages</td><td></td></tr>
 *   <tr><td>{@link SessionChannelHandler}</td><td>1</td><td>1</td><td>bytes to messages</td>
 *     <td>lines to bytes</td></tr>
 * </table>
 */
public final class PipelineFactory {
  private static final Logger LOG = LoggerFactory.getLogger(PipelineFactory.class);
  private static final FrameEncoder ENCODER = new FrameEncoder();

  /** The limit on unwritten bytes of a connection, on top of two lines. */
  private static final int WAITING_BYTES = 1024 * 1024;

  private static final int FEW_OF_A_HOST = 4;

  private final NodeSettings settings;
  private final ConnectionTable connections;
  private final TlsPolicy encryption;
  private final LineSplitter splitter = new LineSplitter();
  private final Queue<Runnable> awaitingTls = new ArrayDeque<>();

  /** The dials of each host that are connecting or waiting for a greeting. */
  private final Map<RemoteHost, Integer> dialsOfHosts = new HashMap<>();

  /** Their number in all, with a few of each host at most. */
  private int dialsUnderWay;

  public PipelineFactory(NodeSettings settings, ConnectionTable connections, TlsPolicy encryption) {
    this.settings = settings;
    this.connections = connections;
    this.encryption = encryption;
  }

  /**
   * The configuration of accepted connections.
   *
   * @param greeting the encoded greeting for silent dialers
   * @param plain receives level-0 messages
   * @param sessions receives level-1 input before a session does
   */
  record Acceptance(ByteBuf greeting, PlainListener plain, SessionListener sessions) {}

  /** Returns whether to accept a connection that begins with TLS, or one that does not. */
  boolean takes(boolean tls) {
    return tls ? encryption.policy() != Policy.PLAINTEXT : encryption.policy() != Policy.REQUIRED;
  }

  /**
   * Runs the action when the TLS contexts are loaded. Pauses reading until then. The connections
   * that wait take their turns in the order in which they came.
   */
  void whenTls(Channel channel, Consumer<TlsContexts> action) {
    if (awaitingTls.isEmpty() && encryption.tls().isDone()) {
      useTls(channel, action);
      return;
    }
    channel.config().setAutoRead(false);
    awaitingTls.add(
        () -> {
          channel.config().setAutoRead(true);
          useTls(channel, action);
        });
    if (awaitingTls.size() == 1) {
      // One callback, because a future runs several in the opposite order.
      encryption.tls().whenCompleteAsync((loaded, failure) -> tlsIsDone(), channel.eventLoop());
    }
  }

  private void tlsIsDone() {
    for (Runnable next = awaitingTls.poll(); next != null; next = awaitingTls.poll()) {
      next.run();
    }
  }

  private void useTls(Channel channel, Consumer<TlsContexts> action) {
    try {
      action.accept(encryption.tls().join());
    } catch (CompletionException e) {
      LOG.error("TLS could not be loaded", e.getCause());
      channel.close();
    }
  }

  /** The connection is at level 1. */
  void atLevel1(Channel channel, RemoteHost host) {
    connections.atLevel1(channel, host);
  }

  /** An accepted connection is being reset because a limit is reached. */
  void refuse(Channel channel, String reason) {
    connections.refuse(channel, reason);
  }

  /**
   * Returns the initializer of accepted connections.
   *
   * @param greeting the greeting for silent dialers
   * @param plain receives their level-0 messages
   * @param sessions receives their level-1 input before a session does
   */
  public ChannelInitializer<Channel> accepted(
      Greeting greeting, PlainListener plain, SessionListener sessions) {
    byte[] line = (greeting.format() + '\n').getBytes(StandardCharsets.UTF_8);
    Acceptance acceptance =
        new Acceptance(
            Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(line).asReadOnly()),
            plain,
            sessions);
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel channel) {
        RemoteHost host = connections.hostOf(channel);
        track(channel, host)
            .addLast(new AcceptHandshakeHandler(PipelineFactory.this, host, acceptance, settings));
      }
    };
  }

  /** Returns the initializer of a dial whose level is known to be 0. */
  public ChannelInitializer<Channel> dialed(PlainDial dial) {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel channel) {
        RemoteHost host = connections.dialing(channel, dial.target());
        track(channel, host);
        addDialedPlain(channel, host, dial);
      }
    };
  }

  /**
   * Returns the initializer of a dial whose level is unknown.
   *
   * @param whenSession runs when the connection is at level 1
   */
  public ChannelInitializer<Channel> dialed(SessionDial dial, Runnable whenSession) {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel channel) {
        RemoteHost host = connections.dialing(channel, dial.target());
        track(channel, host)
            .addLast(new DialHandshakeHandler(PipelineFactory.this, host, dial, whenSession));
      }
    };
  }

  private ChannelPipeline track(Channel channel, RemoteHost host) {
    return channel
        .pipeline()
        .addLast(
            new TrafficHandler(connections, host, 2L * settings.maxFrameBytes() + WAITING_BYTES));
  }

  /** A dial begins to connect. */
  void dialBegins(RemoteHost host) {
    if (dialsOfHosts.merge(host, 1, Integer::sum) <= FEW_OF_A_HOST) {
      dialsUnderWay++;
    }
  }

  /** A dial waits for a greeting no more. */
  void dialEnds(RemoteHost host) {
    int left = dialsOfHosts.merge(host, -1, Integer::sum);
    if (left < FEW_OF_A_HOST) {
      dialsUnderWay--;
    }
    if (left == 0) {
      dialsOfHosts.remove(host);
    }
  }

  /**
   * Returns how many dials under way may make a dial of the host slow. All others of the host
   * count, but only a few of each other host. So a host with many silent ports does not make others
   * wait.
   */
  int dialsBeside(RemoteHost host) {
    int own = dialsOfHosts.getOrDefault(host, 0);
    return dialsUnderWay - Math.min(own, FEW_OF_A_HOST) + own;
  }

  /** Adds the level-0 handlers to an accepted connection. */
  void addAcceptedPlain(Channel channel, RemoteHost host, PlainListener listener) {
    connections.atLevel0(channel, host);
    channel
        .pipeline()
        .addLast(
            decoder(new FairDecodeGate(host, channel)),
            new FirstFrameTimeout(settings.firstFrameTimeout()),
            new PlainReceiveHandler(listener, accepted(channel, host), host::lineTaken));
  }

  /** Adds the level-0 handlers to a dialed connection. */
  void addDialedPlain(Channel channel, RemoteHost host, PlainDial dial) {
    ConnectionInfo connection =
        new ConnectionInfo(dial.target(), local(channel), dial.peer(), host);
    channel
        .pipeline()
        .addLast(
            decoder(new DialedDecodeGate(host)),
            ENCODER,
            new PlainSendHandler(dial, settings.peerCloseTimeout()),
            new PlainReceiveHandler(dial.receiver(), connection, host::lineTaken));
  }

  private FrameDecoder decoder(DecodeGate gate) {
    return new FrameDecoder(
        settings.maxFrameBytes(), settings.quietPeriod(), line -> Header.read(line) != null, gate);
  }

  /** Adds the TLS handlers. The last one waits for the handshake, then removes itself. */
  void addTls(
      Channel channel,
      TlsHandlers tls,
      Consumer<Fingerprint> secured,
      TlsHandshakeHandler.Failure failed) {
    channel
        .pipeline()
        .addLast(
            TlsClose.beforeTls(tls),
            tls.handler(),
            TlsClose.afterTls(tls),
            new TlsHandshakeHandler(tls.timeout(), secured, failed));
  }

  /**
   * Adds the level-1 handler to an accepted connection.
   *
   * @param peer the fingerprint of the peer, or null if it is not encrypted
   */
  SessionChannelHandler addAcceptedSession(
      Channel channel, RemoteHost host, SessionListener listener, @Nullable Fingerprint peer) {
    return addSession(channel, host, accepted(channel, host), listener, peer);
  }

  /**
   * Adds the level-1 handler to a dialed connection.
   *
   * @param peer the fingerprint of the peer, or null if it is not encrypted
   */
  SessionChannelHandler addDialedSession(
      Channel channel, RemoteHost host, PeerAddress dialed, @Nullable Fingerprint peer) {
    ConnectionInfo connection = new ConnectionInfo(remote(channel), local(channel), dialed, host);
    return addSession(channel, host, connection, SessionListener.DIALED, peer);
  }

  private SessionChannelHandler addSession(
      Channel channel,
      RemoteHost host,
      ConnectionInfo connection,
      SessionListener listener,
      @Nullable Fingerprint peer) {
    atLevel1(channel, host);
    SessionChannelHandler handler =
        new SessionChannelHandler(
            channel, connection, peer, listener, connections, splitter, settings);
    channel.pipeline().addLast(handler);
    return handler;
  }

  /** Describes an accepted connection to the receivers of its input. */
  static ConnectionInfo accepted(Channel channel, RemoteHost host) {
    return new ConnectionInfo(remote(channel), local(channel), null, host);
  }

  private static InetSocketAddress remote(Channel channel) {
    return (InetSocketAddress) channel.remoteAddress();
  }

  private static @Nullable InetAddress local(Channel channel) {
    InetSocketAddress local = (InetSocketAddress) channel.localAddress();
    return local == null ? null : local.getAddress();
  }
}
