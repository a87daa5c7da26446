package io.p2pchat;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Nothing of the message reached the peer. A retry later may help, depending on the {@link
 * #reason}.
 */
public final class PeerUnreachableException extends PeerNodeException {
  private static final long serialVersionUID = 1L;

  /** Why the peer was not reached. */
  private final Reason reason;

  /**
   * Why a peer was not reached. Later versions may add reasons, so write {@code default} in a
   * switch.
   */
  public enum Reason {
    /** No program listens at the peer's port. */
    REFUSED,
    /**
     * The peer, or the lookup of its name, did not answer within {@link
     * NodeSettings#connectTimeout}. Or a session had no connection, or its peer took no message,
     * for {@link NodeSettings#sessionTimeout}.
     */
    TIMED_OUT,
    /** The network has no route to the peer's address. */
    NO_ROUTE,
    /** The peer's host name was not found. */
    UNKNOWN_HOST,
    /** A connection was made, but the greeting, the encryption or the session handshake failed. */
    HANDSHAKE,
    /** The peer or this node closed the connection or the session before the message was sent. */
    CLOSED,
    /** Another cause, such as too many open files. The message names it. */
    OTHER
  }

  /**
   * Creates the exception.
   *
   * @param message what happened, with the address and the numbers
   * @param peer the peer, or null if no address of it is known
   * @param reason why the peer was not reached
   * @param cause the cause, or null if there is none
   */
  public PeerUnreachableException(
      String message, @Nullable PeerAddress peer, Reason reason, @Nullable Throwable cause) {
    super(message, peer, cause);
    this.reason = Objects.requireNonNull(reason, "reason");
  }

  /**
   * Returns why the peer was not reached.
   *
   * @return the reason
   */
  public Reason reason() {
    return reason;
  }
}
