package io.p2pchat.internal.peer;

import io.p2pchat.Fingerprint;
import io.p2pchat.PeerAddress;
import io.p2pchat.Security.Policy;
import io.p2pchat.TrustException;
import io.p2pchat.internal.net.session.SessionChannelHandler;
import io.p2pchat.internal.protocol.NodeInfo;
import io.p2pchat.internal.security.PeerClaim;
import io.p2pchat.internal.security.TrustDecision;
import io.p2pchat.internal.security.TrustService;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Judges peers at {@code HELLO} and {@code WELCOME}, before anything else is accepted from them
 * (PROTOCOL.md section 7). Used on the event loop.
 */
public final class PeerAuthenticator {
  private final Policy policy;
  private final TrustService trust;
  private final PeerEventPublisher publisher;
  private final @Nullable Fingerprint ownKey;

  /**
   * Creates an authenticator.
   *
   * @param policy whether to encrypt connections
   * @param ownKey this node's fingerprint, or null if it does not encrypt
   */
  public PeerAuthenticator(
      Policy policy,
      TrustService trust,
      PeerEventPublisher publisher,
      @Nullable Fingerprint ownKey) {
    this.policy = policy;
    this.trust = trust;
    this.publisher = publisher;
    this.ownKey = ownKey;
  }

  /** Returns whether to encrypt connections. */
  Policy policy() {
    return policy;
  }

  /** Returns whether peers keep their keys, so that a message for a peer is for its key. */
  boolean keysBind() {
    return trust.judges();
  }

  /** Returns the service that judges peers that are not connected. */
  public TrustService trust() {
    return trust;
  }

  /**
   * Judges a peer that has introduced itself. Pauses its connection meanwhile.
   *
   * @param decided receives the refusal, or null; not called if the connection ends first
   */
  void admit(
      SessionChannelHandler channel,
      NodeInfo peer,
      PeerAddress address,
      Consumer<@Nullable TrustException> decided) {
    if (!trust.judges()) {
      decided.accept(null);
      return;
    }
    channel.pause();
    Fingerprint key = channel.peer();
    if (key == null) {
      trust.whenFresh(() -> judged(channel, trust.refusesPlain(peer.team(), address), decided));
    } else {
      PeerClaim claim = new PeerClaim(peer.team(), address, key, peer.temporaryKey(), peer.brief());
      trust.admit(claim, decision -> judged(channel, claim, decision, decided));
    }
  }

  private void judged(
      SessionChannelHandler channel,
      PeerClaim claim,
      TrustDecision decision,
      Consumer<@Nullable TrustException> decided) {
    if (decision instanceof TrustDecision.AcceptedNew fresh && !channel.isLeaving()) {
      publisher.pinned(claim, fresh, channel.remote().source());
    } else if (decision instanceof TrustDecision.VerifiedRenamed renamed
        && (!claim.brief() || renamed.warnings().warns())
        && !channel.isLeaving()
        && trust.isRenameDue(claim.fingerprint())) {
      publisher.renamed(claim, renamed, channel.remote().source());
    }
    Optional<String> team = Optional.of(claim.team());
    Optional<Fingerprint> key = Optional.of(claim.fingerprint());
    judged(
        channel,
        decision instanceof TrustDecision.Refused refused
            ? TrustService.exception(refused, claim.address(), team, key)
            : null,
        decided);
  }

  private static void judged(
      SessionChannelHandler channel,
      @Nullable TrustException refusal,
      Consumer<@Nullable TrustException> decided) {
    if (!channel.isLeaving()) {
      decided.accept(refusal);
      channel.resume();
    }
  }

  /** Creates the exception for a peer that has refused this node. */
  TrustException refusedThere(PeerAddress address, TrustException.Reason reason) {
    String message =
        switch (reason) {
          case KEY ->
              ownKey == null
                  ? notEncrypted(address)
                  : "Not trusted: "
                      + address
                      + " does not accept this node's key "
                      + ownKey
                      + ": it knows another key here, or accepts only known keys. Its user can"
                      + " accept the key";
          case FULL ->
              "Not trusted: "
                  + address
                  + " does not know "
                  + key()
                  + ", and accepts no more new keys now. Its user can accept the key, or remove"
                  + " known peers";
          case STORAGE ->
              address
                  + " accepts no peers now: it cannot read or record its known peers, perhaps because"
                  + " its disk is full. Its user has to repair that. Your key is not the reason";
          case ADDRESS_CHANGED_HANDS, UNKNOWN ->
              "Not trusted: "
                  + address
                  + " refuses "
                  + key()
                  + ", and does not say why. Its user can see why";
        };
    return new TrustException(
        message,
        TrustException.Refusal.of(
            address,
            Optional.empty(),
            Optional.empty(),
            Optional.ofNullable(ownKey),
            reason,
            true));
  }

  private String key() {
    return ownKey == null ? "this node, which has no key" : "this node's key " + ownKey;
  }

  private String notEncrypted(PeerAddress address) {
    return "Not trusted: "
        + address
        + " knows a key here, or accepts only known keys, and this node does not encrypt"
        + (policy == Policy.PLAINTEXT ? ", because its policy is plaintext" : "");
  }
}
