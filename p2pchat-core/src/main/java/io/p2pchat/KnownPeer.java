package io.p2pchat;

import java.time.Instant;

/**
 * A team at an address is known by a key.
 *
 * @param teamName the team; 1 to 64 characters
 * @param address an IP address and the listening port
 * @param fingerprint of the team's key there
 * @param firstSeen when that was first seen there, in whole seconds
 */
public record KnownPeer(
    String teamName, PeerAddress address, Fingerprint fingerprint, Instant firstSeen) {}
