package io.p2pchat.internal.node;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;

/**
 * Tells whether an address is this node's own.
 *
 * @param local the address the node is bound to
 */
record Self(InetSocketAddress local) {
  boolean is(InetAddress ip, int port) {
    if (port != local.getPort()) {
      return false;
    }
    return local.getAddress().isAnyLocalAddress()
        ? ip.isLoopbackAddress() || isOfThisMachine(ip)
        : ip.equals(local.getAddress());
  }

  private static boolean isOfThisMachine(InetAddress ip) {
    try {
      return NetworkInterface.getByInetAddress(ip) != null;
    } catch (SocketException e) {
      return false;
    }
  }
}
