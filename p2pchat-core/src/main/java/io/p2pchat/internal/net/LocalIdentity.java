package io.p2pchat.internal.net;

import io.p2pchat.PeerAddress;
import io.p2pchat.internal.protocol.NodeInfo;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.channels.DatagramChannel;

/**
 * The identity of this node: its introduction, and whether an address is its own.
 *
 * @param bound the address to which the node is bound
 * @param info its introduction
 */
public record LocalIdentity(InetSocketAddress bound, NodeInfo info) {
  /** Returns its node identifier, new at every start. */
  public String node() {
    return info.node();
  }

  /** Returns the encoded header of each chat line of this node. */
  public byte[] header() {
    return info.chatHeader();
  }

  /** Returns whether a sender that listens on this port is this node. Does not ask the system. */
  public boolean isSender(ConnectionInfo connection, int port) {
    InetAddress ip = connection.ip();
    return port == bound.getPort()
        && (ip.equals(connection.local()) || (isWildcard() && ip.isLoopbackAddress()));
  }

  /**
   * Returns whether dialing this address reaches this node. Asks the system, so never call it on
   * the event loop.
   */
  public boolean isTarget(InetAddress ip, int port) {
    if (port != bound.getPort()) {
      return false;
    }
    return isWildcard()
        ? ip.isLoopbackAddress() || isOfThisMachine(ip)
        : ip.equals(bound.getAddress());
  }

  /** Creates the failure of a message to this node itself. */
  public static IllegalArgumentException isSelf(PeerAddress address) {
    return new IllegalArgumentException(address + " is this node itself");
  }

  private boolean isWildcard() {
    return bound.getAddress().isAnyLocalAddress();
  }

  /**
   * Returns whether this machine seems to have lost the address, which was its own. Binds a socket,
   * which does not block. That also fails for other reasons, such as that no port is free, so ask
   * {@link #isOfThisMachine} before giving up what works.
   */
  public static boolean seemsLost(InetAddress own) {
    try (DatagramChannel probe = DatagramChannel.open()) {
      probe.bind(new InetSocketAddress(own, 0));
      return false;
    } catch (BindException e) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Returns whether an interface has the address. May block, so never call it on the event loop.
   */
  public static boolean isOfThisMachine(InetAddress ip) {
    try {
      return NetworkInterface.getByInetAddress(ip) != null;
    } catch (SocketException e) {
      return false;
    }
  }
}
