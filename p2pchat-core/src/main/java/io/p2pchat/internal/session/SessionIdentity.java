package io.p2pchat.internal.session;

import io.p2pchat.internal.protocol.NodeInfo;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The identity of a session and its peer. The peer is remembered after the session ends. */
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

  /** Returns the session's identifier. Only while it exists. */
  String id() {
    return Objects.requireNonNull(id);
  }

  @Nullable NodeInfo peer() {
    return peer;
  }

  /** Returns the peer's {@code NODE}. Only while the session exists. */
  String node() {
    return Objects.requireNonNull(peer).node();
  }

  /** Returns the longest line that the peer accepts. Only while the session exists. */
  int limit() {
    return Objects.requireNonNull(peer).limit();
  }

  /** Returns a number that changes with each new session. */
  long epoch() {
    return epoch;
  }

  /** From now on this side redials, because the peer may not find it any more. */
  void becomeDialer() {
    dialer = true;
  }

  /** Returns whether this side redials: it has dialed when the session began, or has moved. */
  boolean isDialer() {
    return dialer;
  }

  /** The peer has confirmed that it knows the session. */
  void confirm() {
    confirmed = true;
  }

  /** Returns whether the peer is known to have seen the {@code WELCOME}. */
  boolean isConfirmed() {
    return confirmed;
  }

  /** Returns whether this session has this identifier and node. */
  boolean is(@Nullable String session, String node) {
    return id != null && id.equals(session) && isWith(node);
  }

  boolean isWith(@Nullable String node) {
    return peer != null && peer.node().equals(node);
  }

  /** Returns whether that is the peer, possibly after a restart. */
  boolean isWith(NodeInfo other) {
    return peer != null && (isWith(other.node()) || peer.team().equals(other.team()));
  }
}
