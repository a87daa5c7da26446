package io.p2pchat.discovery;

import org.jspecify.annotations.Nullable;

/**
 * A {@link PeerDiscovery} cannot start or cannot look up peers. The message says what failed and
 * what to do. The node works on without this source.
 */
public final class DiscoveryException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception without a cause.
   *
   * @param message what failed, and what to do
   */
  public DiscoveryException(String message) {
    this(message, null);
  }

  /**
   * Creates the exception.
   *
   * @param message what failed, and what to do
   * @param cause the cause, or null if there is none
   */
  public DiscoveryException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
