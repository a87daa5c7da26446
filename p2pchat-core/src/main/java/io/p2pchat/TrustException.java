package io.p2pchat;

import java.util.Optional;

/**
 * The peer is not who it must be, or refuses to take this node for who it is: another key is known
 * for it, or it does not encrypt where a key is known. Nothing was sent to it. A person has to
 * decide: {@link TrustStore#accept} takes the new key.
 *
 * <p>Specification: docs/PROTOCOL.md, section 7.
 */
public final class TrustException extends PeerNodeException {
  private static final long serialVersionUID = 1L;

  private final transient Refusal refusal;

  /**
   * What is known of a peer that is refused.
   *
   * @param peer its address
   * @param teamName its team, or the one that is known there where it has named none; empty if none
   *     is known
   * @param known the key it is known by, or empty if it is not known
   * @param presented the key it has shown, or empty if it does not encrypt
   */
  public record Refusal(
      PeerAddress peer,
      Optional<String> teamName,
      Optional<Fingerprint> known,
      Optional<Fingerprint> presented) {}

  /**
   * Makes the exception.
   *
   * @param message what happened, with both fingerprints
   * @param refusal the same in parts
   */
  public TrustException(String message, Refusal refusal) {
    super(message, null);
    this.refusal = refusal;
  }

  /**
   * What is known of the peer.
   *
   * @return the parts of the message
   */
  public Refusal refusal() {
    return refusal;
  }
}
