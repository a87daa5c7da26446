package io.p2pchat;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A {@link MessageStore} cannot be used, or cannot store. The message names the file, the problem
 * and what to do. A message from a peer with a store is not acknowledged until it is stored. So it
 * is not lost: the peer keeps it.
 */
public final class StoreException extends PeerNodeException {
  private static final long serialVersionUID = 1L;

  /** What is wrong. */
  private final Reason reason;

  /** The kinds of failures. Later versions may add reasons. */
  public enum Reason {
    /** Another process uses the store. Only one at a time can. */
    LOCKED,
    /** The disk, or the space that the user can use, is full. */
    FULL,
    /** The file or its file system is read-only, or this user has no permission. */
    NOT_WRITABLE,
    /**
     * The file is damaged. The store has set it aside, or does so at its next use, and goes on with
     * an empty one.
     */
    CORRUPT,
    /** A later version has written the store. */
    TOO_NEW,
    /** A library that the store needs is missing, or cannot be loaded. */
    LIBRARY,
    /** The store is closed. */
    CLOSED,
    /** Something else: the message says what. */
    OTHER
  }

  /**
   * Creates the exception.
   *
   * @param reason what is wrong
   * @param message the file, the problem and what to do
   * @param cause the cause, or null if there is none
   */
  public StoreException(Reason reason, String message, @Nullable Throwable cause) {
    super(message, null, cause);
    this.reason = Objects.requireNonNull(reason, "reason");
  }

  /**
   * Returns what is wrong.
   *
   * @return the reason
   */
  public Reason reason() {
    return reason;
  }
}
