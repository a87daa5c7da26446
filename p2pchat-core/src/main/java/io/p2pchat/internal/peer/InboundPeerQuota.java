package io.p2pchat.internal.peer;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Counts the endpoints created by a {@code HELLO} for each IP address, so that no address uses up
 * the limit for all. Endpoints outlive their connections. Used on the event loop.
 */
final class InboundPeerQuota {
  private final int maxPerIp;
  private final Map<InetAddress, Set<PeerEndpoint>> inbound = new HashMap<>();

  InboundPeerQuota(int maxPerIp) {
    this.maxPerIp = maxPerIp;
  }

  boolean hasRoom(InetAddress ip) {
    return inbound.getOrDefault(ip, Set.of()).size() < maxPerIp;
  }

  /** A {@code HELLO} created the endpoint. */
  void enter(PeerEndpoint endpoint) {
    inbound.computeIfAbsent(ip(endpoint), any -> new HashSet<>(2)).add(endpoint);
  }

  /** The endpoint is dropped. It need not have been created by a {@code HELLO}. */
  void leave(PeerEndpoint endpoint) {
    inbound.computeIfPresent(
        ip(endpoint),
        (ip, endpoints) -> endpoints.remove(endpoint) && endpoints.isEmpty() ? null : endpoints);
  }

  private static InetAddress ip(PeerEndpoint endpoint) {
    return endpoint.target.getAddress();
  }
}
