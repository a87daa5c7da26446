package io.p2pchat.internal.node;

import io.p2pchat.PeerAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The addresses at which peers can dial a node. */
final class DialableAddresses {
  /** No host has it. */
  private static final String DOCUMENTATION = "192.0.2.1";

  private DialableAddresses() {}

  /**
   * Returns the bound address, or those of this machine if it is a wildcard. Asks the operating
   * system.
   */
  static List<PeerAddress> of(InetSocketAddress bound) {
    InetAddress ip = bound.getAddress();
    return ip.isAnyLocalAddress()
        ? atPort(bound, inOrder(ofThisMachine(ip), ofDefaultRoute()))
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
                inOrder(ofThisMachine(ip), ofDefaultRoute()),
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
   * Without a zone, a link-local address of IPv4 can be dialed, but none of IPv6.
   *
   * @param usual the address from which this machine dials the Internet, or empty
   */
  static Stream<InetAddress> inOrder(Stream<InetAddress> ips, Optional<InetAddress> usual) {
    return ips.filter(ip -> !ip.isMulticastAddress())
        .filter(ip -> isIpv4(ip) || !isOfThisMachineOrLink(ip))
        .map(DialableAddresses::withoutZone)
        .sorted(
            Comparator.comparing(InetAddress::isLoopbackAddress)
                .thenComparing(InetAddress::isLinkLocalAddress)
                .thenComparing(ip -> !isIpv4(ip))
                .thenComparing(ip -> !usual.equals(Optional.of(ip))));
  }

  private static boolean isOfThisMachineOrLink(InetAddress ip) {
    return ip.isLoopbackAddress() || ip.isAnyLocalAddress() || ip.isLinkLocalAddress();
  }

  /** Returns the address of the default route. Sends nothing: the socket is of UDP. */
  private static Optional<InetAddress> ofDefaultRoute() {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.connect(new InetSocketAddress(DOCUMENTATION, 9));
      return Optional.of(socket.getLocalAddress());
    } catch (IOException | UncheckedIOException e) {
      return Optional.empty();
    }
  }

  /** Returns the addresses of this machine that a socket bound to this wildcard accepts. */
  private static Stream<InetAddress> ofThisMachine(InetAddress wildcard) {
    try {
      return NetworkInterface.networkInterfaces()
          .filter(DialableAddresses::isUp)
          .sorted(Comparator.comparing(DialableAddresses::isPointToPoint))
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

  /** Returns whether it is a tunnel, in which few peers are. */
  private static boolean isPointToPoint(NetworkInterface network) {
    try {
      return network.isPointToPoint();
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
