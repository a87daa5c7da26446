package io.p2pchat.internal.net;

import io.p2pchat.PeerAddress;
import io.p2pchat.internal.event.FlowWindow;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * The remote end of a connection.
 *
 * @param socket the remote socket address
 * @param local the local address, or null if the connection is not made yet
 * @param dialed the peer that was dialed, or null if the connection was accepted
 * @param source the source of its level-0 messages
 */
public record ConnectionInfo(
    InetSocketAddress socket,
    @Nullable InetAddress local,
    @Nullable PeerAddress dialed,
    FlowWindow source) {
  /** Returns the remote IP address. */
  public InetAddress ip() {
    return socket.getAddress();
  }

  /** Returns the remote peer: the dialed one, or the one that listens on this port. */
  public PeerAddress sender(int port) {
    return dialed == null ? PeerAddress.of(new InetSocketAddress(ip(), port)) : dialed;
  }
}
