package io.p2pchat.internal.security;

import io.p2pchat.Fingerprint;
import io.p2pchat.KnownPeer;
import io.p2pchat.PeerAddress;

/**
 * What a peer claims in {@code HELLO} or {@code WELCOME}, with the key that it has proved to hold.
 *
 * @param team the team that it names
 * @param address the IP address it connected from or was dialed at, with its listening port
 * @param fingerprint the fingerprint of the key
 * @param temporaryKey whether it has a new key at each start
 * @param brief whether it stays for a few messages only, and then leaves its address
 */
public record PeerClaim(
    String team,
    PeerAddress address,
    Fingerprint fingerprint,
    boolean temporaryKey,
    boolean brief) {
  /** The claim of a peer that keeps its key and stays. */
  public PeerClaim(String team, PeerAddress address, Fingerprint fingerprint) {
    this(team, address, fingerprint, false, false);
  }

  /** Returns whether the peer is not recorded in the file. */
  boolean isPassing() {
    return temporaryKey || brief;
  }

  /** Returns whether a pin is for the same host, on any port. */
  boolean isSameHost(KnownPeer pin) {
    return HostPrefix.of(pin.address()).equals(HostPrefix.of(address));
  }
}
