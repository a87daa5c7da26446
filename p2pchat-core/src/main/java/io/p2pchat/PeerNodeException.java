package io.p2pchat;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The base of everything a {@link PeerNode} can fail with, apart from a wrong argument.
 *
 * <p>The subclasses are told apart by what the caller can do about them; subclasses may be added.
 * Each exception is made anew for the failure it reports.
 */
public abstract class PeerNodeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient @Nullable PeerAddress peer;

  PeerNodeException(String message, @Nullable PeerAddress peer, @Nullable Throwable cause) {
    super(message, cause);
    this.peer = peer;
  }

  /**
   * The peer that the failure is about: at its IP address, or under its host name where that was
   * not looked up.
   *
   * @return the address; empty where the failure is about the node, and after serialization
   */
  public Optional<PeerAddress> peer() {
    return Optional.ofNullable(peer);
  }
}
