package io.p2pchat.attacks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;

/**
 * Makes the connections of an attack.
 *
 * @param port of the victim
 * @param addresses from how many loopback addresses they come
 */
record AttackDialer(int port, int addresses) {
  private static final int BYTE_VALUES = 250;

  /** The n-th connection. It is reset when it is closed, so that no port is used up. */
  SocketChannel dial(int n) throws IOException {
    SocketChannel channel = SocketChannel.open();
    try {
      int from = n % addresses;
      String ip = "127.1." + (1 + from / BYTE_VALUES) + '.' + (1 + from % BYTE_VALUES);
      channel.setOption(StandardSocketOptions.SO_LINGER, 0);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.bind(new InetSocketAddress(InetAddress.getByName(ip), 0));
      channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return channel;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }
}
