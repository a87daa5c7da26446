package io.p2pchat.internal.security;

import static java.util.Comparator.naturalOrder;

import io.p2pchat.Fingerprint;
import io.p2pchat.KnownPeer;
import io.p2pchat.PeerAddress;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides which peers to trust, from a snapshot of the known peers. It changes nothing: {@link
 * KnownPeersFile#admit} records what an accepting decision asks for.
 *
 * <p>Immutable and thread-safe. It does no I/O, so an event loop may use it. Specification:
 * docs/PROTOCOL.md, section 7.
 *
 * @param peers the known peers
 * @param strict whether unknown peers are refused
 */
public record TrustPolicy(KnownPeerSet peers, boolean strict) {
  /** Keeps one {@link HostPrefix} from filling the file with invented names. */
  static final int MOST_FROM_ONE_HOST = 64;

  /**
   * Applies the table row by row, at {@code HELLO} and {@code WELCOME}, before anything else is
   * accepted.
   *
   * @throws IllegalArgumentException if the address is a host name
   */
  public TrustDecision judge(PeerClaim claim) {
    List<KnownPeer> here = peers.named(claim.team(), claim.address());
    for (KnownPeer pin : here) {
      if (pin.fingerprint().equals(claim.fingerprint())) {
        return new TrustDecision.Verified(pin);
      }
    }
    List<KnownPeer> elsewhere = peers.byFingerprint(claim.team(), claim.fingerprint());
    // Also for a key that has this name elsewhere, unless it had the name first. Otherwise whoever
    // uses the name too could take the place of its owner, or keep the owner from a place.
    if (!here.isEmpty() && here.stream().anyMatch(pin -> !isOlder(elsewhere, pin))) {
      return new TrustDecision.RefusedMismatch(here.get(0), claim.fingerprint());
    }
    if (!elsewhere.isEmpty()) {
      return here.isEmpty()
          ? new TrustDecision.VerifiedNewAddress()
          : new TrustDecision.Verified(elsewhere.get(0));
    }
    List<String> names = peers.names(claim.fingerprint());
    if (!names.isEmpty()) {
      return new TrustDecision.VerifiedRenamed(
          names, peers.warnings(claim.team(), claim.fingerprint()));
    }
    return strict ? new TrustDecision.RefusedStrict(claim) : newcomer(claim);
  }

  /** Returns whether a key had its name before the other key of that name. */
  private boolean isOlder(List<KnownPeer> pins, KnownPeer other) {
    return firstSeen(pins)
        .isBefore(firstSeen(peers.byFingerprint(other.teamName(), other.fingerprint())));
  }

  private static Instant firstSeen(List<KnownPeer> pins) {
    return pins.stream().map(KnownPeer::firstSeen).min(naturalOrder()).orElse(Instant.MAX);
  }

  private TrustDecision newcomer(PeerClaim claim) {
    // In memory, the oldest make room for new ones.
    boolean isRecorded = !claim.isPassing();
    if (isRecorded && peers.countTeamsAt(claim) >= MOST_FROM_ONE_HOST) {
      return new TrustDecision.RefusedCrowded(claim, MOST_FROM_ONE_HOST);
    }
    if (isRecorded && !peers.hasRoomUnasked()) {
      return new TrustDecision.RefusedFull(claim, KnownPeerSet.MOST_UNASKED);
    }
    return new TrustDecision.AcceptedNew(peers.warnings(claim.team(), claim.fingerprint()));
  }

  /**
   * Refuses to give a message for the holder of an address to another peer that is there now.
   *
   * @param presented the key of that peer, or null if it does not encrypt
   * @param team the team that it has named, or null
   * @return the refusal, or empty if the address has no holder or this is the holder
   * @throws IllegalArgumentException if the address is a host name: pass the resolved address
   */
  public Optional<TrustDecision.Refused> refusesInPlaceOfHolder(
      PeerAddress address, @Nullable Fingerprint presented, @Nullable String team) {
    return peers
        .holder(address)
        .filter(holder -> !holder.fingerprint().equals(presented))
        .map(holder -> refusesInPlaceOf(holder, address, presented, team));
  }

  /** A peer that uses the name of the holder there is an impostor. Any other is another peer. */
  private TrustDecision.Refused refusesInPlaceOf(
      KnownPeer holder,
      PeerAddress address,
      @Nullable Fingerprint presented,
      @Nullable String team) {
    return presented != null
            && team != null
            && judge(new PeerClaim(team, address, presented))
                instanceof TrustDecision.RefusedMismatch impostor
        ? impostor
        : new TrustDecision.RefusedInPlaceOfHolder(
            holder, Optional.ofNullable(team), Optional.ofNullable(presented));
  }

  /**
   * Refuses a plain line, or a {@code HELLO} without TLS, whose team is known by a key at its
   * address. That address is the connection's source IP address with the listening port in the
   * line.
   *
   * @return the refusal, or empty
   * @throws IllegalArgumentException if the address is a host name
   */
  public Optional<TrustDecision.Refused> refusesPlain(String team, PeerAddress address) {
    return peers.find(team, address).map(TrustDecision.RefusedPlain::new);
  }
}
