package io.p2pchat.internal.discovery;

import io.p2pchat.Fingerprint;
import org.jspecify.annotations.Nullable;

/** Receives the end of a dial of an address that the user has chosen. Called once. */
public interface ContactResult {
  /**
   * A session is open, or the address belongs to a peer that has one.
   *
   * @param key the key of the peer, or null if it does not encrypt
   */
  void answered(String node, String team, @Nullable Fingerprint key);

  /** There is no session. */
  void failed(Failure why);

  /** Why there is no session. */
  enum Failure {
    /** A program accepted the connection and said nothing. */
    SILENCE,
    /** This node itself listens there. */
    SELF,
    /** Any other reason. */
    OTHER
  }
}
