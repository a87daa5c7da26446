package io.p2pchat.internal.exchange;

import io.p2pchat.PeerAddress;
import io.p2pchat.internal.protocol.Peers;
import io.p2pchat.internal.security.HostPrefix;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** A node at an address. Immutable. */
final class Contact {
  /** What others are told of it. */
  final Peers.Entry entry;

  /** Its team, or null if only others have named the node. */
  final @Nullable String team;

  final InetAddress ip;
  final HostPrefix host;

  /** Identifies the node. Anybody can repeat a {@code NODE}, but not with its key. */
  final String who;

  /** Identifies the node at this address. */
  final String id;

  Contact(Peers.Entry entry, @Nullable String team) {
    PeerAddress address = entry.address();
    this.entry = entry;
    this.team = team;
    this.ip =
        address.ip().orElseThrow(() -> new IllegalStateException("no IP address: " + address));
    this.host = HostPrefix.of(ip);
    this.who = who(entry);
    this.id = id(entry);
  }

  static String who(Peers.Entry entry) {
    return who(entry.node(), entry.hint());
  }

  static String who(String node, @Nullable String hint) {
    return hint == null ? node : node + "," + hint;
  }

  static String id(Peers.Entry entry) {
    return who(entry) + "," + entry.address();
  }

  String node() {
    return entry.node();
  }

  @Nullable String hint() {
    return entry.hint();
  }

  PeerAddress address() {
    return entry.address();
  }

  @Override
  public String toString() {
    return id;
  }
}
