package io.p2pchat.internal.security;

import io.p2pchat.Fingerprint;
import io.p2pchat.KnownPeer;
import io.p2pchat.TrustException;
import java.util.List;
import java.util.Optional;

/**
 * The decision about a peer: one class for each row of the table in docs/PROTOCOL.md, section 7.
 */
public sealed interface TrustDecision {
  /** Returns a team name in quotes, which its own quotes do not end. */
  private static String quoted(String team) {
    return '"' + team.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

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

    /** Returns the pin that the peer does not match. */
    default Optional<KnownPeer> pin() {
      return Optional.empty();
    }
  }

  /**
   * This team at this address is known by this key; or only by a key that had its name later.
   *
   * @param known the pin of this key
   */
  record Verified(KnownPeer known) implements Accepted {}

  /**
   * This team is known by this key at other addresses. The new address is recorded too, within
   * bounds.
   */
  record VerifiedNewAddress() implements Accepted {}

  /**
   * This key is known under other team names only. The new name is recorded too, within bounds.
   * {@link TrustService#isRenameDue} says whether to inform the user.
   *
   * @param previousNames its names, the last recorded first; never empty
   * @param warnings what to tell about the new name
   */
  record VerifiedRenamed(List<String> previousNames, NameWarnings warnings) implements Accepted {}

  /**
   * This key is not known. The peer is recorded.
   *
   * @param warnings what to tell about its name
   */
  record AcceptedNew(NameWarnings warnings) implements Accepted {}

  /** This key is not recorded, but the peer came before with it, also for a few messages only. */
  record AcceptedAgain() implements Accepted {}

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
      return "team %s at %s presents the key %s, which this application does not trust"
          .formatted(quoted(claim.team()), claim.address(), claim.fingerprint());
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
   * Another key is pinned for this team at this address.
   *
   * @param known the pin
   * @param presented the key that the peer presented
   */
  record RefusedMismatch(KnownPeer known, Fingerprint presented) implements Refused {
    @Override
    public Optional<KnownPeer> pin() {
      return Optional.of(known);
    }

    @Override
    public String reason() {
      return "%s presents the key %s for team %s; the known key is %s (since %s)"
          .formatted(
              known.address(),
              presented,
              quoted(known.teamName()),
              known.fingerprint(),
              known.firstSeen());
    }
  }

  /**
   * A message was for the holder of an address, and another peer is there now. That peer is not
   * refused as such.
   *
   * @param holder the pin of the holder
   * @param team the team that the other peer has named
   * @param presented its key, or empty if it does not encrypt
   */
  record RefusedInPlaceOfHolder(
      KnownPeer holder, Optional<String> team, Optional<Fingerprint> presented) implements Refused {
    @Override
    public TrustException.Reason kind() {
      return TrustException.Reason.ADDRESS_CHANGED_HANDS;
    }

    @Override
    public Optional<KnownPeer> pin() {
      return Optional.of(holder);
    }

    @Override
    public String reason() {
      return "%s was team %s with the key %s (since %s), and now %s answers there %s; nothing was sent"
          .formatted(
              holder.address(),
              quoted(holder.teamName()),
              holder.fingerprint(),
              holder.firstSeen(),
              team.map(name -> "team " + quoted(name)).orElse("somebody else"),
              presented.map(key -> "with the key " + key).orElse("without a key"));
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
      return "team %s at %s presents the key %s, which is not known, and only known keys are accepted"
          .formatted(quoted(claim.team()), claim.address(), claim.fingerprint());
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
      return "team %s at %s presents the key %s, which is not known, and %d others are known from there already"
          .formatted(quoted(claim.team()), claim.address(), claim.fingerprint(), limit);
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
      return "team %s at %s presents the key %s, which is not known. As %d are known, you have to accept others yourself"
          .formatted(quoted(claim.team()), claim.address(), claim.fingerprint(), limit);
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
   * The peer does not encrypt, and the session of the holder of its address is kept. Later it is a
   * peer of its own.
   *
   * @param holder the pin of the holder
   * @param team the team that the peer names
   */
  record RefusedPlainBeside(KnownPeer holder, String team) implements Refused {
    @Override
    public Optional<KnownPeer> pin() {
      return Optional.of(holder);
    }

    @Override
    public String reason() {
      return "team %s at %s does not encrypt, and team %s with the key %s is known there and has a session; it is taken when that has ended, or with encryption"
          .formatted(
              quoted(team), holder.address(), quoted(holder.teamName()), holder.fingerprint());
    }
  }

  /**
   * The peer does not encrypt although a key is pinned.
   *
   * @param known the pin
   */
  record RefusedPlain(KnownPeer known) implements Refused {
    @Override
    public Optional<KnownPeer> pin() {
      return Optional.of(known);
    }

    @Override
    public String reason() {
      return "team %s at %s is known by the key %s (since %s), and now does not encrypt"
          .formatted(
              quoted(known.teamName()), known.address(), known.fingerprint(), known.firstSeen());
    }
  }
}
