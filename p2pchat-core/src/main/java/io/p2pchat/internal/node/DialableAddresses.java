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

/** The addresses at which peers can dial a node. */
final class DialableAddresses {
  private DialableAddresses() {}

  /**
   * Returns the bound address, or those of this machine if it is a wildcard. Asks the operating
   * system.
   */
  static List<PeerAddress> of(InetSocketAddress bound) {
    InetAddress ip = bound.getAddress();
    return ip.isAnyLocalAddress()
        ? atPort(bound, inOrder(ofThisMachine(ip)))
        : List.of(PeerAddress.of(bound));
  }

  /**
   * Returns the same addresses, and then the link-local ones with their zones, at which only peers
   * on the network of the zone can dial.
   */
  static List<PeerAddress> withLinkLocal(InetSocketAddress bound) {
    InetAddress ip = bound.getAddress();
    return ip.isAnyLocalAddress()
        ? atPort(
            bound,
            Stream.concat(
                inOrder(ofThisMachine(ip)),
                ofThisMachine(ip).filter(InetAddress::isLinkLocalAddress)))
        : of(bound);
  }

  private static List<PeerAddress> atPort(InetSocketAddress bound, Stream<InetAddress> ips) {
    return ips.map(own -> PeerAddress.of(new InetSocketAddress(own, bound.getPort())))
        .distinct()
        .toList();
  }

  /**
   * Returns the addresses that peers can dial, the likeliest first. Equals keep the system's order.
   */
  static Stream<InetAddress> inOrder(Stream<InetAddress> ips) {
    return ips.filter(ip -> !ip.isLinkLocalAddress() && !ip.isMulticastAddress())
        .filter(ip -> isIpv4(ip) || !(ip.isLoopbackAddress() || ip.isAnyLocalAddress()))
        .map(DialableAddresses::withoutZone)
        .sorted(
            Comparator.comparing(InetAddress::isLoopbackAddress).thenComparing(ip -> !isIpv4(ip)));
  }

  /** Returns the addresses of this machine that a socket bound to this wildcard accepts. */
  private static Stream<InetAddress> ofThisMachine(InetAddress wildcard) {
    try {
      return NetworkInterface.networkInterfaces()
          .filter(DialableAddresses::isUp)
          .flatMap(NetworkInterface::inetAddresses)
          .filter(own -> isIpv4(own) || !isIpv4(wildcard));
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

  /** Strips the zone: the name of a local network interface means nothing on other machines. */
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
