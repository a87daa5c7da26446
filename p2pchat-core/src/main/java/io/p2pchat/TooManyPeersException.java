package io.p2pchat;

import org.jspecify.annotations.Nullable;

/**
 * The peer was not connected, because the lists have no room for it: this node has connected to
 * {@link NodeSettings#maxPeersPerHost} peers of its host, or to {@link NodeSettings#maxActivePeers}
 * peers. Disconnect another peer first, or raise the limit. Nothing was sent, except if several
 * connects at the same time took the last room: then the peer may have received this one.
 */
public final class TooManyPeersException extends PeerNodeException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message what happened, with the limit
   * @param peer the peer
   */
  public TooManyPeersException(String message, @Nullable PeerAddress peer) {
    super(message, peer, null);
  }
}
