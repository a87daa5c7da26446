package io.p2pchat.internal.net.plain;

import io.p2pchat.PeerAddress;
import io.p2pchat.PeerNodeException;
import java.net.InetSocketAddress;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One line to send to a peer on a connection of its own.
 *
 * @param peer the peer
 * @param target the peer's resolved address
 * @param line supplies the line when the connection exists
 * @param receiver receives the peer's messages on the connection
 * @param beforeWrite runs when connected, before the line is written. Returns whether it still is
 *     to be written
 * @param done receives null if the line was written, else the failure; called once
 */
public record PlainDial(
    PeerAddress peer,
    InetSocketAddress target,
    Supplier<String> line,
    PlainListener receiver,
    BooleanSupplier beforeWrite,
    Consumer<@Nullable PeerNodeException> done) {}
