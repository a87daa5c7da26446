package io.p2pchat.cli.doctor;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ProtocolFamily;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The interfaces and multicast of the system. */
final class SystemNetwork implements LocalNetwork {
  private static final int HOPS = 255;
  private static final int RANDOM_BYTES = 16;
  private static final int MAX_PACKET = 9000;
  private static final byte[] GROUP_4 = {(byte) 224, 0, 0, (byte) 251};
  private static final byte[] GROUP_6 = {
    (byte) 0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte) 0xfb
  };

  /** When the query is sent again, in case a packet was lost. */
  private static final Duration REPEAT = Duration.ofMillis(400);

  @Override
  public List<LocalInterface> interfaces() throws IOException {
    List<LocalInterface> found = new ArrayList<>();
    for (NetworkInterface each : NetworkInterface.networkInterfaces().toList()) {
      LocalInterface network = lookAt(each);
      if (network != null) {
        found.add(network);
      }
    }
    return found;
  }

  private static @Nullable LocalInterface lookAt(NetworkInterface each) {
    try {
      return new LocalInterface(
          each.getName(),
          each.isUp(),
          each.isLoopback(),
          each.isPointToPoint(),
          each.supportsMulticast(),
          each.inetAddresses().toList());
    } catch (SocketException e) {
      // It has gone meanwhile.
      return null;
    }
  }

  @Override
  public PortUse mdnsPort() {
    if (canBind(false)) {
      return PortUse.FREE;
    }
    return canBind(true) ? PortUse.SHARED : PortUse.TAKEN;
  }

  private static boolean canBind(boolean shared) {
    // Of both families, where there are both.
    try (DatagramChannel channel = DatagramChannel.open()) {
      if (shared) {
        share(channel);
      }
      channel.bind(new InetSocketAddress(MDNS_PORT));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static void share(DatagramChannel channel) throws IOException {
    channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
    if (channel.supportedOptions().contains(StandardSocketOptions.SO_REUSEPORT)) {
      channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
    }
  }

  @Override
  public boolean echo(LocalInterface network, ProtocolFamily family, Duration limit)
      throws IOException {
    NetworkInterface device = NetworkInterface.getByName(network.name());
    if (device == null) {
      throw new IOException("the interface has gone");
    }
    InetAddress group = group(family, device);
    try (DatagramChannel channel = DatagramChannel.open(family);
        Selector selector = Selector.open()) {
      share(channel);
      channel.setOption(StandardSocketOptions.IP_MULTICAST_IF, device);
      channel.setOption(StandardSocketOptions.IP_MULTICAST_TTL, HOPS);
      channel.setOption(StandardSocketOptions.IP_MULTICAST_LOOP, true);
      channel.bind(new InetSocketAddress(any(family), MDNS_PORT));
      channel.join(group, device);
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_READ);
      return hears(channel, selector, new InetSocketAddress(group, MDNS_PORT), limit);
    }
  }

  private static boolean hears(
      DatagramChannel channel, Selector selector, InetSocketAddress group, Duration limit)
      throws IOException {
    byte[] query = query();
    long start = System.nanoTime();
    long nextSend = 0;
    for (long passed = 0; passed < limit.toNanos(); passed = System.nanoTime() - start) {
      if (passed >= nextSend) {
        channel.send(ByteBuffer.wrap(query), group);
        nextSend += REPEAT.toNanos();
      }
      selector.select(Math.max(1, TimeUnit.NANOSECONDS.toMillis(nextSend - passed)));
      selector.selectedKeys().clear();
      if (hasCome(channel, query)) {
        return true;
      }
    }
    return false;
  }

  /** Reads what has come. Packets of others are dropped. */
  private static boolean hasCome(DatagramChannel channel, byte[] query) throws IOException {
    ByteBuffer packet = ByteBuffer.allocate(MAX_PACKET);
    // A flood must not keep it from looking at the time.
    for (int i = 0; i < 1000 && channel.receive(packet) != null; i++) {
      if (packet.flip().equals(ByteBuffer.wrap(query))) {
        return true;
      }
      packet.clear();
    }
    return false;
  }

  private static InetAddress group(ProtocolFamily family, NetworkInterface device)
      throws UnknownHostException {
    return family == StandardProtocolFamily.INET
        ? InetAddress.getByAddress(GROUP_4)
        : Inet6Address.getByAddress(null, GROUP_6, device.getIndex());
  }

  private static InetAddress any(ProtocolFamily family) throws UnknownHostException {
    return InetAddress.getByAddress(
        new byte[family == StandardProtocolFamily.INET ? 4 : GROUP_6.length]);
  }

  /** Returns a query that nobody answers: for the text of a random instance. */
  private static byte[] query() {
    byte[] random = new byte[RANDOM_BYTES];
    new SecureRandom().nextBytes(random);
    ByteBuffer query = ByteBuffer.allocate(512);
    query.putShort((short) 0).putShort((short) 0); // id and flags
    query.putShort((short) 1).putShort((short) 0).putInt(0); // one question
    for (String label : List.of(HexFormat.of().formatHex(random), "_p2pchat", "_tcp", "local")) {
      query.put((byte) label.length()).put(label.getBytes(US_ASCII));
    }
    query.put((byte) 0).putShort((short) 16).putShort((short) 1); // TXT, IN
    byte[] bytes = new byte[query.position()];
    query.flip().get(bytes);
    return bytes;
  }
}
