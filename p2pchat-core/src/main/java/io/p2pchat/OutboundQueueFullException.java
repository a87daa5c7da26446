package io.p2pchat;

import org.jspecify.annotations.Nullable;

/**
 * The queue of messages to this peer is full, and this one was not taken. Slow down: wait for
 * {@link PeerNode#whenWritable}, then try again.
 */
public final class OutboundQueueFullException extends PeerNodeException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes the exception.
   *
   * @param message what happened, with the address and the numbers
   * @param peer the peer, or null where the message was for several
   */
  public OutboundQueueFullException(String message, @Nullable PeerAddress peer) {
    super(message, peer, null);
  }
}
