package io.p2pchat.internal.peer;

import io.p2pchat.NodeSettings;
import io.p2pchat.internal.exchange.PeerExchanger;
import io.p2pchat.internal.keep.MessageKeeper;
import io.p2pchat.internal.net.LocalIdentity;
import io.p2pchat.internal.net.NodeCounters;
import io.p2pchat.internal.net.handshake.Dialer;
import io.p2pchat.internal.protocol.NodeInfo;
import org.jspecify.annotations.Nullable;

/**
 * The shared dependencies of a node's endpoints. Immutable. It does not know the endpoints.
 *
 * @param executors the event loop with its clock, and the completion thread
 * @param settings limits and timeouts
 * @param counters the node's counters
 * @param identity the identity of this node
 * @param authenticator decides about trust and encryption
 * @param publisher updates the peer registry, and publishes the events
 * @param dialer dials peers
 * @param exchange exchanges addresses of peers with peers
 * @param keeper keeps messages, or null without a store
 */
public record PeerContext(
    NodeExecutors executors,
    NodeSettings settings,
    NodeCounters counters,
    LocalIdentity identity,
    PeerAuthenticator authenticator,
    PeerEventPublisher publisher,
    Dialer dialer,
    PeerExchanger exchange,
    @Nullable MessageKeeper keeper) {
  /** Returns what this node says about itself now. */
  NodeInfo self() {
    return keeper == null ? identity.info() : keeper.introduce(identity.info());
  }
}
