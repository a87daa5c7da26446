package io.p2pchat.internal.discovery;

import io.p2pchat.DiscoveredPeer;
import io.p2pchat.Fingerprint;
import io.p2pchat.PeerAddress;
import io.p2pchat.discovery.PeerCandidate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A discovered peer that a message is for, before it has a session. Whoever answers must prove what
 * the peer has announced. It is never written to in plain.
 *
 * @param node the {@code NODE} that it must have, or null for any
 * @param hint the hint of the key that it must have, or null for any
 * @param addresses where to dial it, without host names
 */
public record Sought(@Nullable String node, @Nullable String hint, List<PeerAddress> addresses) {

  /** Returns who is sought, or null if the peer is no more than an address. */
  public static @Nullable Sought of(DiscoveredPeer peer) {
    String node = peer.node().orElse(null);
    String hint = peer.keyHint().orElse(null);
    return node == null && hint == null && peer.addresses().size() == 1
        ? null
        : new Sought(node, hint, peer.addresses().stream().filter(PeerAddress::isIp).toList());
  }

  /** Returns what distinguishes it from other peers, whatever its addresses are. */
  public Object id() {
    return node == null && hint == null
        ? addresses
        : List.of(String.valueOf(node), String.valueOf(hint));
  }

  /** Returns whether a peer that greets with this {@code NODE} can be the one. */
  public boolean isNode(String greeted) {
    return node == null || node.equals(greeted);
  }

  /** Returns whether a peer with this {@code NODE} and key, or none, is the one. */
  public boolean is(String greeted, @Nullable Fingerprint key) {
    return isNode(greeted)
        && (hint == null || (key != null && hint.equals(PeerCandidate.keyHint(key, greeted))));
  }
}
