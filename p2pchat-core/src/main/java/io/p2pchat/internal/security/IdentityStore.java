package io.p2pchat.internal.security;

import io.p2pchat.TrustStoreException;
import java.util.Optional;

/**
 * The key of a {@link PrivateDirectory}, in the file {@value #FILE}. The first use creates it, and
 * later uses read it. Processes that start at the same time get the same key.
 *
 * <p>Does I/O and may wait for another process, so never call it on an event loop.
 */
public final class IdentityStore {
  static final String FILE = "identity.pem";
  private static final int MAX_BYTES = 64 * 1024;

  private IdentityStore() {}

  /**
   * Reads the key, or creates it.
   *
   * @throws TrustStoreException if the file is broken, accessible to other users, or cannot be read
   *     or written. The message names the path. The file is never replaced
   */
  public static NodeIdentity open(PrivateDirectory directory) {
    return read(directory).orElseGet(() -> directory.locked(() -> readOrMake(directory)));
  }

  private static NodeIdentity readOrMake(PrivateDirectory directory) {
    return read(directory)
        .orElseGet(
            () -> {
              directory.replace(FILE, NodeIdentity.generate().format());
              return read(directory)
                  .orElseThrow(
                      () -> new TrustStoreException(directory.file(FILE), "it vanished at once"));
            });
  }

  private static Optional<NodeIdentity> read(PrivateDirectory directory) {
    return directory.read(FILE, MAX_BYTES).map(content -> parse(directory, content));
  }

  private static NodeIdentity parse(PrivateDirectory directory, byte[] content) {
    directory.requirePrivate(FILE);
    try {
      return NodeIdentity.parse(content);
    } catch (IllegalArgumentException e) {
      throw new TrustStoreException(
          directory.file(FILE), "it is not a usable key file: " + e.getMessage());
    }
  }
}
