package io.p2pchat.internal.peer;

import io.p2pchat.PeerAddress;
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
 * @param info what it says of itself
 */
public record LocalIdentity(InetSocketAddress bound, NodeInfo info) {
  /** What it names itself by, new at every start. */
  String node() {
    return info.node();
  }

  /** What each chat line of this node begins with, encoded. */
  byte[] header() {
    return info.chatHeader();
  }

  /** Whether a sender that listens on this port is this node. Does not ask the system. */
  boolean isSender(ConnectionInfo connection, int port) {
    InetAddress ip = connection.ip();
    return port == bound.getPort()
        && (ip.equals(connection.local()) || (isWildcard() && ip.isLoopbackAddress()));
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

  /** What a message to this node itself fails with. */
  static IllegalArgumentException isSelf(PeerAddress address) {
    return new IllegalArgumentException(address + " is this node itself");
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
