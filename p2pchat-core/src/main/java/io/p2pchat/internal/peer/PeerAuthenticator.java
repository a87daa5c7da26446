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
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Judges peers at {@code HELLO} and {@code WELCOME}, before anything else is taken from them
 * (PROTOCOL.md section 7). Used on the event loop.
 */
public final class PeerAuthenticator {
  private final Policy policy;
  private final TrustService trust;
  private final PeerEventPublisher publisher;
  private final @Nullable Fingerprint ownKey;

  /**
   * Makes an authenticator.
   *
   * @param policy whether connections are encrypted
   * @param ownKey what peers know this node by, or null if it does not encrypt
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

  /** Whether connections are encrypted. */
  Policy policy() {
    return policy;
  }

  /** What is asked about peers that are not connected. */
  TrustService trust() {
    return trust;
  }

  /**
   * Judges a peer that has said who it is; nothing more is read from it meanwhile.
   *
   * @param decided told why it is refused, or null; not told if the connection ends first
   */
  void admit(
      SessionChannelHandler channel,
      NodeInfo peer,
      PeerAddress address,
      Consumer<@Nullable TrustException> decided) {
    if (!trust.isPinned()) {
      decided.accept(null);
      return;
    }
    channel.pause();
    Fingerprint key = channel.peer();
    if (key == null) {
      trust.whenFresh(() -> judged(channel, trust.refusesPlain(address), decided));
    } else {
      PeerClaim claim = new PeerClaim(peer.team(), address, key);
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

  /**
   * Judges whether a peer that was admitted may be taken for the one of an endpoint with these
   * addresses: what waits there is for the peers at them, wherever this one says that it listens.
   *
   * @return why not, or null
   */
  @Nullable TrustException refuses(SessionChannelHandler channel, List<PeerAddress> addresses) {
    for (PeerAddress address : addresses) {
      TrustException refusal = trust.refuses(address, channel.peer());
      if (refusal != null) {
        return refusal;
      }
    }
    return null;
  }

  /** The peer has refused this node for trust. */
  TrustException refusedThere(PeerAddress address) {
    return new TrustException(
        "Refused for trust: "
            + address
            + " does not take this node, of the key "
            + ownKey
            + ", for the one that it knows; it has to accept the key there",
        TrustException.Refusal.of(
            address, Optional.empty(), Optional.empty(), Optional.ofNullable(ownKey)));
  }
}
