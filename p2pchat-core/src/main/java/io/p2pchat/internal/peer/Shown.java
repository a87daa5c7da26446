package io.p2pchat.internal.peer;

import io.p2pchat.Fingerprint;
import io.p2pchat.internal.net.session.SessionChannelHandler;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * What a peer has shown of itself. Its {@code NODE} alone says nothing: whoever dials it is told
 * that, and can say the same. Two that differ in any of these are two peers.
 *
 * @param node the {@code NODE} that it names
 * @param key the key that it holds, or null without encryption
 * @param ip the address that it is at, where it has no key; else null
 */
record Shown(String node, @Nullable Fingerprint key, @Nullable InetAddress ip) {
  /** What is shown on a connection. */
  static Shown of(String node, SessionChannelHandler link) {
    Fingerprint key = link.peer();
    return new Shown(node, key, key == null ? link.remote().socket().getAddress() : null);
  }
}
