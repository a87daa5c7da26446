package io.p2pchat.internal.node;

import io.p2pchat.IpRange;
import io.p2pchat.NodeSettings;
import io.p2pchat.Security;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * What a node is started with.
 *
 * @param teamName the team name it sends
 * @param bindAddress where it listens, or null for all addresses
 * @param port the port it listens on, or 0 for any free one
 * @param settings limits and times
 * @param security whether it encrypts, and whom it trusts
 * @param allowed where connections may come from; anywhere if empty
 * @param executor where the listeners run, or null for a thread of the node
 */
public record NodeConfig(
    String teamName,
    @Nullable String bindAddress,
    int port,
    NodeSettings settings,
    Security security,
    List<IpRange> allowed,
    @Nullable Executor executor) {}
