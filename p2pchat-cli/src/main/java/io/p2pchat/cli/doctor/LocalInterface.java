package io.p2pchat.cli.doctor;

import io.p2pchat.PeerAddress;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.util.List;
import java.util.Optional;

/**
 * A network interface of this machine.
 *
 * @param name as the system calls it
 * @param up whether it is up and has a carrier
 * @param loopback whether it is the loopback
 * @param pointToPoint whether it is point-to-point, as most VPNs are
 * @param multicast whether it can multicast
 * @param addresses its addresses
 */
record LocalInterface(
    String name,
    boolean up,
    boolean loopback,
    boolean pointToPoint,
    boolean multicast,
    List<InetAddress> addresses) {

  /** Returns why discovery does not use it, or empty if it does. */
  Optional<String> whyUnused() {
    if (loopback) {
      return Optional.of("loopback");
    }
    if (!up) {
      return Optional.of("down");
    }
    if (pointToPoint) {
      return Optional.of("point-to-point, as most VPNs are");
    }
    if (!multicast) {
      return Optional.of("without multicast");
    }
    return addresses.isEmpty() ? Optional.of("without an address") : Optional.empty();
  }

  boolean isUsed() {
    return whyUnused().isEmpty();
  }

  /** Returns the families of its addresses, IPv4 first. */
  List<ProtocolFamily> families() {
    return addresses.stream()
        .<ProtocolFamily>map(
            ip ->
                ip instanceof Inet4Address
                    ? StandardProtocolFamily.INET
                    : StandardProtocolFamily.INET6)
        .distinct()
        .sorted((one, other) -> one.name().compareTo(other.name()))
        .toList();
  }

  /** Returns the addresses that peers can dial, as text. */
  List<String> shownAddresses() {
    return addresses.stream().map(LocalInterface::shown).toList();
  }

  /** Returns an IP address as text, a link-local one with its zone. */
  static String shown(InetAddress ip) {
    return PeerAddress.of(new InetSocketAddress(ip, 1)).host();
  }
}
