package io.p2pchat.internal.net;

import io.p2pchat.PeerAddress;
import io.p2pchat.internal.event.FlowWindow;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * The other end of a connection.
 *
 * @param socket where the connection comes from or goes to
 * @param local the address of this end, or null if the connection is not made yet
 * @param dialed the peer that was dialed, or null if the connection was accepted
 * @param source the source of what it receives at level 0
 */
public record ConnectionInfo(
    InetSocketAddress socket,
    @Nullable InetAddress local,
    @Nullable PeerAddress dialed,
    FlowWindow source) {
  /** The IP address of the other end. */
  public InetAddress ip() {
    return socket.getAddress();
  }

  /** The peer at the other end: the one that was dialed, or one that listens on this port. */
  public PeerAddress sender(int port) {
    return dialed == null ? PeerAddress.of(new InetSocketAddress(ip(), port)) : dialed;
  }
}
