package io.p2pchat;

import org.jspecify.annotations.Nullable;

/**
 * The message does not fit into a frame of the configured size, and nothing of it was sent. Shorten
 * it, or send it in parts.
 */
public final class MessageTooLargeException extends PeerNodeException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes the exception.
   *
   * @param message what happened, with the address and the numbers
   * @param cause the failure behind it, or null where there is none
   */
  public MessageTooLargeException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
