package io.p2pchat.internal.discovery;

import io.p2pchat.Fingerprint;
import org.jspecify.annotations.Nullable;

/** Which known key a candidate hints at, as far as the keys are compared. */
final class HintCheck {
  final @Nullable String node;
  final @Nullable String hint;

  /** How many keys of {@link KnownKeys} were compared, in their order there. */
  int compared;

  /** The key of the hint, or null. It may have been forgotten since. */
  @Nullable Fingerprint match;

  HintCheck(@Nullable String node, @Nullable String hint) {
    this.node = node;
    this.hint = hint;
  }
}
