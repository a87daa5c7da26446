package io.p2pchat.internal.peer;

import io.p2pchat.internal.net.ConnectionInfo;
import io.p2pchat.internal.protocol.NodeInfo;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;

/**
 * How this node introduces itself, and whether an address is its own.
 *
 * @param bound the address the node is bound to
 * @param introduction what it says of itself
 */
public record LocalIdentity(InetSocketAddress bound, NodeInfo introduction) {
  /** What it names itself by, new at every start. */
  String node() {
    return introduction.node();
  }

  /** Whether a sender that listens on this port is this node. Asks nobody. */
  boolean isSender(ConnectionInfo remote, int port) {
    InetAddress ip = remote.socket().getAddress();
    return port == bound.getPort()
        && (ip.equals(remote.local()) || (isWildcard() && ip.isLoopbackAddress()));
  }

  /** Whether dialing this address reaches this node. Asks the system; not for the event loop. */
  boolean isTarget(InetAddress ip, int port) {
    if (port != bound.getPort()) {
      return false;
    }
    return isWildcard()
        ? ip.isLoopbackAddress() || isOfThisMachine(ip)
        : ip.equals(bound.getAddress());
  }

  private boolean isWildcard() {
    return bound.getAddress().isAnyLocalAddress();
  }

  private static boolean isOfThisMachine(InetAddress ip) {
    try {
      return NetworkInterface.getByInetAddress(ip) != null;
    } catch (SocketException e) {
      return false;
    }
  }
}
