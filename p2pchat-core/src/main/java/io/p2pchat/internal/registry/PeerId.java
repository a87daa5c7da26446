package io.p2pchat.internal.registry;

import io.p2pchat.Fingerprint;
import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Who a peer is: its key and team, or without a key its address (PROTOCOL.md section 1).
 *
 * @param address where it was seen; the address of a peer with a key does not count in comparisons
 * @param key its key, or null if it has shown none
 * @param team the team of a peer with a key
 */
public record PeerId(PeerAddress address, @Nullable Fingerprint key, String team) {
  /** Returns the peer without a key at an address. */
  public static PeerId at(PeerAddress address) {
    return new PeerId(address, null, Peer.UNKNOWN_TEAM);
  }

  public static PeerId of(Peer peer) {
    return new PeerId(peer.address(), peer.fingerprint().orElse(null), peer.teamName());
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PeerId that
        && Objects.equals(key, that.key)
        && (key == null ? address.equals(that.address) : team.equals(that.team));
  }

  @Override
  public int hashCode() {
    return key == null ? address.hashCode() : 31 * key.hashCode() + team.hashCode();
  }
}
