package io.p2pchat.internal.node;

import io.p2pchat.PeerAddress;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The addresses at which others can dial a node. */
final class DialableAddresses {
  private DialableAddresses() {}

  /** The bound address, or those of this machine. Asks the system. */
  static List<PeerAddress> of(InetSocketAddress bound) {
    InetAddress ip = bound.getAddress();
    if (!ip.isAnyLocalAddress()) {
      return List.of(PeerAddress.of(bound));
    }
    // A socket bound to the IPv4 wildcard takes no IPv6.
    return inOrder(ofThisMachine().filter(own -> isIpv4(own) || !isIpv4(ip)))
        .map(own -> PeerAddress.of(new InetSocketAddress(own, bound.getPort())))
        .distinct()
        .toList();
  }

  /** Those that others can dial, the likeliest first; the order of the system among equals. */
  static Stream<InetAddress> inOrder(Stream<InetAddress> ips) {
    return ips.filter(ip -> !ip.isLinkLocalAddress() && !ip.isMulticastAddress())
        .filter(ip -> isIpv4(ip) || !(ip.isLoopbackAddress() || ip.isAnyLocalAddress()))
        .map(DialableAddresses::withoutZone)
        .sorted(
            Comparator.comparing(InetAddress::isLoopbackAddress).thenComparing(ip -> !isIpv4(ip)));
  }

  private static Stream<InetAddress> ofThisMachine() {
    try {
      return NetworkInterface.networkInterfaces()
          .filter(DialableAddresses::isUp)
          .flatMap(NetworkInterface::inetAddresses);
    } catch (SocketException e) {
      return Stream.of(InetAddress.getLoopbackAddress());
    }
  }

  private static boolean isUp(NetworkInterface network) {
    try {
      return network.isUp();
    } catch (SocketException e) {
      return false;
    }
  }

  /** The system names the network card with each IPv6 address; that means nothing elsewhere. */
  private static InetAddress withoutZone(InetAddress ip) {
    try {
      return InetAddress.getByAddress(ip.getAddress());
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address has 4 or 16 bytes", e);
    }
  }

  private static boolean isIpv4(InetAddress ip) {
    return ip instanceof Inet4Address;
  }
}
