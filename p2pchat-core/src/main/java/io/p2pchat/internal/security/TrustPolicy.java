package io.p2pchat.internal.security;

import io.p2pchat.Fingerprint;
import io.p2pchat.KnownPeer;
import io.p2pchat.PeerAddress;
import java.util.List;
import java.util.Optional;

/**
 * Decides whom to trust, over the known peers of one moment; it changes nothing. What an accepting
 * decision asks to record, {@link KnownPeersFile#admit} records.
 *
 * <p>Immutable and thread-safe; no I/O: fit for an event loop. Specification: docs/PROTOCOL.md,
 * section 7.
 *
 * @param peers what is known
 * @param strict whether nobody new is taken
 */
public record TrustPolicy(KnownPeerSet peers, boolean strict) {
  /** So that one {@link HostPrefix} cannot fill the file with names that it makes up. */
  static final int MOST_FROM_ONE_HOST = 64;

  /**
   * The table, row by row: at {@code HELLO} and {@code WELCOME}, before anything else is taken.
   *
   * @throws IllegalArgumentException if the address is a host name
   */
  public TrustDecision judge(PeerClaim claim) {
    Optional<KnownPeer> here = peers.find(claim.team(), claim.address());
    if (here.isPresent()) {
      return here.get().fingerprint().equals(claim.fingerprint())
          ? new TrustDecision.Verified(here.get())
          : new TrustDecision.RefusedMismatch(here.get(), claim.fingerprint());
    }
    // Else a stranger would only have to name another team, and could be dialed there from then on.
    Optional<TrustDecision.Refused> takesOver = refusesDialed(claim.address(), claim.fingerprint());
    if (takesOver.isPresent()) {
      return takesOver.get();
    }
    List<KnownPeer> elsewhere = peers.byFingerprint(claim.team(), claim.fingerprint());
    if (!elsewhere.isEmpty()) {
      return new TrustDecision.VerifiedNewAddress(elsewhere);
    }
    return strict ? new TrustDecision.RefusedStrict(claim) : newcomer(claim);
  }

  private TrustDecision newcomer(PeerClaim claim) {
    if (peers.countTeamsAt(claim) >= MOST_FROM_ONE_HOST) {
      return new TrustDecision.RefusedCrowded(claim, MOST_FROM_ONE_HOST);
    }
    if (!peers.hasRoomUnasked()) {
      return new TrustDecision.RefusedFull(claim, KnownPeerSet.MOST_UNASKED);
    }
    return new TrustDecision.AcceptedNew(peers.otherKeysOf(claim.team(), claim.fingerprint()));
  }

  /**
   * The dialer's check before {@code HELLO}, when it knows a key but no name yet: where teams are
   * known, it must be the key of one of them. Otherwise whoever took over the address would only
   * have to name another team.
   *
   * @return why not, or empty
   * @throws IllegalArgumentException if the address is a host name: ask for the one it led to
   */
  public Optional<TrustDecision.Refused> refusesDialed(PeerAddress address, Fingerprint presented) {
    List<KnownPeer> known = peers.at(address);
    return known.stream().anyMatch(pin -> pin.fingerprint().equals(presented))
        ? Optional.empty()
        : known.stream().findFirst().map(pin -> new TrustDecision.RefusedMismatch(pin, presented));
  }

  /**
   * Whether there must be no connection without TLS with an address, be it dialed or the other one
   * that a {@code HELLO} claims, whatever team it names: a team is known there.
   *
   * @return why not, or empty
   * @throws IllegalArgumentException if the address is a host name: ask for the one it led to
   */
  public Optional<TrustDecision.Refused> refusesPlain(PeerAddress address) {
    return peers.at(address).stream().findFirst().map(TrustDecision.RefusedPlain::new);
  }

  /**
   * Whether a plain line must not be taken: its team is known by a key at its address (where the
   * connection came from, and the listening port that the line says).
   *
   * @return why not, or empty
   * @throws IllegalArgumentException if the address is a host name
   */
  public Optional<TrustDecision.Refused> refusesPlainLine(String team, PeerAddress address) {
    return peers.find(team, address).map(TrustDecision.RefusedPlain::new);
  }
}
