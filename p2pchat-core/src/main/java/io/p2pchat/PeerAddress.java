package io.p2pchat;

import io.netty.util.NetUtil;
import java.net.IDN;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The address at which a peer listens: a host and a TCP port.
 *
 * <p>The host is a dotted-quad IPv4 address, an IPv6 address without brackets, or a host name. A
 * host that ends in a number must be a full IPv4 address, so {@code 1.2.3} is rejected.
 *
 * <p>An address has one canonical form, so equal addresses are equal objects. IPv6 is compressed,
 * an IPv4-mapped address becomes its IPv4 address, and names are in lower case. The zone of an IPv6
 * address is the name of its interface, or the number if this machine has no such interface.
 *
 * <p>This class is immutable and thread-safe. Specification: docs/PROTOCOL.md, section 1 (Who is a
 * peer).
 *
 * @param host an IP address or a host name, in canonical form
 * @param port the listening port, 1 to 65535
 */
public record PeerAddress(String host, int port) {
  private static final Pattern LABEL =
      Pattern.compile("[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?", Pattern.CASE_INSENSITIVE);
  private static final Pattern NUMBER = Pattern.compile("[0-9]+|0[xX][0-9a-fA-F]*");
  private static final Pattern QUAD =
      Pattern.compile("(0|[1-9][0-9]{0,2})(\\.(0|[1-9][0-9]{0,2})){3}");

  /**
   * Checks the host and the port, and puts the host into canonical form.
   *
   * @param host as above
   * @param port as above
   * @throws IllegalArgumentException if the host or the port is not as described above
   */
  public PeerAddress {
    host = canonical(host);
    requirePort(port);
  }

