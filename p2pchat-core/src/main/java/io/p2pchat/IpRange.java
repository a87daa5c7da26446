package io.p2pchat;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * A range of IP addresses with a common prefix, such as {@code 192.168.0.0/16}.
 *
 * <p>This class is immutable and thread-safe.
 *
 * @param address any address in the range
 * @param prefix the prefix length in bits; 0 to 32 for IPv4, 0 to 128 for IPv6
 */
public record IpRange(InetAddress address, int prefix) {
  /**
   * Checks the prefix length.
   *
   * @param address any address in the range
   * @param prefix the prefix length in bits
   * @throws IllegalArgumentException if the prefix length is negative or longer than the address
   */
  public IpRange {
    int most = address.getAddress().length * Byte.SIZE;
    if (prefix < 0 || prefix > most) {
      throw new IllegalArgumentException(
          "not a prefix: " + prefix + "; accepted for this address are 0 to " + most);
    }
  }

  /**
   * Parses a range in CIDR notation, or a single address. Never does a DNS lookup.
   *
   * @param text such as {@code 192.168.0.0/16}, {@code fe80::/10} or {@code 10.0.0.7}
   * @return the range
   * @throws IllegalArgumentException if the text is not a range; the message names the problem
   */
  public static IpRange parse(String text) {
    int slash = text.indexOf('/');
    String host = slash < 0 ? text : text.substring(0, slash);
    byte[] bits = NetUtil.createByteArrayFromIpAddressString(host);
    if (bits == null) {
      throw new IllegalArgumentException(
          "not a range of IP addresses: \"" + text + "\"; such as 192.168.0.0/16");
    }
    return new IpRange(ip(bits), slash < 0 ? bits.length * Byte.SIZE : prefix(text, slash + 1));
  }

  private static InetAddress ip(byte[] bits) {
    try {
      return InetAddress.getByAddress(bits);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("4 or 16 bytes are an address", e);
    }
  }

  private static int prefix(String text, int from) {
    String digits = text.substring(from);
    if (!digits.matches("[0-9]{1,3}")) {
      throw new IllegalArgumentException(
          "not a prefix: \"" + digits + "\"; accepted are 0 to 32 for IPv4, 0 to 128 for IPv6");
    }
    return Integer.parseInt(digits);
  }

  @Override
  public String toString() {
    return NetUtil.toAddressString(address) + "/" + prefix;
  }
}
