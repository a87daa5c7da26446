package io.p2pchat.internal.security;

import io.p2pchat.PeerAddress;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The addresses that one machine can use at will. An IPv4 address stands alone. For IPv6 it is the
 * first 64 bits, because a machine can use every address of its network.
 *
 * @param bits the bytes of the IPv4 address, or the first half of the IPv6 address
 */
public record HostPrefix(String bits) {
  private static final int IPV4_BYTES = 4;
  private static final int NETWORK_BYTES = 8;

  /** Returns the prefix of an IP address. */
  public static HostPrefix of(InetAddress ip) {
    byte[] bytes = ip.getAddress();
    int length = bytes.length == IPV4_BYTES ? IPV4_BYTES : NETWORK_BYTES;
    return new HostPrefix(HexFormat.of().formatHex(Arrays.copyOf(bytes, length)));
  }

  /**
   * Returns the prefix of an address.
   *
   * @throws IllegalArgumentException for a host name
   */
  public static HostPrefix of(PeerAddress address) {
    return of(
        address.ip().orElseThrow(() -> new IllegalArgumentException("a host name has no prefix")));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof HostPrefix that && bits.equals(that.bits);
  }

  @Override
  public int hashCode() {
    return bits.hashCode();
  }
}
