package io.p2pchat.cli.terminal;

import io.p2pchat.PeerAddress;
import io.p2pchat.PeerNode;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/** Where others can dial a node. */
final class OwnAddresses {
  private OwnAddresses() {}

  /** The addresses of this machine that the node listens on, those of its networks first. */
  static List<String> of(PeerNode node) {
    InetAddress bound = node.localAddress().getAddress();
    Stream<InetAddress> ips = bound.isAnyLocalAddress() ? ofThisMachine() : Stream.of(bound);
    return ips.map(ip -> PeerAddress.of(new InetSocketAddress(ip, node.port())).toString())
        .distinct()
        .toList();
  }

  private static Stream<InetAddress> ofThisMachine() {
    try {
      List<InetAddress> all =
          Collections.list(NetworkInterface.getNetworkInterfaces()).stream()
              .flatMap(each -> Collections.list(each.getInetAddresses()).stream())
              .filter(ip -> !ip.isLinkLocalAddress())
              .filter(ip -> !(ip instanceof Inet6Address && ip.isLoopbackAddress()))
              .toList();
      return Stream.concat(
          all.stream().filter(ip -> !ip.isLoopbackAddress()),
          all.stream().filter(InetAddress::isLoopbackAddress));
    } catch (SocketException e) {
      return Stream.of(InetAddress.getLoopbackAddress());
    }
  }
}
