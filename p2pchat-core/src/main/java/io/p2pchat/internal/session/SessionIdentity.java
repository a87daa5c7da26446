package io.p2pchat.internal.session;

import io.p2pchat.internal.protocol.NodeInfo;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Which session it is, and with whom. The peer is remembered when the session has ended. */
final class SessionIdentity {
  private @Nullable String id;
  private @Nullable NodeInfo peer;
  private long epoch;
  private boolean dialer;
  private boolean confirmed;

  void begin(String newId, NodeInfo newPeer, boolean dialed) {
    id = newId;
    peer = newPeer;
    dialer = dialed;
    confirmed = dialed;
    epoch++;
  }

  void end() {
    id = null;
  }

  boolean exists() {
    return id != null;
  }

  /** The session's identifier, while it exists. */
  String id() {
    return Objects.requireNonNull(id);
  }

  @Nullable NodeInfo peer() {
    return peer;
  }

  /** The peer's {@code NODE}, while the session exists. */
  String node() {
    return Objects.requireNonNull(peer).node();
  }

  /** Changes with each new session. */
  long epoch() {
    return epoch;
  }

  /** Whether this side dialed when the session began. */
  boolean isDialer() {
    return dialer;
  }

  /** The peer has shown that it knows the session. */
  void confirm() {
    confirmed = true;
  }

  /** Whether the peer is known to have seen the {@code WELCOME}. */
  boolean isConfirmed() {
    return confirmed;
  }

  /** Whether this is the session of that name, and with that node. */
  boolean is(@Nullable String session, String node) {
    return id != null && id.equals(session) && isWith(node);
  }

  boolean isWith(@Nullable String node) {
    return peer != null && peer.node().equals(node);
  }

  /** Whether that is the peer, or what the peer is after a restart. */
  boolean isWith(NodeInfo other) {
    return peer != null && (isWith(other.node()) || peer.team().equals(other.team()));
  }
}
