package io.p2pchat.internal.peer;

import io.p2pchat.internal.security.HostPrefix;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Counts the endpoints created by a {@code HELLO} for each host, so that no host uses up the limit
 * for all. Endpoints outlive their connections. Used on the event loop.
 */
final class InboundPeerQuota {
  private final int maxPerHost;
  private final Map<HostPrefix, Set<PeerEndpoint>> inbound = new HashMap<>();

  InboundPeerQuota(int maxPerHost) {
    this.maxPerHost = maxPerHost;
  }

  boolean hasRoom(InetAddress ip) {
    return inbound.getOrDefault(HostPrefix.of(ip), Set.of()).size() < maxPerHost;
  }

  /** A {@code HELLO} created the endpoint. */
  void enter(PeerEndpoint endpoint) {
    inbound.computeIfAbsent(endpoint.host, any -> new HashSet<>(2)).add(endpoint);
  }

  /** The endpoint is dropped. It need not have been created by a {@code HELLO}. */
  void leave(PeerEndpoint endpoint) {
    inbound.computeIfPresent(
        endpoint.host,
        (host, endpoints) -> endpoints.remove(endpoint) && endpoints.isEmpty() ? null : endpoints);
  }
}
