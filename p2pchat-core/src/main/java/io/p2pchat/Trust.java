package io.p2pchat;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * Which peers a node trusts.
 *
 * <p>This class is immutable and thread-safe. Specification: docs/PROTOCOL.md, section 7.
 */
public final class Trust {
  private static final Trust ANY = new Trust(Optional.empty(), false);

  private final Optional<Path> directory;
  private final boolean strict;

  private Trust(Optional<Path> directory, boolean strict) {
    this.directory = directory;
    this.strict = strict;
  }

  /**
   * Trusts every peer. The node encrypts but does not authenticate, with a new key at each start.
   *
   * @return that trust
   */
  public static Trust any() {
    return ANY;
  }

  /**
   * Pins the key first seen for each team at an address, as ssh does. A {@link TrustStore} holds
   * this node's key and the known keys. All nodes and processes of a user may share it.
   *
   * @param directory the store's directory; created for the owner only when the node starts
   * @return that
   */
  public static Trust pinned(Path directory) {
    return new Trust(Optional.of(Objects.requireNonNull(directory, "directory")), false);
  }

  /**
   * Returns the same trust, but refuses unknown keys. A peer without a key is still accepted unless
   * it claims the address of a known peer. Only {@link Security#required} refuses all peers without
   * a key.
   *
   * @return a new object
   * @throws IllegalStateException for {@link #any}, which knows no keys
   */
  public Trust strict() {
    if (directory.isEmpty()) {
      throw new IllegalStateException("strict trust needs a directory of known peers");
    }
    return new Trust(directory, true);
  }

  /**
   * Returns where the keys are stored.
   *
   * @return the directory, or empty for {@link #any}
   */
  public Optional<Path> directory() {
    return directory;
  }

  /**
   * Returns whether unknown keys are refused.
   *
   * @return true after {@link #strict}
   */
  public boolean isStrict() {
    return strict;
  }

  @Override
  public String toString() {
    return directory.isEmpty() ? "any" : "pinned(" + directory.get() + (strict ? ", strict)" : ")");
  }
}
