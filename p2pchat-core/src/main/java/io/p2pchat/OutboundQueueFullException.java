package io.p2pchat;

import org.jspecify.annotations.Nullable;

/**
 * The queue of messages to this peer is full, or the queues of all peers together, and the message
 * was rejected. The text names the limit. Slow down: wait for {@link PeerNode#whenWritable}, then
 * retry.
 */
public final class OutboundQueueFullException extends PeerNodeException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message what happened, with the address and the numbers
   * @param peer the peer, or null if the message had several recipients
   */
  public OutboundQueueFullException(String message, @Nullable PeerAddress peer) {
    super(message, peer, null);
  }
}
