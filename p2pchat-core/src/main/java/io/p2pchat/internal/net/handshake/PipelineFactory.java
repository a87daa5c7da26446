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
import io.p2pchat.internal.net.ConnectionInfo;
import io.p2pchat.internal.net.ConnectionTable;
import io.p2pchat.internal.net.RemoteHost;
import io.p2pchat.internal.net.TrafficHandler;
import io.p2pchat.internal.net.plain.DialedDecodeGate;
import io.p2pchat.internal.net.plain.FairDecodeGate;
import io.p2pchat.internal.net.plain.FirstFrameTimeout;
import io.p2pchat.internal.net.plain.PlainDial;
import io.p2pchat.internal.net.plain.PlainReceiveHandler;
import io.p2pchat.internal.net.plain.PlainSendHandler;
import io.p2pchat.internal.net.session.Inbound;
import io.p2pchat.internal.net.session.LineSplitter;
import io.p2pchat.internal.net.session.SessionChannelHandler;
import io.p2pchat.internal.net.tls.TlsBypass;
import io.p2pchat.internal.net.tls.TlsClose;
import io.p2pchat.internal.net.tls.TlsContexts;
import io.p2pchat.internal.net.tls.TlsHandshakeHandler;
import io.p2pchat.internal.net.tls.TlsPolicy;
import io.p2pchat.internal.protocol.FrameDecoder;
import io.p2pchat.internal.protocol.FrameEncoder;
import io.p2pchat.internal.protocol.Header;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Assembles the one pipeline. It begins with the first two handlers; those of a level take the
 * place of first contact when the level is known. A dial at level 0 has them from the beginning.
 *
 * <table>
 *   <caption>From the socket to the application</caption>
 *   <tr><th>handler</th><th>accepted</th><th>dialed</th><th>in</th><th>out</th></tr>
 *   <tr><td>{@link TrafficHandler}</td><td>yes</td><td>yes</td><td>bytes</td><td>bytes</td></tr>
 *   <tr><td>{@link AcceptHandshakeHandler}, {@link DialHandshakeHandler}</td><td>first</td><td>first</td>
 *     <td>bytes</td><td>a greeting</td></tr>
 *   <tr><td>{@link TlsBypass}, {@link SslHandler}, {@link TlsClose}, {@link TlsHandshakeHandler}</td>
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

  /** What may wait to be written on a connection, over two lines. */
  private static final int WAITING_BYTES = 1024 * 1024;

  private final NodeSettings settings;
  private final ConnectionTable connections;
  private final TlsPolicy encryption;
  private final LineSplitter splitter = new LineSplitter();
  private volatile @Nullable Inbound inbound;
  private ByteBuf greeting = Unpooled.EMPTY_BUFFER;

  public PipelineFactory(NodeSettings settings, ConnectionTable connections, TlsPolicy encryption) {
    this.settings = settings;
    this.connections = connections;
    this.encryption = encryption;
  }

  public void setInbound(Inbound inbound) {
    byte[] line = (inbound.greeting().format() + '\n').getBytes(StandardCharsets.UTF_8);
    this.greeting = Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(line).asReadOnly());
    this.inbound = inbound;
  }

  /** The line that an acceptor greets with. */
  ByteBuf greeting() {
    return greeting.duplicate();
  }

  /** Whether a connection may be accepted that begins with TLS, or one that does not. */
  boolean takes(boolean tls) {
    return tls ? encryption.policy() != Policy.PLAINTEXT : encryption.policy() != Policy.REQUIRED;
  }

  /** Goes on when what TLS needs is loaded; nothing more is read until then. */
  void whenTls(Channel channel, Consumer<TlsContexts> action) {
    CompletableFuture<TlsContexts> tls = encryption.tls();
    if (tls.isDone() && !tls.isCompletedExceptionally()) {
      action.accept(tls.join());
      return;
    }
    channel.config().setAutoRead(false);
    tls.whenCompleteAsync(
        (loaded, failure) -> {
          if (failure != null) {
            LOG.error("TLS could not be loaded", failure);
            channel.close();
          } else {
            channel.config().setAutoRead(true);
            action.accept(loaded);
          }
        },
        channel.eventLoop());
  }

  /** The connection is at level 1 from now on. */
  void atLevel1(Channel channel, RemoteHost host) {
    connections.atLevel1(channel, host);
  }

  /** An accepted connection is being reset because a bound is reached. */
  void refuse(Channel channel, String reason) {
    connections.refuse(channel, reason);
  }

  /** An accepted connection broke the protocol and is being closed. */
  void violated(Channel channel, RemoteHost host, String description) {
    inbound().violated(description, accepted(channel, host));
  }

  public ChannelInitializer<Channel> accepted() {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel channel) {
        RemoteHost host = connections.hostOf(channel);
        track(channel, host)
            .addLast(new AcceptHandshakeHandler(PipelineFactory.this, host, settings));
      }
    };
  }

  public ChannelInitializer<Channel> dialed(PlainDial dial) {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel channel) {
        RemoteHost host = connections.dialing(channel, dial.target());
        track(channel, host);
        addLevel0(channel, host, dial);
      }
    };
  }

  /**
   * For a dial whose level is not known.
   *
   * @param whenSession run when the connection turns out to be at level 1
   */
  public ChannelInitializer<Channel> approaching(SessionDial approach, Runnable whenSession) {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel channel) {
        RemoteHost host = connections.dialing(channel, approach.target());
        track(channel, host)
            .addLast(new DialHandshakeHandler(PipelineFactory.this, host, approach, whenSession));
      }
    };
  }

  private ChannelPipeline track(Channel channel, RemoteHost host) {
    return channel
        .pipeline()
        .addLast(
            new TrafficHandler(connections, host, 2L * settings.maxFrameBytes() + WAITING_BYTES));
  }

  /** Adds the handlers of level 0; {@code dial} is null for an accepted connection. */
  void addLevel0(Channel channel, RemoteHost host, @Nullable PlainDial dial) {
    ChannelPipeline pipeline = channel.pipeline();
    pipeline.addLast(
        new FrameDecoder(
            settings.maxFrameBytes(),
            settings.quietPeriod(),
            line -> Header.read(line) != null,
            dial == null ? new FairDecodeGate(host, channel) : new DialedDecodeGate(host)));
    if (dial == null) {
      pipeline.addLast(new FirstFrameTimeout(settings.firstFrameTimeout()));
    } else {
      pipeline.addLast(ENCODER);
      pipeline.addLast(new PlainSendHandler(dial, settings.peerCloseTimeout()));
    }
    ConnectionInfo remote =
        dial == null
            ? accepted(channel, host)
            : new ConnectionInfo(dial.target(), local(channel), dial.peer(), host.account);
    pipeline.addLast(new PlainReceiveHandler(inbound(), remote, host::lineTaken));
  }

  /**
   * Adds the handler of level 1.
   *
   * @param dialed null for an accepted connection
   * @param peer who is at the other end, or null if it is not encrypted
   */
  SessionChannelHandler addLevel1(
      Channel channel, RemoteHost host, @Nullable PeerAddress dialed, @Nullable Fingerprint peer) {
    atLevel1(channel, host);
    ConnectionInfo remote =
        dialed == null
            ? accepted(channel, host)
            : new ConnectionInfo(remote(channel), local(channel), dialed, host.account);
    SessionChannelHandler handler =
        new SessionChannelHandler(
            channel, remote, peer, inbound(), connections, splitter, settings);
    channel.pipeline().addLast(handler);
    return handler;
  }

  private Inbound inbound() {
    return Objects.requireNonNull(inbound, "not accepting yet");
  }

  private static ConnectionInfo accepted(Channel channel, RemoteHost host) {
    return new ConnectionInfo(remote(channel), local(channel), null, host.account);
  }

  private static InetSocketAddress remote(Channel channel) {
    return (InetSocketAddress) channel.remoteAddress();
  }

  private static @Nullable InetAddress local(Channel channel) {
    InetSocketAddress local = (InetSocketAddress) channel.localAddress();
    return local == null ? null : local.getAddress();
  }
}
