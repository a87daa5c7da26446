package io.p2pchat;

import org.jspecify.annotations.Nullable;

/**
 * The node could not listen at its address: the port is in use, or the address is not one of this
 * machine. Choose another.
 */
public final class BindFailedException extends PeerNodeException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes the exception.
   *
   * @param message what happened, with the address and the numbers
   * @param cause the failure behind it, or null where there is none
   */
  public BindFailedException(String message, @Nullable Throwable cause) {
    super(message, null, cause);
  }
}
