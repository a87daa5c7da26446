package io.p2pchat;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file or directory of a {@link TrustStore} cannot be used. It is broken, accessible to other
 * users, or cannot be read or written. The message begins with its path and names the problem. It
 * never contains any part of a key. Repair the file, then start again.
 */
public final class TrustStoreException extends PeerNodeException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception without a cause.
   *
   * @param path the file or directory
   * @param problem the problem
   */
  public TrustStoreException(Path path, String problem) {
    this(path, problem, null);
  }

  /**
   * Creates the exception.
   *
   * @param path the file or directory
   * @param problem the problem
   * @param cause the cause, or null if there is none
   */
  public TrustStoreException(Path path, String problem, @Nullable Throwable cause) {
    super(path + ": " + problem, null, cause);
  }
}
