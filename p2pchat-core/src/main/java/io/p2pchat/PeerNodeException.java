package io.p2pchat;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The base class of all failures of a {@link PeerNode}, except wrong arguments.
 *
 * <p>Each subclass calls for a different reaction of the caller. Later versions may add subclasses.
 * Every failure has an exception of its own: none is reused.
 */
public abstract class PeerNodeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient @Nullable PeerAddress peer;

  PeerNodeException(String message, @Nullable PeerAddress peer, @Nullable Throwable cause) {
    super(message, cause);
    this.peer = peer;
  }

  /**
   * Returns the peer that the failure is about, by its IP address. It is the host name if the name
   * was not looked up.
   *
   * @return the address; empty if the failure is about the node or about a key without a known
   *     address, and after serialization
   */
  public Optional<PeerAddress> peer() {
    return Optional.ofNullable(peer);
  }
}
