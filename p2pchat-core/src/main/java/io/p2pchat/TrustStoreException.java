package io.p2pchat;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file or directory of a {@link TrustStore} cannot be used: it is broken, open to other users, or
 * cannot be read or written. The message begins with its path and says what is wrong; it never
 * holds anything of a key. Mend the file, and start again.
 */
public final class TrustStoreException extends PeerNodeException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes the exception, where no failure is behind it.
   *
   * @param path the file or directory
   * @param problem what is wrong with it
   */
  public TrustStoreException(Path path, String problem) {
    this(path, problem, null);
  }

  /**
   * Makes the exception.
   *
   * @param path the file or directory
   * @param problem what is wrong with it
   * @param cause the failure behind it, or null where there is none
   */
  public TrustStoreException(Path path, String problem, @Nullable Throwable cause) {
    super(path + ": " + problem, null, cause);
  }
}
