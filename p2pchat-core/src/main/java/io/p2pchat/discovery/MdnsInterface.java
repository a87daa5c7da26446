package io.p2pchat.discovery;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.ProtocolFamily;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnknownHostException;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A network interface as it was at one time. Two are equal if nothing of this has changed.
 *
 * @param device the interface
 * @param networks its addresses, with the length of their prefixes
 * @param announced those at which this node can be dialed, IPv4 first and link-local ones last
 */
record MdnsInterface(NetworkInterface device, Set<Network> networks, List<InetAddress> announced) {
  private static final int FIRST_RESERVED = 240;

  /** An address and the length of its network's prefix in bits. */
  record Network(InetAddress address, int prefix) {
    boolean contains(InetAddress ip) {
      byte[] own = address.getAddress();
      byte[] other = ip.getAddress();
      if (own.length != other.length) {
        return false;
      }
      for (int bit = 0; bit < prefix; bit++) {
        int mask = 0x80 >> bit % Byte.SIZE;
        if ((own[bit / Byte.SIZE] & mask) != (other[bit / Byte.SIZE] & mask)) {
          return false;
        }
      }
      return true;
    }
  }

  /**
   * Looks at an interface.
   *
   * @param dialable the addresses at which this node can be dialed
   * @return the interface, or null if it is not for multicast: down, a loopback, point-to-point
   */
  static @Nullable MdnsInterface of(NetworkInterface candidate, Set<InetAddress> dialable)
      throws SocketException {
    if (!candidate.isUp()
        || candidate.isLoopback()
        || candidate.isPointToPoint()
        || !candidate.supportsMulticast()) {
      return null;
    }
    List<InterfaceAddress> addresses = candidate.getInterfaceAddresses();
    return new MdnsInterface(
        candidate,
        Set.copyOf(
            addresses.stream()
                .map(each -> new Network(each.getAddress(), each.getNetworkPrefixLength()))
                .toList()),
        addresses.stream()
            .map(InterfaceAddress::getAddress)
            .filter(dialable::contains)
            .sorted(Comparator.comparingInt(MdnsInterface::rank))
            .limit(PeerCandidate.MAX_ADDRESSES)
            .toList());
  }

  private static int rank(InetAddress ip) {
    if (ip.isLinkLocalAddress()) {
      return 2;
    }
    return ip instanceof Inet4Address ? 0 : 1;
  }

  /** Returns whether the interface has an address of the family. */
  boolean has(ProtocolFamily family) {
    Class<? extends InetAddress> kind =
        family == StandardProtocolFamily.INET ? Inet4Address.class : Inet6Address.class;
    return networks.stream().anyMatch(network -> kind.isInstance(network.address()));
  }

  /** See {@link MdnsLink#isOnLink}. */
  boolean isOnLink(InetAddress ip) {
    if (ip instanceof Inet6Address inet6 && ip.isLinkLocalAddress()) {
      return inet6.getScopeId() == 0 || inet6.getScopeId() == device.getIndex();
    }
    return ip.isLinkLocalAddress() || networks.stream().anyMatch(each -> each.contains(ip));
  }

  /** See {@link MdnsLink#dialable}. */
  @Nullable InetAddress dialable(InetAddress ip) {
    if (ip.isLoopbackAddress() || ip.isAnyLocalAddress() || ip.isMulticastAddress()) {
      return null;
    }
    int first = ip.getAddress()[0] & 0xff;
    if (ip instanceof Inet4Address) {
      return first == 0 || first >= FIRST_RESERVED ? null : ip;
    }
    if (!ip.isLinkLocalAddress()) {
      return ip;
    }
    try {
      return Inet6Address.getByAddress(null, ip.getAddress(), device);
    } catch (UnknownHostException e) {
      // The interface has no IPv6.
      return null;
    }
  }
}
