package io.p2pchat.internal.peer;

import io.p2pchat.NodeSettings;
import io.p2pchat.internal.net.NodeCounters;
import io.p2pchat.internal.net.handshake.Dialer;

/**
 * What the endpoints of a node and those who find them share. Immutable; it knows none of them.
 *
 * @param executors the event loop with its clock, and where futures are completed
 * @param settings limits and times
 * @param counters what the node counts
 * @param identity who this node is
 * @param authenticator decides who is trusted, and what is encrypted
 * @param publisher enters what happens into the peer registry, and publishes the events
 * @param dialer dials peers
 */
public record PeerContext(
    NodeExecutors executors,
    NodeSettings settings,
    NodeCounters counters,
    LocalIdentity identity,
    PeerAuthenticator authenticator,
    PeerEventPublisher publisher,
    Dialer dialer) {}
