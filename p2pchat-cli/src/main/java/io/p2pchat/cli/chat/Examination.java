package io.p2pchat.cli.chat;

import io.p2pchat.Fingerprint;
import java.util.List;
import java.util.Optional;

/** Finds out why nobody appears, or why a peer does not answer. */
public interface Examination {
  /**
   * Looks for problems. Takes seconds.
   *
   * @param peer a name or {@code HOST:PORT}, or empty for the network alone
   * @param key the key of the peer, if it is known
   * @return the lines to show; not escaped
   */
  List<String> findings(Optional<String> peer, Optional<Fingerprint> key);
}
