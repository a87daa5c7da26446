package io.p2pchat;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The peer is not who it must be, or refuses to take this node for who it is: another key is known
 * for it, or it does not encrypt where a key is known. Nothing was sent to it. A person has to
 * decide: {@link TrustStore#accept} takes the new key.
 *
 * <p>Specification: docs/PROTOCOL.md, section 7.
 */
public final class TrustException extends PeerNodeException {
  private static final long serialVersionUID = 1L;

  private final transient @Nullable Refusal refusal;

  /**
   * What is known of a peer that is refused. Two are equal if all parts are.
   *
   * <p>This class is immutable and thread-safe. Accessors may be added.
   */
  public static final class Refusal {
    private final PeerAddress peer;
    private final Optional<String> teamName;
    private final Optional<Fingerprint> known;
    private final Optional<Fingerprint> presented;

    private Refusal(
        PeerAddress peer,
        Optional<String> teamName,
        Optional<Fingerprint> known,
        Optional<Fingerprint> presented) {
      this.peer = Objects.requireNonNull(peer, "peer");
      this.teamName = Objects.requireNonNull(teamName, "teamName");
      this.known = Objects.requireNonNull(known, "known");
      this.presented = Objects.requireNonNull(presented, "presented");
    }

    /**
     * Makes a refusal.
     *
     * @param peer the address of the peer
     * @param teamName its team
     * @param known the key it is known by
     * @param presented the key it has shown
     * @return the refusal
     */
    public static Refusal of(
        PeerAddress peer,
        Optional<String> teamName,
        Optional<Fingerprint> known,
        Optional<Fingerprint> presented) {
      return new Refusal(peer, teamName, known, presented);
    }

    /**
     * Where the peer is.
     *
     * @return its address
     */
    public PeerAddress peer() {
      return peer;
    }

    /**
     * Its team, or the one that is known there where it has named none.
     *
     * @return the team, or empty if none is known
     */
    public Optional<String> teamName() {
      return teamName;
    }

    /**
     * The key it is known by.
     *
     * @return its fingerprint, or empty if the peer is not known
     */
    public Optional<Fingerprint> known() {
      return known;
    }

    /**
     * The key that was shown: the peer's; or this node's, where the peer has refused this node.
     *
     * @return its fingerprint, or empty without encryption
     */
    public Optional<Fingerprint> presented() {
      return presented;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Refusal that
          && peer.equals(that.peer)
          && teamName.equals(that.teamName)
          && known.equals(that.known)
          && presented.equals(that.presented);
    }

    @Override
    public int hashCode() {
      return Objects.hash(peer, teamName, known, presented);
    }

    @Override
    public String toString() {
      return "Refusal[" + peer + ", " + teamName + ", " + known + ", " + presented + "]";
    }
  }

  /**
   * Makes the exception.
   *
   * @param message what happened, with both fingerprints
   * @param refusal the same in parts
   */
  public TrustException(String message, Refusal refusal) {
    super(message, refusal.peer(), null);
    this.refusal = refusal;
  }

  /**
   * What is known of the peer.
   *
   * @return the parts of the message
   * @throws IllegalStateException after serialization, which leaves them out
   */
  public Refusal refusal() {
    if (refusal == null) {
      throw new IllegalStateException("the refusal is not serialized");
    }
    return refusal;
  }
}
