package io.p2pchat;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Whether a node encrypts, and whom it trusts.
 *
 * <pre>{@code
 * Security.required().with(Trust.pinned(Path.of("/home/me/.local/share/app")))
 * }</pre>
 *
 * <p>This class is immutable and thread-safe. Two are equal if all they say is. Specification:
 * docs/PROTOCOL.md, section 7.
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
    /** Never. */
    PLAINTEXT,
    /** With every peer that can; the others show as not encrypted. */
    OPPORTUNISTIC,
    /** Always: peers that cannot are neither dialed nor heard. */
    REQUIRED
  }

  /**
   * Whether a node encrypts.
   *
   * @return the policy
   */
  public Policy policy() {
    return policy;
  }

  /**
   * Whom a node trusts.
   *
   * @return {@link Trust#any} unless {@link #with} gave another
   */
  public Trust trust() {
    return trust;
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
   * Encrypts as the policy says.
   *
   * @param policy whether to encrypt
   * @return that, with {@link Trust#any}
   */
  public static Security of(Policy policy) {
    return new Security(Objects.requireNonNull(policy, "policy"), Trust.any());
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
