package io.p2pchat;

import org.jspecify.annotations.Nullable;

/**
 * The message was withdrawn before any of it was written: it expired, or the future of its
 * broadcast was cancelled. The peer never gets it.
 */
public final class MessageWithdrawnException extends PeerNodeException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message what happened, with the address
   * @param peer the peer
   */
  public MessageWithdrawnException(String message, @Nullable PeerAddress peer) {
    super(message, peer, null);
  }
}
