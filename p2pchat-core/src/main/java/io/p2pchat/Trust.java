package io.p2pchat;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * Whom a node trusts.
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
   * Anybody, with a key of its own made at each start: encrypts, and does not tell who it is.
   *
   * @return that
   */
  public static Trust any() {
    return ANY;
  }

  /**
   * Each team at an address by the key that was seen there first, as ssh does. The own key and the
   * known ones are kept in a {@link TrustStore}, which all nodes and processes of a user may share.
   *
   * @param directory the store's directory; made for the owner only when the node starts
   * @return that
   */
  public static Trust pinned(Path directory) {
    return new Trust(Optional.of(Objects.requireNonNull(directory, "directory")), false);
  }

  /**
   * The same, but keys that are not known yet are refused. A peer without a key is taken as before,
   * unless it names the address of a known one: only {@link Security#required} refuses those.
   *
   * @return a new object
   * @throws IllegalStateException for {@link #any}, which knows nobody
   */
  public Trust strict() {
    if (directory.isEmpty()) {
      throw new IllegalStateException("strict trust needs a directory of known peers");
    }
    return new Trust(directory, true);
  }

  /**
   * Where the keys are kept.
   *
   * @return the directory, or empty if no peer is known
   */
  public Optional<Path> directory() {
    return directory;
  }

  /**
   * Whether unknown keys are refused.
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
