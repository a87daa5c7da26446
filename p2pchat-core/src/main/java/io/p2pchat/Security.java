package io.p2pchat;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Whether a node encrypts, and which peers it trusts.
 *
 * <pre>{@code
 * Security.required().with(Trust.pinned(Path.of("/home/me/.local/share/app")))
 * }</pre>
 *
 * <p>This class is immutable and thread-safe. Two instances are equal if policy and trust are
 * equal. Specification: docs/PROTOCOL.md, section 7.
 */
public final class Security {
  private final Policy policy;
  private final Trust trust;

  private Security(Policy policy, Trust trust) {
    this.policy = policy;
    this.trust = Objects.requireNonNull(trust, "trust");
  }

  /** Whether a node encrypts. */
  public enum Policy {
    /** Never encrypt. */
    PLAINTEXT,
    /** Encrypt with every peer that can. The others are marked as not encrypted. */
    OPPORTUNISTIC,
    /** Always encrypt. Peers that cannot are neither dialed nor accepted. */
    REQUIRED
  }

  /**
   * Returns whether a node encrypts.
   *
   * @return the policy
   */
  public Policy policy() {
    return policy;
  }

  /**
   * Returns which peers a node trusts.
   *
   * @return {@link Trust#any} unless {@link #with} set another
   */
  public Trust trust() {
    return trust;
  }

  /**
   * Never encrypts. With {@link Trust#pinned pinned} trust, peers with a pinned key are refused.
   *
   * @return the policy with {@link Trust#any}
   */
  public static Security plaintext() {
    return new Security(Policy.PLAINTEXT, Trust.any());
  }

  /**
   * Encrypts with every peer that can. This is the default.
   *
   * @return the policy with {@link Trust#any}
   */
  public static Security opportunistic() {
    return new Security(Policy.OPPORTUNISTIC, Trust.any());
  }

  /**
   * Refuses everything that is not encrypted, including programs of the plain format.
   *
   * @return the policy with {@link Trust#any}
   */
  public static Security required() {
    return new Security(Policy.REQUIRED, Trust.any());
  }

  /**
   * Encrypts as the policy says.
   *
   * @param policy whether to encrypt
   * @return the policy with {@link Trust#any}
   */
  public static Security of(Policy policy) {
    return new Security(Objects.requireNonNull(policy, "policy"), Trust.any());
  }

  /**
   * Returns the same policy with other trust.
   *
   * @param newTrust which peers to trust
   * @return a new object
   */
  public Security with(Trust newTrust) {
    return new Security(policy, newTrust);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Security that && policy == that.policy && trust.equals(that.trust);
  }

  @Override
  public int hashCode() {
    return Objects.hash(policy, trust);
  }

  @Override
  public String toString() {
    return "Security[" + policy + ", " + trust + "]";
  }
}
