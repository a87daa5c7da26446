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
 * @param account what of this end's waits for the listener
 */
public record ConnectionInfo(
    InetSocketAddress socket,
    @Nullable InetAddress local,
    @Nullable PeerAddress dialed,
    FlowWindow account) {}
