package io.p2pchat.internal.transport;

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
import io.p2pchat.internal.frame.FrameDecoder;
import io.p2pchat.internal.frame.FrameEncoder;
import io.p2pchat.internal.message.Header;
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
 *   <tr><td>{@link ConnectionTracker}</td><td>yes</td><td>yes</td><td>bytes</td><td>bytes</td></tr>
 *   <tr><td>{@link AcceptedContact}, {@link DialedContact}</td><td>first</td><td>first</td>
 *     <td>bytes</td><td>a greeting</td></tr>
 *   <tr><td>{@link TlsBypass}, {@link SslHandler}, {@link TlsClose}, {@link TlsContact}</td>
 *     <td>encrypted</td><td>encrypted</td><td>bytes to bytes</td><td>bytes to bytes</td></tr>
 *   <tr><td>{@link FrameDecoder}</td><td>0</td><td>0</td><td>bytes to lines</td><td></td></tr>
 *   <tr><td>{@link FrameEncoder}</td><td></td><td>0</td><td></td><td>lines to bytes</td></tr>
 *   <tr><td>{@link FirstFrameTimeout}</td><td>0</td><td></td><td>lines</td><td></td></tr>
 *   <tr><td>{@link LineExchange}</td><td></td><td>0</td><td></td><td>writes its line</td></tr>
 *   <tr><td>{@link LineReceiver}</td><td>0</td><td>0</td><td>lines to messages</td><td></td></tr>
 *   <tr><td>{@link SessionHandler}</td><td>1</td><td>1</td><td>bytes to messages</td>
 *     <td>lines to bytes</td></tr>
 * </table>
 */
final class Pipeline {
  private static final Logger LOG = LoggerFactory.getLogger(Pipeline.class);
  private static final FrameEncoder ENCODER = new FrameEncoder();

  /** What may wait to be written on a connection, over two lines. */
  private static final int WAITING_BYTES = 1024 * 1024;

  private final NodeSettings settings;
  private final Connections connections;
  private final Encryption encryption;
  private final LineSplitter splitter = new LineSplitter();
  private volatile @Nullable Inbound inbound;
  private ByteBuf greeting = Unpooled.EMPTY_BUFFER;

  Pipeline(NodeSettings settings, Connections connections, Encryption encryption) {
    this.settings = settings;
    this.connections = connections;
    this.encryption = encryption;
  }

  void setInbound(Inbound inbound) {
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
  void whenTls(Channel channel, Consumer<Tls> action) {
    CompletableFuture<Tls> tls = encryption.tls();
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
  void atLevel1(Channel channel, Host host) {
    connections.atLevel1(channel, host);
  }

  /** An accepted connection is being reset because a bound is reached. */
  void refuse(Channel channel, String reason) {
    connections.refuse(channel, reason);
  }

  /** An accepted connection broke the protocol and is being closed. */
  void violated(Channel channel, Host host, String description) {
    inbound().violated(description, accepted(channel, host));
  }

  ChannelInitializer<Channel> accepted() {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel channel) {
        Host host = connections.hostOf(channel);
        track(channel, host).addLast(new AcceptedContact(Pipeline.this, host, settings));
      }
    };
  }

  ChannelInitializer<Channel> dialed(Dial dial) {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel channel) {
        Host host = connections.dialing(channel, dial.target());
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
  ChannelInitializer<Channel> approaching(Approach approach, Runnable whenSession) {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel channel) {
        Host host = connections.dialing(channel, approach.target());
        track(channel, host).addLast(new DialedContact(Pipeline.this, host, approach, whenSession));
      }
    };
  }

  private ChannelPipeline track(Channel channel, Host host) {
    return channel
        .pipeline()
        .addLast(
            new ConnectionTracker(
                connections, host, 2L * settings.maxFrameBytes() + WAITING_BYTES));
  }

  /** Adds the handlers of level 0; {@code dial} is null for an accepted connection. */
  void addLevel0(Channel channel, Host host, @Nullable Dial dial) {
    ChannelPipeline pipeline = channel.pipeline();
    pipeline.addLast(
        new FrameDecoder(
            settings.maxFrameBytes(),
            settings.quietPeriod(),
            line -> Header.read(line) != null,
            dial == null ? new Turn(host, channel) : new DialedGate(host)));
    if (dial == null) {
      pipeline.addLast(new FirstFrameTimeout(settings.firstFrameTimeout()));
    } else {
      pipeline.addLast(ENCODER);
      pipeline.addLast(new LineExchange(dial, settings.peerCloseTimeout()));
    }
    Remote remote =
        dial == null
            ? accepted(channel, host)
            : new Remote(dial.target(), local(channel), dial.peer(), host.account);
    pipeline.addLast(new LineReceiver(inbound(), remote, host::lineTaken));
  }

  /**
   * Adds the handler of level 1.
   *
   * @param dialed null for an accepted connection
   * @param peer who is at the other end, or null if it is not encrypted
   */
  SessionHandler addLevel1(
      Channel channel, Host host, @Nullable PeerAddress dialed, @Nullable Fingerprint peer) {
    atLevel1(channel, host);
    Remote remote =
        dialed == null
            ? accepted(channel, host)
            : new Remote(remote(channel), local(channel), dialed, host.account);
    SessionHandler handler =
        new SessionHandler(channel, remote, peer, inbound(), connections, splitter, settings);
    channel.pipeline().addLast(handler);
    return handler;
  }

  private Inbound inbound() {
    return Objects.requireNonNull(inbound, "not accepting yet");
  }

  private static Remote accepted(Channel channel, Host host) {
    return new Remote(remote(channel), local(channel), null, host.account);
  }

  private static InetSocketAddress remote(Channel channel) {
    return (InetSocketAddress) channel.remoteAddress();
  }

  private static @Nullable InetAddress local(Channel channel) {
    InetSocketAddress local = (InetSocketAddress) channel.localAddress();
    return local == null ? null : local.getAddress();
  }
}
