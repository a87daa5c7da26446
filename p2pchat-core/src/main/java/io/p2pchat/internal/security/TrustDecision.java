package io.p2pchat.internal.security;

import io.p2pchat.Fingerprint;
import io.p2pchat.KnownPeer;
import io.p2pchat.TrustException;
import java.util.List;

/**
 * The decision about a peer: one class for each row of the table in docs/PROTOCOL.md, section 7.
 */
public sealed interface TrustDecision {
  /** Returns whether the peer is accepted. */
  default boolean isAccepted() {
    return this instanceof Accepted;
  }

  /** The peer is accepted. */
  sealed interface Accepted extends TrustDecision {}

  /** The peer is refused with {@code BYE:trust}. */
  sealed interface Refused extends TrustDecision {
    /** Returns the reason as a sentence for people, with every fingerprint that matters. */
    String reason();

    /** Returns the reason as data. */
    default TrustException.Reason kind() {
      return TrustException.Reason.KEY;
    }
  }

  /**
   * This team at this address is known by this key.
   *
   * @param known the pin
   */
  record Verified(KnownPeer known) implements Accepted {}

  /**
   * This team is known by this key at other addresses. The new address is recorded too.
   *
   * @param elsewhere the pins at the other addresses; never empty
   */
  record VerifiedNewAddress(List<KnownPeer> elsewhere) implements Accepted {}

  /**
   * Neither this team here nor this key with its name is known. The peer is recorded.
   *
   * @param otherKeys the pins of the same team name with other keys. Several people may share a
   *     name, or an impostor uses it, so the user is informed
   */
  record AcceptedNew(List<KnownPeer> otherKeys) implements Accepted {
    /** Returns whether to inform the user that the name is known with other keys elsewhere. */
    public boolean isFlagged() {
      return !otherKeys.isEmpty();
    }
  }

  /** The application's verifier trusts the peer. */
  record AcceptedByVerifier() implements Accepted {}

  /**
   * The application's verifier does not trust the peer.
   *
   * @param claim the peer's claim
   */
  record RefusedByVerifier(PeerClaim claim) implements Refused {
    @Override
    public TrustException.Reason kind() {
      return TrustException.Reason.UNKNOWN;
    }

    @Override
    public String reason() {
      return "team \"%s\" at %s presents the key %s, which this application does not trust"
          .formatted(claim.team(), claim.address(), claim.fingerprint());
    }
  }

  /**
   * The application's verifier has failed.
   *
   * @param reason why
   */
  record RefusedUnverified(String reason) implements Refused {
    @Override
    public TrustException.Reason kind() {
      return TrustException.Reason.UNKNOWN;
    }
  }

  /**
   * Too many other peers wait for the decision.
   *
   * @param reason what they wait for
   */
  record RefusedWaiting(String reason) implements Refused {
    @Override
    public TrustException.Reason kind() {
      return TrustException.Reason.FULL;
    }
  }

  /**
   * Another key is pinned at this address, for this team or another one.
   *
   * @param known the pin
   * @param presented the key that the peer presented
   */
  record RefusedMismatch(KnownPeer known, Fingerprint presented) implements Refused {
    @Override
    public String reason() {
      return "team \"%s\" at %s is known by the key %s (since %s), and now presents the key %s"
          .formatted(
              known.teamName(), known.address(), known.fingerprint(), known.firstSeen(), presented);
    }
  }

  /**
   * The peer is unknown, and strict trust accepts no unknown peers.
   *
   * @param claim the peer's claim
   */
  record RefusedStrict(PeerClaim claim) implements Refused {
    @Override
    public String reason() {
      return "team \"%s\" at %s presents the key %s, which is not known, and only known ones are taken"
          .formatted(claim.team(), claim.address(), claim.fingerprint());
    }
  }

  /**
   * Its {@link HostPrefix} has the maximum number of teams that are recorded automatically.
   *
   * @param claim the peer's claim
   * @param limit the maximum
   */
  record RefusedCrowded(PeerClaim claim, int limit) implements Refused {
    @Override
    public TrustException.Reason kind() {
      return TrustException.Reason.FULL;
    }

    @Override
    public String reason() {
      return "team \"%s\" at %s presents the key %s, which is not known, and %d others are known from there already"
          .formatted(claim.team(), claim.address(), claim.fingerprint(), limit);
    }
  }

  /**
   * The number of known peers has reached the maximum for automatic records.
   *
   * @param claim the peer's claim
   * @param limit the maximum
   */
  record RefusedFull(PeerClaim claim, int limit) implements Refused {
    @Override
    public TrustException.Reason kind() {
      return TrustException.Reason.FULL;
    }

    @Override
    public String reason() {
      return "team \"%s\" at %s presents the key %s, which is not known, and %d are known, so that it is yours to accept others"
          .formatted(claim.team(), claim.address(), claim.fingerprint(), limit);
    }
  }

  /**
   * The known peers cannot be read or written.
   *
   * @param reason why
   */
  record RefusedUnknowable(String reason) implements Refused {
    @Override
    public TrustException.Reason kind() {
      return TrustException.Reason.STORAGE;
    }
  }

  /**
   * The peer does not encrypt although a key is pinned.
   *
   * @param known the pin
   */
  record RefusedPlain(KnownPeer known) implements Refused {
    @Override
    public String reason() {
      return "team \"%s\" at %s is known by the key %s (since %s), and now does not encrypt, or not in time"
          .formatted(known.teamName(), known.address(), known.fingerprint(), known.firstSeen());
    }
  }
}
