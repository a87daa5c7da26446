package io.p2pchat.internal.exchange;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Which addresses may be named to whom (PROTOCOL.md section 8): never those of one machine or one
 * link, and private ones only among peers that see each other at private addresses.
 *
 * @param loopback whether loopback addresses count as private ones, for tests
 */
record AddressRule(boolean loopback) {
  private static final byte[] NAT64 = {0, 0x64, (byte) 0xff, (byte) 0x9b, 0, 0, 0, 0, 0, 0, 0, 0};

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
    InetAddress inner = translated(bytes);
    if (inner != null) {
      return kind(inner);
    }
    return ip.isSiteLocalAddress() || (first & 0xfe) == 0xfc ? Kind.PRIVATE : Kind.PUBLIC;
  }

  /**
   * Returns the IPv4 address that packets to an IPv6 address would reach through a translator
   * (64:ff9b::/96) or a relay (2002::/16), or null if it is not such an address. So nobody is led
   * to an address behind it that must not be named.
   */
  private static @Nullable InetAddress translated(byte[] bytes) {
    int from = -1;
    if (Arrays.equals(bytes, 0, NAT64.length, NAT64, 0, NAT64.length)) {
      from = NAT64.length;
    } else if (bytes[0] == 0x20 && bytes[1] == 0x02) {
      from = 2;
    }
    try {
      return from < 0 ? null : InetAddress.getByAddress(Arrays.copyOfRange(bytes, from, from + 4));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an IPv4 address has 4 bytes", e);
    }
  }
}
