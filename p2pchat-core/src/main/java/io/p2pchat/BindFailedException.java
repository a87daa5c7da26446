package io.p2pchat;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The node cannot listen at its address. The port is in use, or the address is not one of this
 * machine. Choose another.
 */
public final class BindFailedException extends PeerNodeException {
  private static final long serialVersionUID = 1L;

  /** Why the node cannot listen. */
  private final Reason reason;

  /**
   * Why a node cannot listen. Later versions may add reasons, so write {@code default} in a switch.
   */
  public enum Reason {
    /**
     * It cannot listen at this port: another program does, or only administrators may. It could
     * listen at another port of the address.
     */
    PORT,
    /**
     * It can listen at no port of the address. The address is not one of this machine, or there is
     * another cause, such as too many open files. The message names it.
     */
    OTHER
  }

  /**
   * Creates the exception with {@link Reason#OTHER}.
   *
   * @param message what happened, with the address and the numbers
   * @param cause the cause, or null if there is none
   */
  public BindFailedException(String message, @Nullable Throwable cause) {
    this(message, Reason.OTHER, cause);
  }

  /**
   * Creates the exception.
   *
   * @param message what happened, with the address and the numbers
   * @param reason why the node cannot listen
   * @param cause the cause, or null if there is none
   */
  public BindFailedException(String message, Reason reason, @Nullable Throwable cause) {
    super(message, null, cause);
    this.reason = Objects.requireNonNull(reason, "reason");
  }

  /**
   * Returns why the node cannot listen. It does not depend on the language of the system.
   *
   * @return the reason
   */
  public Reason reason() {
    return reason;
  }
}
