package io.p2pchat.internal.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.p2pchat.NodeSettings;
import io.p2pchat.PeerAddress;
import io.p2pchat.internal.frame.FrameDecoder;
import io.p2pchat.internal.frame.FrameEncoder;
import io.p2pchat.internal.message.Header;
import java.net.InetSocketAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Assembles the one pipeline, for accepted and for dialed connections:
 *
 * <table>
 *   <caption>From the socket to the application</caption>
 *   <tr><th>handler</th><th>accepted</th><th>dialed</th><th>in</th><th>out</th></tr>
 *   <tr><td>{@link ConnectionTracker}</td><td>yes</td><td>yes</td><td>bytes</td><td></td></tr>
 *   <tr><td>{@link FrameDecoder}</td><td>yes</td><td>yes</td><td>bytes to lines</td><td></td></tr>
 *   <tr><td>{@link FrameEncoder}</td><td></td><td>yes</td><td></td><td>lines to bytes</td></tr>
 *   <tr><td>{@link FirstFrameTimeout}</td><td>yes</td><td></td><td>lines</td><td></td></tr>
 *   <tr><td>{@link LineExchange}</td><td></td><td>yes</td><td></td><td>writes its line</td></tr>
 *   <tr><td>{@link LineReceiver}</td><td>yes</td><td>yes</td><td>lines to messages</td><td></td></tr>
 * </table>
 */
final class Pipeline {
  private static final FrameEncoder ENCODER = new FrameEncoder();

  private final NodeSettings settings;
  private final Connections connections;
  private volatile @Nullable Inbound inbound;

  Pipeline(NodeSettings settings, Connections connections) {
    this.settings = settings;
    this.connections = connections;
  }

  void setInbound(Inbound inbound) {
    this.inbound = inbound;
  }

  ChannelInitializer<Channel> accepted() {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel channel) {
        InetSocketAddress remote = (InetSocketAddress) channel.remoteAddress();
        assemble(channel, connections.hostOf(channel), remote, null);
      }
    };
  }

  ChannelInitializer<Channel> dialed(Dial dial) {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel channel) {
        assemble(channel, connections.dialing(channel, dial.target()), dial.target(), dial);
      }
    };
  }

  private void assemble(
      Channel channel, Host host, InetSocketAddress address, @Nullable Dial dial) {
    ChannelPipeline pipeline = channel.pipeline();
    pipeline.addLast(new ConnectionTracker(connections, host));
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
    PeerAddress dialed = dial == null ? null : dial.peer();
    InetSocketAddress local = (InetSocketAddress) channel.localAddress();
    Remote remote =
        new Remote(address, local == null ? null : local.getAddress(), dialed, host.account);
    Inbound receiver = Objects.requireNonNull(inbound, "not accepting yet");
    pipeline.addLast(new LineReceiver(receiver, remote));
  }
}
