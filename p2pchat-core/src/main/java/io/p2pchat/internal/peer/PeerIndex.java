package io.p2pchat.internal.peer;

import io.p2pchat.Fingerprint;
import io.p2pchat.internal.net.session.SessionChannelHandler;
import io.p2pchat.internal.protocol.Hello;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The endpoints by what their peers have shown of themselves. Used on the event loop. */
final class PeerIndex {
  private final Map<String, Map<PeerIdentity, PeerEndpoint>> byNode = new HashMap<>();

  /**
   * What a peer has shown of itself. Its {@code NODE} alone says nothing: every peer that dials it
   * learns it, and can say the same. Two that differ in any of these are two peers.
   *
   * @param node the {@code NODE} that it names
   * @param key the key that it holds, or null without encryption
   * @param ip the address that it is at, where it has no key; else null
   */
  record PeerIdentity(String node, @Nullable Fingerprint key, @Nullable InetAddress ip) {
    /** What is shown on a connection. */
    static PeerIdentity of(String node, SessionChannelHandler channel) {
      Fingerprint key = channel.peer();
      return new PeerIdentity(node, key, key == null ? channel.ip() : null);
    }
  }

  /** The endpoint whose peer has shown this last, or null. */
  @Nullable PeerEndpoint find(PeerIdentity identity) {
    return named(identity.node()).get(identity);
  }

  /** The endpoint with the session that a dialer wants to resume, or null. */
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

  /** The peer of an endpoint has shown this. */
  void add(PeerIdentity identity, PeerEndpoint endpoint) {
    if (!identity.equals(endpoint.identity)) {
      remove(endpoint);
      endpoint.identity = identity;
    }
    byNode.computeIfAbsent(identity.node(), any -> new HashMap<>(1)).put(identity, endpoint);
  }

  /** The endpoint is dropped, or another one has taken its place. */
  void remove(PeerEndpoint endpoint) {
    PeerIdentity identity = endpoint.identity;
    if (identity == null) {
      return;
    }
    Map<PeerIdentity, PeerEndpoint> same = byNode.get(identity.node());
    if (same != null && same.remove(identity, endpoint) && same.isEmpty()) {
      byNode.remove(identity.node());
    }
  }
}
