package io.p2pchat.internal.node;

import io.p2pchat.IpRange;
import io.p2pchat.MessageStore;
import io.p2pchat.NodeSettings;
import io.p2pchat.Security;
import io.p2pchat.discovery.PeerDiscovery;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of a node.
 *
 * @param introduction what it says about itself
 * @param place where it listens
 * @param settings limits and timeouts
 * @param security whether it encrypts, and which peers it trusts
 * @param allowed the ranges that connections may come from; any address if empty
 * @param listenerThread runs the listeners
 * @param sources find other peers
 */
public record NodeConfig(
    Introduction introduction,
    Place place,
    NodeSettings settings,
    Security security,
    List<IpRange> allowed,
    ListenerThread listenerThread,
    List<PeerDiscovery> sources) {
  /** Returns whether a node has the same key at each start. */
  public static boolean hasLastingKey(Security security) {
    return security.policy() != Security.Policy.PLAINTEXT && !NodeKeys.areTemporary(security);
  }

  /**
   * Where a node listens, and where it keeps messages.
   *
   * @param bindAddress the address to listen on, or null for all addresses
   * @param port the port to listen on, or 0 for any free one
   * @param store the store, or null
   */
  public record Place(@Nullable String bindAddress, int port, @Nullable MessageStore store) {}

  /**
   * Which thread runs the listeners.
   *
   * @param executor runs them, or null for a thread of the node
   * @param inline whether the event loop runs them, and completes futures
   */
  public record ListenerThread(@Nullable Executor executor, boolean inline) {}

  /**
   * What a node says about itself.
   *
   * @param teamName the team name
   * @param brief whether it runs only to send something
   */
  public record Introduction(String teamName, boolean brief) {}
}
