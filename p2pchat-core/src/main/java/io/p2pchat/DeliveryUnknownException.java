package io.p2pchat;

import org.jspecify.annotations.Nullable;

/**
 * The peer may have received the message, or a part of it. The connection broke after writing had
 * begun, or the session ended before the message was acknowledged. Sending the message again may
 * deliver it twice.
 */
public final class DeliveryUnknownException extends PeerNodeException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message what happened, with the address and the numbers
   * @param peer the peer, or null if no address of it is known
   * @param cause the cause, or null if there is none
   */
  public DeliveryUnknownException(
      String message, @Nullable PeerAddress peer, @Nullable Throwable cause) {
    super(message, peer, cause);
  }
}
