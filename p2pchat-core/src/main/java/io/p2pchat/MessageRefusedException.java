package io.p2pchat;

/**
 * Thrown by a listener to refuse a message that it cannot use, for example because it could not
 * store it. The sender is then not told that the message was delivered.
 *
 * <p>A refused message of a session is not acknowledged, and the session ends. At the sender, this
 * message and the unacknowledged ones behind it fail with {@link DeliveryUnknownException}, or with
 * {@link PeerUnreachableException} if they were never written. None of them reaches the listener or
 * is sent again by itself. Messages that this node has sent to the peer, and that are not
 * acknowledged, fail in the same way. The next message in either direction opens a new session.
 *
 * <p>Between two nodes with stores ({@link PeerNodeBuilder#store}), a message is acknowledged when
 * it is stored, before the listener gets it. The session goes on, and the listener gets the message
 * again at the next start.
 *
 * <p>If the connection is lost at that moment, the sender may offer the message once more in a new
 * session. It is then refused or accepted there.
 *
 * <p>All listeners get a message, even if an earlier one refuses it. A message of the plain format
 * is not acknowledged anyway, and at other events nothing can be refused: the exception is only
 * logged. To accept messages later, block in the listener instead.
 *
 * <p>Specification: docs/PROTOCOL.md, section 5.
 */
public final class MessageRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates an exception.
   *
   * @param reason why the message cannot be used; logged at this node and not sent to the peer
   */
  public MessageRefusedException(String reason) {
    super(reason);
  }

  /**
   * Creates an exception.
   *
   * @param reason why the message cannot be used; logged at this node and not sent to the peer
   * @param cause what prevented its use
   */
  public MessageRefusedException(String reason, Throwable cause) {
    super(reason, cause);
  }
}
