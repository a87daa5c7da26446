package io.p2pchat.internal.security;

import io.p2pchat.Fingerprint;
import io.p2pchat.KnownPeer;
import io.p2pchat.PeerAddress;

/**
 * What a peer says of itself at {@code HELLO} or {@code WELCOME}, and the key it has proved to
 * hold.
 *
 * @param team the team that it names
 * @param address the IP address it is connected from or was dialed at, and its listening port
 * @param fingerprint of the key it has proved to hold
 */
public record PeerClaim(String team, PeerAddress address, Fingerprint fingerprint) {
  /** Whether a pin is for the same machine, at whatever port. */
  boolean isSameHost(KnownPeer pin) {
    return HostPrefix.of(pin.address()).equals(HostPrefix.of(address));
  }
}
