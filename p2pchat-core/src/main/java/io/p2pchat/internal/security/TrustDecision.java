package io.p2pchat.internal.security;

import io.p2pchat.Fingerprint;
import io.p2pchat.KnownPeer;
import java.util.List;

/** What the table of docs/PROTOCOL.md, section 7, says of a peer; a row each. */
public sealed interface TrustDecision {
  /** Whether the peer may go on. */
  default boolean isAccepted() {
    return this instanceof Accepted;
  }

  /** The peer may go on. */
  sealed interface Accepted extends TrustDecision {}

  /** The peer is refused, with {@code BYE:trust}. */
  sealed interface Refused extends TrustDecision {
    /** Why, in a sentence for people, with every fingerprint that matters. */
    String reason();
  }

  /**
   * This team at this address is known by this key.
   *
   * @param known the pin
   */
  record Verified(KnownPeer known) implements Accepted {}

  /**
   * This team is known by this key from elsewhere; the new address is to be recorded too.
   *
   * @param elsewhere where; never empty
   */
  record VerifiedNewAddress(List<KnownPeer> elsewhere) implements Accepted {}

  /**
   * Nothing is known of this team here, nor of this key by its name; it is to be recorded.
   *
   * @param otherKeys where the team's name is known by other keys: several people may share a name,
   *     and an impostor may use one, so the user is told
   */
  record AcceptedNew(List<KnownPeer> otherKeys) implements Accepted {
    /** Whether the user is to be told that the name is known by other keys elsewhere. */
    public boolean isFlagged() {
      return !otherKeys.isEmpty();
    }
  }

  /**
   * At this address another key is known, for this team or for another one.
   *
   * @param known what is known there
   * @param presented the key the peer has instead
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
   * Nothing is known of it, and strict trust takes nobody new.
   *
   * @param claim what it said
   */
  record RefusedStrict(PeerClaim claim) implements Refused {
    @Override
    public String reason() {
      return "team \"%s\" at %s presents the key %s, which is not known, and only known ones are taken"
          .formatted(claim.team(), claim.address(), claim.fingerprint());
    }
  }

  /**
   * As many teams are known at its {@link HostPrefix} as are taken there unasked.
   *
   * @param claim what it said
   * @param limit how many
   */
  record RefusedCrowded(PeerClaim claim, int limit) implements Refused {
    @Override
    public String reason() {
      return "team \"%s\" at %s presents the key %s, which is not known, and %d others are known from there already"
          .formatted(claim.team(), claim.address(), claim.fingerprint(), limit);
    }
  }

  /**
   * As many peers are known as are taken unasked.
   *
   * @param claim what it said
   * @param limit how many
   */
  record RefusedFull(PeerClaim claim, int limit) implements Refused {
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
  record RefusedUnknowable(String reason) implements Refused {}

  /**
   * It does not encrypt where a key is known.
   *
   * @param known what is known there
   */
  record RefusedPlain(KnownPeer known) implements Refused {
    @Override
    public String reason() {
      return "team \"%s\" at %s is known by the key %s (since %s), and now does not encrypt, or not in time"
          .formatted(known.teamName(), known.address(), known.fingerprint(), known.firstSeen());
    }
  }
}
