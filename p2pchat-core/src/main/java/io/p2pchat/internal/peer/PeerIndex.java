package io.p2pchat.internal.peer;

import io.p2pchat.internal.protocol.Hello;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The contacts by what their peers have shown of themselves. Used on the event loop. */
final class PeerIndex {
  private final Map<String, Map<Shown, PeerEndpoint>> byNode = new HashMap<>();

  /** The contact whose peer has shown this last, or null. */
  @Nullable PeerEndpoint find(Shown shown) {
    return named(shown.node()).get(shown);
  }

  /** The contact that has the session which a dialer wants to resume, or null. */
  @Nullable PeerEndpoint inSession(Hello hello) {
    for (PeerEndpoint contact : named(hello.from().node()).values()) {
      if (contact.session.is(hello.session(), hello.from().node())) {
        return contact;
      }
    }
    return null;
  }

  private Map<Shown, PeerEndpoint> named(String node) {
    return byNode.getOrDefault(node, Map.of());
  }

  /** The peer of a contact has shown this. */
  void know(Shown shown, PeerEndpoint contact) {
    if (!shown.equals(contact.shown)) {
      forget(contact);
      contact.shown = shown;
    }
    byNode.computeIfAbsent(shown.node(), any -> new HashMap<>(1)).put(shown, contact);
  }

  /** The contact is dropped, or another one has taken its place. */
  void forget(PeerEndpoint contact) {
    Shown shown = contact.shown;
    if (shown == null) {
      return;
    }
    Map<Shown, PeerEndpoint> same = byNode.get(shown.node());
    if (same != null && same.remove(shown, contact) && same.isEmpty()) {
      byNode.remove(shown.node());
    }
  }
}
