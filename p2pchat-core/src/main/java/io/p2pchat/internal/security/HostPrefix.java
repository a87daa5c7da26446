package io.p2pchat.internal.security;

import io.p2pchat.PeerAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * Which addresses one machine may have at its will: an IPv4 address is one by itself, and of an
 * IPv6 address the first 64 bits are, since whoever has one of a network has them all.
 *
 * @param bits the IPv4 address, or the first four groups of the IPv6 address
 */
record HostPrefix(String bits) {
  private static final int GROUPS = 8;
  private static final int NETWORK_GROUPS = 4;
  private static final String GAP = "::";

  /**
   * The machine of an address.
   *
   * @throws IllegalArgumentException for a host name
   */
  static HostPrefix of(PeerAddress address) {
    String host = Pin.place(address).host();
    return new HostPrefix(host.indexOf(':') < 0 ? host : network(host));
  }

  private static String network(String host) {
    int gap = host.indexOf(GAP);
    List<String> groups = groups(gap < 0 ? host : host.substring(0, gap));
    List<String> last = gap < 0 ? List.of() : groups(host.substring(gap + GAP.length()));
    while (groups.size() + last.size() < GROUPS) {
      groups.add("0");
    }
    groups.addAll(last);
    return String.join(":", groups.subList(0, NETWORK_GROUPS));
  }

  private static List<String> groups(String text) {
    return text.isEmpty() ? new ArrayList<>() : new ArrayList<>(List.of(text.split(":", -1)));
  }
}
