package io.p2pchat.discovery;

import java.time.Duration;

/**
 * Takes what a source finds. The node implements it, one for each source.
 *
 * <p>This interface is thread-safe. Its methods return at once and never throw for a valid
 * argument. The node limits what it keeps: at most 4,096 candidates in all, and 64 from one host.
 */
public interface Sink {
  /**
   * Reports a candidate, or renews one with the same id. The new values replace the old ones. A
   * candidate that is not renewed expires after its lease.
   *
   * @param candidate the candidate
   * @param lease how long the candidate is valid, longer than zero. The node may use a shorter time
   */
  void found(PeerCandidate candidate, Duration lease);

  /**
   * Reports that a candidate has gone. An unknown id does nothing.
   *
   * @param id the {@link PeerCandidate#id} of the candidate
   */
  void lost(String id);
}
