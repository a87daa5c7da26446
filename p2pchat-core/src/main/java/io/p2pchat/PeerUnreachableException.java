package io.p2pchat;

import org.jspecify.annotations.Nullable;

/**
 * Nothing of the message reached the peer: its name was not found, or it refused the connection or
 * did not answer in time. Trying again later may help.
 */
public final class PeerUnreachableException extends PeerNodeException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes the exception.
   *
   * @param message what happened, with the address and the numbers
   * @param cause the failure behind it, or null where there is none
   */
  public PeerUnreachableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
