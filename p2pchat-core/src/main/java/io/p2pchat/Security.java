package io.p2pchat;

import java.util.Objects;

/**
 * Whether a node encrypts, and whom it trusts.
 *
 * <pre>{@code
 * Security.required().with(Trust.pinned(Path.of("/home/me/.local/share/app")))
 * }</pre>
 *
 * <p>This class is immutable and thread-safe. Specification: docs/PROTOCOL.md, section 7.
 *
 * @param policy whether it encrypts
 * @param trust whom it trusts
 */
public record Security(Policy policy, Trust trust) {

  /** Whether a node encrypts. */
  public enum Policy {
    /** Never. */
    PLAINTEXT,
    /** With every peer that can; the others show as not encrypted. */
    OPPORTUNISTIC,
    /** Always: peers that cannot are neither dialed nor heard. */
    REQUIRED
  }

  /**
   * Checks that both are there.
   *
   * @param policy whether it encrypts
   * @param trust whom it trusts
   */
  public Security {
    Objects.requireNonNull(policy, "policy");
    Objects.requireNonNull(trust, "trust");
  }

  /**
   * Never encrypts. With {@link Trust#pinned pinned} trust, peers known by a key are refused.
   *
   * @return that, with {@link Trust#any}
   */
  public static Security plaintext() {
    return new Security(Policy.PLAINTEXT, Trust.any());
  }

  /**
   * Encrypts with every peer that can, which is the default.
   *
   * @return that, with {@link Trust#any}
   */
  public static Security opportunistic() {
    return new Security(Policy.OPPORTUNISTIC, Trust.any());
  }

  /**
   * Refuses all that is not encrypted: programs of the plain format too.
   *
   * @return that, with {@link Trust#any}
   */
  public static Security required() {
    return new Security(Policy.REQUIRED, Trust.any());
  }

  /**
   * The same policy, with this trust.
   *
   * @param newTrust whom to trust
   * @return a new object
   */
  public Security with(Trust newTrust) {
    return new Security(policy, newTrust);
  }
}
