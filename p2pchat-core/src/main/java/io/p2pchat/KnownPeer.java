package io.p2pchat;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A team at an address is known by a key. Two are equal if all they tell is.
 *
 * <p>This class is immutable and thread-safe. Accessors may be added.
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
   * Makes a known peer.
   *
   * @param teamName the team
   * @param address where it listens
   * @param fingerprint of its key
   * @param firstSeen when that was first seen
   * @return the known peer
   */
  public static KnownPeer of(
      String teamName, PeerAddress address, Fingerprint fingerprint, Instant firstSeen) {
    return new KnownPeer(teamName, address, fingerprint, firstSeen);
  }

  /**
   * The team.
   *
   * @return 1 to 64 characters
   */
  public String teamName() {
    return teamName;
  }

  /**
   * Where it listens.
   *
   * @return an IP address and the listening port
   */
  public PeerAddress address() {
    return address;
  }

  /**
   * What the team is known by there.
   *
   * @return the fingerprint of its key
   */
  public Fingerprint fingerprint() {
    return fingerprint;
  }

  /**
   * When that key was first seen there.
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
