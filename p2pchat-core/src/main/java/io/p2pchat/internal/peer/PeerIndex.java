package io.p2pchat.internal.peer;

import io.p2pchat.internal.peer.EndpointPeer.PeerIdentity;
import io.p2pchat.internal.protocol.Hello;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The endpoints by the identity that their peers have shown. Used on the event loop. */
final class PeerIndex {
  private final Map<String, Map<PeerIdentity, PeerEndpoint>> byNode = new HashMap<>();

  /** Returns the endpoint whose peer has shown this identity last, or null. */
  @Nullable PeerEndpoint find(PeerIdentity identity) {
    return named(identity.node()).get(identity);
  }

  /** Returns the endpoint with the session that a dialer wants to resume, or null. */
  @Nullable PeerEndpoint inSession(Hello hello) {
    for (PeerEndpoint endpoint : named(hello.from().node()).values()) {
      if (endpoint.session.is(hello.session(), hello.from().node())) {
        return endpoint;
      }
    }
    return null;
  }

  private Map<PeerIdentity, PeerEndpoint> named(String node) {
    return byNode.getOrDefault(node, Map.of());
  }

  /** The peer of an endpoint has shown this identity. */
  void add(PeerIdentity identity, PeerEndpoint endpoint) {
    if (!identity.equals(endpoint.peer.identity)) {
      remove(endpoint);
      endpoint.peer.identity = identity;
    }
    byNode.computeIfAbsent(identity.node(), any -> new HashMap<>(1)).put(identity, endpoint);
  }

  /** The endpoint is dropped, or another one has replaced it. */
  void remove(PeerEndpoint endpoint) {
    PeerIdentity identity = endpoint.peer.identity;
    if (identity == null) {
      return;
    }
    Map<PeerIdentity, PeerEndpoint> same = byNode.get(identity.node());
    if (same != null && same.remove(identity, endpoint) && same.isEmpty()) {
      byNode.remove(identity.node());
    }
  }
}
