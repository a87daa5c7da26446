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
 *   <li>the known peers cannot be read or written;
 *   <li>the application's {@link PeerVerifier} does not trust the key, or has failed;
 *   <li>too many other peers wait for the decision;
 *   <li>the message was for whoever is at an address, and somebody else than the pinned peer is
 *       there now;
 *   <li>the peer refuses this node, for one of these reasons.
 * </ul>
 *
 * <p>{@link Refusal#reason} says which, and {@link Refusal#byPeer} which side refuses. If the
 * reason is {@link Reason#KEY}, {@link Refusal#presented} tells what to do:
 *
 * <ul>
 *   <li>The peer's key: a person has to decide, and {@link TrustStore#accept} pins it.
 *   <li>This node's key, {@link PeerNode#fingerprint}: the user of the peer has to accept it.
 *   <li>Empty: one side does not encrypt. The message says which.
 * </ul>
 *
 * <p>Specification: docs/PROTOCOL.md, section 7.
 */
public final class TrustException extends PeerNodeException {
  private static final long serialVersionUID = 1L;

  private final transient @Nullable Refusal refusal;

  /** Why a peer is refused. Later versions may add reasons. */
  public enum Reason {
    /**
     * The key. Another one is known, or this one is not known where only known keys are accepted,
     * or there is none.
     */
    KEY,
    /**
     * No more new keys are recorded automatically, or too many other peers wait for the decision.
     */
    FULL,
    /** The known peers cannot be read or written. */
    STORAGE,
    /**
     * The message was for whoever is at an address, where another peer is pinned than the one that
     * is there now. Nothing of the message was sent. {@link Refusal#teamName} and {@link
     * Refusal#known} are of the pinned peer, {@link Refusal#presentedTeamName} and {@link
     * Refusal#presented} of the one that is there. To write to that one, a person accepts its key
     * with {@link TrustStore#accept}, and sends the message again.
     */
    ADDRESS_CHANGED_HANDS,
    /**
     * The application's {@link PeerVerifier} does not trust the key, or has failed, as the message
     * says. Or the peer has refused this node, and has not said why.
     */
    UNKNOWN
  }

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
    private final Reason reason;
    private final boolean byPeer;
    private final Optional<String> presentedTeamName;

    private Refusal(
        PeerAddress peer,
        Optional<String> teamName,
        Optional<Fingerprint> known,
        Optional<Fingerprint> presented,
        Reason reason,
        boolean byPeer,
        Optional<String> presentedTeamName) {
      this.peer = Objects.requireNonNull(peer, "peer");
      this.teamName = Objects.requireNonNull(teamName, "teamName");
      this.known = Objects.requireNonNull(known, "known");
      this.presented = Objects.requireNonNull(presented, "presented");
      this.reason = Objects.requireNonNull(reason, "reason");
      this.byPeer = byPeer;
      this.presentedTeamName = Objects.requireNonNull(presentedTeamName, "presentedTeamName");
    }

    /**
     * Creates a refusal by this node because of the key.
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
      return of(peer, teamName, known, presented, Reason.KEY, false);
    }

    /**
     * Creates a refusal.
     *
     * @param peer the address of the peer
     * @param teamName the team of the peer
     * @param known the fingerprint of the pinned key
     * @param presented the fingerprint of the presented key
     * @param reason why
     * @param byPeer whether the peer has refused this node
     * @return the refusal
     */
    public static Refusal of(
        PeerAddress peer,
        Optional<String> teamName,
        Optional<Fingerprint> known,
        Optional<Fingerprint> presented,
        Reason reason,
        boolean byPeer) {
      return of(peer, teamName, known, presented, reason, byPeer, Optional.empty());
    }

    /**
     * Creates a refusal.
     *
     * @param peer the address of the peer
     * @param teamName the team of the peer
     * @param known the fingerprint of the pinned key
     * @param presented the fingerprint of the presented key
     * @param reason why
     * @param byPeer whether the peer has refused this node
     * @param presentedTeamName the team that the holder of the presented key has named
     * @return the refusal
     */
    public static Refusal of(
        PeerAddress peer,
        Optional<String> teamName,
        Optional<Fingerprint> known,
        Optional<Fingerprint> presented,
        Reason reason,
        boolean byPeer,
        Optional<String> presentedTeamName) {
      return new Refusal(peer, teamName, known, presented, reason, byPeer, presentedTeamName);
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
     * address. For {@link Reason#ADDRESS_CHANGED_HANDS}, returns the team of the pinned peer.
     *
     * @return the team, or empty if none is known
     */
    public Optional<String> teamName() {
      return teamName;
    }

    /**
     * Returns the team that the refused peer itself named. It is only a word of that peer, and may
     * be the name of somebody else.
     *
     * @return the team, or empty if it named none yet, or if the peer has refused this node
     */
    public Optional<String> presentedTeamName() {
      return presentedTeamName;
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

    /**
     * Returns why the peer was refused.
     *
     * @return the reason
     */
    public Reason reason() {
      return reason;
    }

    /**
     * Returns who has refused whom.
     *
     * @return true if the peer has refused this node, false if this node has refused the peer
     */
    public boolean byPeer() {
      return byPeer;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Refusal that
          && peer.equals(that.peer)
          && teamName.equals(that.teamName)
          && known.equals(that.known)
          && presented.equals(that.presented)
          && reason == that.reason
          && byPeer == that.byPeer
          && presentedTeamName.equals(that.presentedTeamName);
    }

    @Override
    public int hashCode() {
      return Objects.hash(peer, teamName, known, presented, reason, byPeer, presentedTeamName);
    }

    @Override
    public String toString() {
      return "Refusal["
          + (peer + ", " + teamName + ", " + known + ", " + presented + ", " + reason)
          + presentedTeamName.map(team -> ", by \"" + team + "\"").orElse("")
          + (byPeer ? ", by the peer]" : "]");
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
