package io.p2pchat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A peer as it was known at one moment. It does not change afterwards: ask the node again for news.
 *
 * <p>This class is immutable and thread-safe. Specification: docs/PROTOCOL.md, section 1 (Who is a
 * peer) and section 5.
 *
 * @param address where it listens; for the sender of a raw message, the address the connection came
 *     from, where nobody listens
 * @param teamName the team it last named, or {@link #UNKNOWN_TEAM}; 1 to 64 characters
 * @param connected whether it was explicitly connected
 * @param state whether the last attempt to reach it succeeded
 * @param lastHeard when it was last heard, or empty if never
 * @param level how the node talks with it
 * @param fingerprint of the key that it has shown to hold, or empty if what goes between the two is
 *     not encrypted
 * @param roundTrip the time of the last round trip to it, or empty if none was measured; only
 *     sessions measure it
 * @param unacknowledged messages to it that wait to be sent or acknowledged
 */
public record Peer(
    PeerAddress address,
    String teamName,
    boolean connected,
    State state,
    Optional<Instant> lastHeard,
    Level level,
    Optional<Fingerprint> fingerprint,
    Optional<Duration> roundTrip,
    int unacknowledged) {

  /** The team name of a peer that has not named one. */
  public static final String UNKNOWN_TEAM = "unknown_team";

  /**
   * Whether what goes between the two is encrypted.
   *
   * @return true if there is a fingerprint
   */
  public boolean encrypted() {
    return fingerprint.isPresent();
  }

  /** How a node talks with a peer. */
  public enum Level {
    /** In lines of the plain format, or not yet; messages are written and nothing is known then. */
    PLAIN,
    /** In a session: messages are numbered, acknowledged, and survive lost connections. */
    SESSION
  }

  /** Whether a peer can be reached, as far as the node has seen. */
  public enum State {
    /** It was heard, or accepted a connection, and nothing has failed since. */
    REACHABLE,
    /** The last attempt to reach it failed, and it was not heard since. */
    UNREACHABLE
  }
}
