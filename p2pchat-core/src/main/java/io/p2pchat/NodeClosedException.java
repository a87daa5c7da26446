package io.p2pchat;

import org.jspecify.annotations.Nullable;

/** The node was closed before the message could be sent. Start a new node. */
public final class NodeClosedException extends PeerNodeException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes the exception.
   *
   * @param message what happened, with the address and the numbers
   * @param cause the failure behind it, or null where there is none
   */
  public NodeClosedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
