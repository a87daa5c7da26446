package io.p2pchat;

import org.jspecify.annotations.Nullable;

/**
 * A {@link PeerNode#isReserved reserved} text was sent with {@link PeerNode#sendText}, and the peer
 * does not take exact texts. It would obey the text as a command, so nothing was sent. A retry
 * fails too while the peer runs the same program.
 */
public final class ReservedTextException extends PeerNodeException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message what happened, with the address
   * @param peer the peer
   */
  public ReservedTextException(String message, @Nullable PeerAddress peer) {
    super(message, peer, null);
  }
}
