package io.p2pchat;

import org.jspecify.annotations.Nullable;

/** The node was closed before the message could be sent. Start a new node. */
public final class NodeClosedException extends PeerNodeException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message what happened
   * @param peer the peer of the message, or null if there is none or there are several
   */
  public NodeClosedException(String message, @Nullable PeerAddress peer) {
    super(message, peer, null);
  }
}
