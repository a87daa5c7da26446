package io.p2pchat.internal.security;

import io.p2pchat.KnownPeer;
import java.util.List;

/**
 * What to tell the user about a team name that a key brings for the first time.
 *
 * @param otherKeys the pins of the same name with other keys. Several people may share a name, or
 *     an impostor uses it
 * @param lookAlikes the pins with other keys whose names are not the same, but look like this one
 * @param suspicious whether the name has invisible characters or mixes scripts
 */
public record NameWarnings(
    List<KnownPeer> otherKeys, List<KnownPeer> lookAlikes, boolean suspicious) {
  /** Nothing to tell. */
  static final NameWarnings NONE = new NameWarnings(List.of(), List.of(), false);

  /** Returns whether there is anything to tell. */
  public boolean warns() {
    return !equals(NONE);
  }
}
