package io.p2pchat;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Nothing of the message reached the peer: its name was not found, or it refused the connection or
 * did not answer in time. Trying again later may help; {@link #reason} tells what it depends on.
 */
public final class PeerUnreachableException extends PeerNodeException {
  private static final long serialVersionUID = 1L;

  /** Why the peer was not reached. */
  private final Reason reason;

  /** Why a peer was not reached. Reasons may be added, so write {@code default} in a switch. */
  public enum Reason {
    /** Nobody listens at its port. */
    REFUSED,
    /**
     * The peer, or the lookup of its name, did not answer within {@link
     * NodeSettings#connectTimeout}, or a session had no connection for {@link
     * NodeSettings#sessionTimeout}.
     */
    TIMED_OUT,
    /** The network has no way to its address. */
    NO_ROUTE,
    /** Its host name is not known here. */
    UNKNOWN_HOST,
    /**
     * A connection was made, and the two did not agree on how to use it: the greeting, the
     * encryption or the beginning of a session failed.
     */
    HANDSHAKE,
    /** The peer or this node closed the connection or the session before the message was sent. */
    CLOSED,
    /** Something else, such as too many open files; the message tells. */
    OTHER
  }

  /**
   * Makes the exception.
   *
   * @param message what happened, with the address and the numbers
   * @param peer the peer
   * @param reason why it was not reached
   * @param cause the failure behind it, or null where there is none
   */
  public PeerUnreachableException(
      String message, PeerAddress peer, Reason reason, @Nullable Throwable cause) {
    super(message, Objects.requireNonNull(peer, "peer"), cause);
    this.reason = Objects.requireNonNull(reason, "reason");
  }

  /**
   * Why the peer was not reached.
   *
   * @return the reason
   */
  public Reason reason() {
    return reason;
  }
}
