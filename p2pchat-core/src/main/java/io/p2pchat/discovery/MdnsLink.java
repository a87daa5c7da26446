package io.p2pchat.discovery;

import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One network interface, by IPv4 or by IPv6. Used on the event loop only. */
interface MdnsLink {
  /** Returns the index of the interface, which the links of both families share. */
  int interfaceIndex();

  /** Returns the addresses that are announced on the link, of both families. */
  List<InetAddress> announced();

  /** Returns whether an address belongs to a network of the interface, or to the link alone. */
  boolean isOnLink(InetAddress ip);

  /**
   * Returns an address as this machine can dial it: a link-local one belongs to the interface.
   *
   * @return the address, or null if it is not of another machine, or cannot be dialed from here
   */
  @Nullable InetAddress dialable(InetAddress ip);

  /** Sends a packet to everybody on the link. A failure is not reported: the link starts anew. */
  void send(MdnsPacket packet);
}
