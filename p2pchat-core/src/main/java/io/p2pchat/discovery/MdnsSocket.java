package io.p2pchat.discovery;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.nio.NioDatagramChannel;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.channels.DatagramChannel;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The socket of one interface and one family. It shares port 5353 with the other programs of this
 * machine that talk multicast DNS. Where the system allows it, it is bound to the group, so that it
 * takes no packet that is for another program alone.
 */
final class MdnsSocket implements MdnsLink {
  /** The port of multicast DNS. */
  static final int PORT = 5353;

  private static final Logger LOG = LoggerFactory.getLogger(MdnsSocket.class);
  private static final int HOPS = 255;
  private static final byte[] GROUP_4 = {(byte) 224, 0, 0, (byte) 251};
  private static final byte[] GROUP_6 = {
    (byte) 0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte) 0xfb
  };

  private final MdnsInterface network;
  private final InetSocketAddress group;
  private final NioDatagramChannel channel;
  private boolean failed;

  /** Takes the packets of a socket. */
  interface Receiver {
    /** Takes a packet. It is released afterwards. */
    void received(MdnsSocket socket, DatagramPacket packet);
  }

  private MdnsSocket(MdnsInterface network, InetSocketAddress group, NioDatagramChannel channel) {
    this.network = network;
    this.group = group;
    this.channel = channel;
  }

  /**
   * Opens a socket and joins the group.
   *
   * @throws IOException if the system does not allow it
   */
  static MdnsSocket open(
      EventLoop loop, MdnsInterface network, ProtocolFamily family, Receiver receiver)
      throws IOException {
    NetworkInterface device = network.device();
    InetSocketAddress group = new InetSocketAddress(group(family, device), PORT);
    DatagramChannel plain = DatagramChannel.open(family);
    try {
      plain.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      if (plain.supportedOptions().contains(StandardSocketOptions.SO_REUSEPORT)) {
        plain.setOption(StandardSocketOptions.SO_REUSEPORT, true);
      }
      plain.setOption(StandardSocketOptions.IP_MULTICAST_IF, device);
      plain.setOption(StandardSocketOptions.IP_MULTICAST_TTL, HOPS);
      plain.setOption(StandardSocketOptions.IP_MULTICAST_LOOP, true);
      bind(plain, group);
      plain.join(group.getAddress(), device);
    } catch (IOException | RuntimeException e) {
      plain.close();
      throw e;
    }
    NioDatagramChannel channel = new NioDatagramChannel(plain);
    MdnsSocket socket = new MdnsSocket(network, group, channel);
    channel
        .config()
        .setOption(
            ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(MdnsPacket.MAX_BYTES));
    channel.pipeline().addLast(new Handler(socket, receiver));
    loop.register(channel);
    return socket;
  }

  private static InetAddress group(ProtocolFamily family, NetworkInterface device)
      throws UnknownHostException {
    return family == StandardProtocolFamily.INET
        ? InetAddress.getByAddress(GROUP_4)
        : Inet6Address.getByAddress(null, GROUP_6, device.getIndex());
  }

  private static void bind(DatagramChannel plain, InetSocketAddress group) throws IOException {
    try {
      plain.bind(group);
    } catch (IOException e) {
      // Windows binds to addresses of its own only.
      plain.bind(new InetSocketAddress(PORT));
    }
  }

  /** Returns whether a packet could not be sent, so that a new socket is due. */
  boolean hasFailed() {
    return failed || !channel.isOpen();
  }

  MdnsInterface network() {
    return network;
  }

  void close() {
    channel.close();
  }

  @Override
  public int interfaceIndex() {
    return network.device().getIndex();
  }

  @Override
  public List<InetAddress> announced() {
    return network.announced();
  }

  @Override
  public boolean isOnLink(InetAddress ip) {
    return network.isOnLink(ip);
  }

  @Override
  public @Nullable InetAddress dialable(InetAddress ip) {
    return network.dialable(ip);
  }

  @Override
  public void send(MdnsPacket packet) {
    channel
        .writeAndFlush(new DatagramPacket(packet.encode(channel.alloc()), group))
        .addListener(
            written -> {
              if (!written.isSuccess()) {
                failed = true;
                LOG.debug("{} sent nothing: {}", this, String.valueOf(written.cause()));
              }
            });
  }

  /** Returns the interface and the group, for logs. */
  @Override
  public String toString() {
    return "multicast DNS on "
        + network.device().getName()
        + " to "
        + group.getAddress().getHostAddress();
  }

  private static final class Handler extends SimpleChannelInboundHandler<DatagramPacket> {
    private final MdnsSocket socket;
    private final Receiver receiver;

    Handler(MdnsSocket socket, Receiver receiver) {
      this.socket = socket;
      this.receiver = receiver;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
      receiver.received(socket, packet);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      LOG.debug("{} has failed", socket, cause);
    }
  }
}
