package io.p2pchat.internal.exchange;

import java.net.Inet4Address;
import java.net.InetAddress;

/**
 * Which addresses may be named to whom (PROTOCOL.md section 8): never those of one machine or one
 * link, and private ones only among peers that see each other at private addresses.
 *
 * @param loopback whether loopback addresses count as private ones, for tests
 */
record AddressRule(boolean loopback) {
  private enum Kind {
    PUBLIC,
    PRIVATE,
    NEVER
  }

  /** Returns whether an address can be named at all. */
  boolean isNamed(InetAddress about) {
    return kind(about) != Kind.NEVER;
  }

  /** Returns whether an address may be named to a peer at another one, or believed of it. */
  boolean passes(InetAddress about, InetAddress peer) {
    return switch (kind(about)) {
      case PUBLIC -> true;
      case PRIVATE -> kind(peer) == Kind.PRIVATE;
      case NEVER -> false;
    };
  }

  private Kind kind(InetAddress ip) {
    if (ip.isLoopbackAddress()) {
      return loopback ? Kind.PRIVATE : Kind.NEVER;
    }
    if (ip.isLinkLocalAddress() || ip.isMulticastAddress() || ip.isAnyLocalAddress()) {
      return Kind.NEVER;
    }
    byte[] bytes = ip.getAddress();
    int first = bytes[0] & 0xff;
    if (ip instanceof Inet4Address) {
      // 0/8 is this network, 240/4 is reserved, and 100.64/10 is behind a provider's NAT.
      boolean shared = first == 100 && (bytes[1] & 0xc0) == 0x40;
      return first == 0 || first >= 240
          ? Kind.NEVER
          : ip.isSiteLocalAddress() || shared ? Kind.PRIVATE : Kind.PUBLIC;
    }
    return ip.isSiteLocalAddress() || (first & 0xfe) == 0xfc ? Kind.PRIVATE : Kind.PUBLIC;
  }
}
