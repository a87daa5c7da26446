package io.p2pchat;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A known peer: a team at an address, with the fingerprint of its key. Two instances are equal if
 * all their parts are equal.
 *
 * <p>This class is immutable and thread-safe. Later versions may add accessors.
 */
public final class KnownPeer {
  private final String teamName;
  private final PeerAddress address;
  private final Fingerprint fingerprint;
  private final Instant firstSeen;

  private KnownPeer(
      String teamName, PeerAddress address, Fingerprint fingerprint, Instant firstSeen) {
    this.teamName = Objects.requireNonNull(teamName, "teamName");
    this.address = Objects.requireNonNull(address, "address");
    this.fingerprint = Objects.requireNonNull(fingerprint, "fingerprint");
    this.firstSeen = Objects.requireNonNull(firstSeen, "firstSeen");
  }

  /**
   * Creates a known peer.
   *
   * @param teamName the team name
   * @param address the address at which the peer listens
   * @param fingerprint the fingerprint of its key
   * @param firstSeen when the key was first seen there
   * @return the known peer
   */
  public static KnownPeer of(
      String teamName, PeerAddress address, Fingerprint fingerprint, Instant firstSeen) {
    return new KnownPeer(teamName, address, fingerprint, firstSeen);
  }

  /**
   * Returns the team name.
   *
   * @return 1 to 64 characters
   */
  public String teamName() {
    return teamName;
  }

  /**
   * Returns the address at which the peer listens.
   *
   * @return an IP address and the listening port
   */
  public PeerAddress address() {
    return address;
  }

  /**
   * Returns the fingerprint of the key pinned for this team at this address.
   *
   * @return the fingerprint
   */
  public Fingerprint fingerprint() {
    return fingerprint;
  }

  /**
   * Returns when the key was first seen at this address.
   *
   * @return the time, in whole seconds
   */
  public Instant firstSeen() {
    return firstSeen;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof KnownPeer that
        && teamName.equals(that.teamName)
        && address.equals(that.address)
        && fingerprint.equals(that.fingerprint)
        && firstSeen.equals(that.firstSeen);
  }

  @Override
  public int hashCode() {
    return Objects.hash(teamName, address, fingerprint, firstSeen);
  }

  @Override
  public String toString() {
    return "KnownPeer[" + teamName + ", " + address + ", " + fingerprint + ", " + firstSeen + "]";
  }
}
