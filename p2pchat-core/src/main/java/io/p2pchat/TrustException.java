package io.p2pchat;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * This node does not trust a peer, or the peer does not trust this node. The message was not sent.
 * The reasons are:
 *
 * <ul>
 *   <li>another key is pinned for the peer;
 *   <li>the peer does not encrypt although a key is pinned;
 *   <li>the peer's key is unknown, and strict trust or a limit does not allow recording it;
 *   <li>the peer refuses this node's key.
 * </ul>
 *
 * <p>{@link Refusal#presented} tells what to do:
 *
 * <ul>
 *   <li>The peer's key: a person has to decide, and {@link TrustStore#accept} pins it.
 *   <li>This node's key, {@link PeerNode#fingerprint}: the user of the peer has to accept it.
 *   <li>Empty: one side does not encrypt, or the known peers cannot be read. The message says
 *       which.
 * </ul>
 *
 * <p>Specification: docs/PROTOCOL.md, section 7.
 */
public final class TrustException extends PeerNodeException {
  private static final long serialVersionUID = 1L;

  private final transient @Nullable Refusal refusal;

  /**
   * The details of a refused peer. Two instances are equal if all their parts are equal.
   *
   * <p>This class is immutable and thread-safe. Later versions may add accessors.
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
     * Creates a refusal.
     *
     * @param peer the address of the peer
     * @param teamName the team of the peer
     * @param known the fingerprint of the pinned key
     * @param presented the fingerprint of the presented key
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
     * Returns the address of the peer.
     *
     * @return the address
     */
    public PeerAddress peer() {
      return peer;
    }

    /**
     * Returns the team that the peer named. If it named none, returns the team known at its
     * address.
     *
     * @return the team, or empty if none is known
     */
    public Optional<String> teamName() {
      return teamName;
    }

    /**
     * Returns the fingerprint of the pinned key.
     *
     * @return its fingerprint, or empty if the peer is not known
     */
    public Optional<Fingerprint> known() {
      return known;
    }

    /**
     * Returns the fingerprint of the presented key: the peer's key, or this node's key if the peer
     * refused it.
     *
     * @return its fingerprint, or empty if no key was presented
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
   * Creates the exception.
   *
   * @param message what happened, with both fingerprints
   * @param refusal the same facts as an object
   */
  public TrustException(String message, Refusal refusal) {
    super(message, refusal.peer(), null);
    this.refusal = refusal;
  }

  /**
   * Returns the details of the refused peer.
   *
   * @return the facts of the message
   * @throws IllegalStateException after serialization, which omits them
   */
  public Refusal refusal() {
    if (refusal == null) {
      throw new IllegalStateException("the refusal is not serialized");
    }
    return refusal;
  }
}
