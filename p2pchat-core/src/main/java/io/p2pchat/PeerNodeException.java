package io.p2pchat;

import org.jspecify.annotations.Nullable;

/**
 * The base of everything a {@link PeerNode} can fail with, apart from a wrong argument.
 *
 * <p>The subclasses are told apart by what the caller can do about them. Each is made anew for the
 * failure it reports.
 */
public abstract class PeerNodeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  PeerNodeException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
