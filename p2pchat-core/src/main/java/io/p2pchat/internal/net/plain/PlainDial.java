package io.p2pchat.internal.net.plain;

import io.p2pchat.PeerAddress;
import io.p2pchat.PeerNodeException;
import java.net.InetSocketAddress;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One line that is to go to a peer on a connection of its own.
 *
 * @param peer the peer
 * @param target its resolved address
 * @param line the line
 * @param receiver takes what the peer says on the connection
 * @param beforeWrite run once the connection is made, before the line is written
 * @param done told once how it ended: null if the line was written
 */
public record PlainDial(
    PeerAddress peer,
    InetSocketAddress target,
    String line,
    PlainListener receiver,
    Runnable beforeWrite,
    Consumer<@Nullable PeerNodeException> done) {}
