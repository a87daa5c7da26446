package io.p2pchat;

import org.jspecify.annotations.Nullable;

/**
 * The node cannot listen at its address. The port is in use, or the address is not one of this
 * machine. Choose another.
 */
public final class BindFailedException extends PeerNodeException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message what happened, with the address and the numbers
   * @param cause the cause, or null if there is none
   */
  public BindFailedException(String message, @Nullable Throwable cause) {
    super(message, null, cause);
  }
}