  /**
   * Parses {@code host:port}, with an IPv6 address in brackets: {@code [::1]:9090}.
   *
   * @param text the address
   * @return the address
   * @throws IllegalArgumentException if the text is not an address; the message names the problem
   */
  public static PeerAddress parse(String text) {
    String address = text.strip();
    int colon = address.lastIndexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException(
          "no port in \"" + text + "\": an address is host:port, such as 192.168.1.20:9090");
    }
    return new PeerAddress(host(address.substring(0, colon), text), port(address, colon + 1));
  }

  /**
   * Checks a host alone, for programs that ask for host and port separately.
   *
   * @param host an IP address or a host name
   * @return the host in canonical form
   * @throws IllegalArgumentException if it is not a host; the message says what is accepted
   */
  public static String requireHost(String host) {
    return canonical(host);
  }

  /**
   * Converts a socket address.
   *
   * @param socket a resolved socket address
   * @return the same address as a peer address
   * @throws IllegalArgumentException if the socket address is unresolved or its port is 0
   */
  public static PeerAddress of(InetSocketAddress socket) {
    if (socket.isUnresolved()) {
      throw new IllegalArgumentException(
          "not resolved: " + socket.getHostString() + ":" + socket.getPort());
    }
    return new PeerAddress(text(socket.getAddress()), socket.getPort());
  }

  /**
   * Returns the IP address if the host is one. Never does a DNS lookup.
   *
   * @return the IP address, or empty for a host name
   */
  public Optional<InetAddress> ip() {
    if (!isIp()) {
      return Optional.empty();
    }
    try {
      return Optional.of(literal(host));
    } catch (IllegalArgumentException e) {
      // The interface of its zone is gone. The rest of the address is still one.
      return Optional.of(literal(host.substring(0, host.indexOf('%'))));
    }
  }

  /**
   * Returns whether the host is an IP address rather than a name.
   *
   * @return true for an IP address
   */
  public boolean isIp() {
    return host.indexOf(':') >= 0 || QUAD.matcher(host).matches();
  }

  /** Returns {@code host:port}, with an IPv6 address in brackets. {@link #parse} reads it. */
  @Override
  public String toString() {
    return host.indexOf(':') < 0 ? host + ":" + port : "[" + host + "]:" + port;
  }

  private static String host(String host, String text) {
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    if (!bracketed && host.indexOf(':') >= 0) {
      throw new IllegalArgumentException(
          "an IPv6 address goes in brackets, such as [::1]:9090, not \"" + text + "\"");
    }
    if (bracketed && host.indexOf(':') < 0) {
      throw new IllegalArgumentException("no IPv6 address in the brackets of \"" + text + "\"");
    }
    return bracketed ? host.substring(1, host.length() - 1) : host;
  }

  private static int port(String address, int from) {
    String digits = address.substring(from);
    if (!digits.matches("[0-9]{1,9}")) {
      throw new IllegalArgumentException("not a port: \"" + digits + "\"; accepted are 1 to 65535");
    }
    return requirePort(Integer.parseInt(digits));
  }

  private static int requirePort(int port) {
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("not a port: " + port + "; accepted are 1 to 65535");
    }
    return port;
  }

  private static String canonical(String given) {
    if (isQuad(given) && !given.equals("0.0.0.0")) {
      return given;
    }
    String name = given.indexOf(':') < 0 ? ascii(given.strip()) : given.strip();
    if (name.indexOf(':') >= 0 || endsInNumber(name)) {
      return text(requireDialable(name, given));
    }
    if (name.isEmpty() || name.length() > 253) {
      throw noAddress(given);
    }
    for (String label : name.split("\\.", -1)) {
      if (!LABEL.matcher(label).matches()) {
        throw noAddress(given);
      }
    }
    return name.toLowerCase(Locale.ROOT);
  }

  private static boolean endsInNumber(String host) {
    return NUMBER.matcher(host.substring(host.lastIndexOf('.') + 1)).matches();
  }

  private static InetAddress requireDialable(String host, String given) {
    boolean valid = host.indexOf(':') >= 0 ? NetUtil.isValidIpV6Address(host) : isQuad(host);
    InetAddress ip = valid ? literal(host) : null;
    if (ip == null || ip.isAnyLocalAddress()) {
      throw noAddress(given);
    }
    return ip;
  }

  private static boolean isQuad(String host) {
    return QUAD.matcher(host).matches() && NetUtil.isValidIpV4Address(host);
  }

  private static String ascii(String host) {
    try {
      return IDN.toASCII(host);
    } catch (IllegalArgumentException e) {
      throw noAddress(host);
    }
  }

  private static InetAddress literal(String host) {
    try {
      return InetAddress.getByName(host);
    } catch (UnknownHostException e) {
      throw noAddress(host);
    }
  }

  private static String text(InetAddress ip) {
    if (ip instanceof Inet4Address) {
      return ip.getHostAddress();
    }
    return NetUtil.toAddressString(ip) + zone((Inet6Address) ip);
  }

  private static String zone(Inet6Address ip) {
    if (ip.getScopedInterface() != null) {
      return "%" + ip.getScopedInterface().getName();
    }
    return ip.getScopeId() == 0 ? "" : "%" + name(ip);
  }

  /** Returns the interface of a zone with a number: by its name, if the system reads that back. */
  private static String name(Inet6Address ip) {
    String number = String.valueOf(ip.getScopeId());
    try {
      NetworkInterface zone = NetworkInterface.getByIndex(ip.getScopeId());
      return zone == null
          ? number
          : Inet6Address.getByAddress(null, ip.getAddress(), zone).getScopedInterface().getName();
    } catch (SocketException | UnknownHostException e) {
      return number;
    }
  }

  private static IllegalArgumentException noAddress(String host) {
    return new IllegalArgumentException(
        "not an address: \""
            + host
            + "\"; accepted are an IPv4 address such as 192.168.1.20, an IPv6 address, or a host name");
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PeerAddress that && host.equals(that.host) && port == that.port;
  }

  @Override
  public int hashCode() {
    return 31 * host.hashCode() + port;
  }
}
