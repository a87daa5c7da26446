package io.p2pchat.internal.peer;

import io.p2pchat.Fingerprint;
import io.p2pchat.PeerAddress;
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
 * Judges peers at {@code HELLO} and {@code WELCOME}, before anything else is taken from them
 * (PROTOCOL.md section 7). Used on the event loop.
 */
public final class PeerAuthenticator {
  private final TrustService gate;
  private final PeerEventPublisher peers;
  private final @Nullable Fingerprint ownKey;

  /**
   * Makes a judge.
   *
   * @param ownKey what peers know this node by, or null if it does not encrypt
   */
  public PeerAuthenticator(
      TrustService gate, PeerEventPublisher peers, @Nullable Fingerprint ownKey) {
    this.gate = gate;
    this.peers = peers;
    this.ownKey = ownKey;
  }

  /**
   * Judges a peer that has said who it is; nothing more is read from it meanwhile.
   *
   * @param decided told why it is refused, or null; not told if the connection ends first
   */
  void admit(
      SessionChannelHandler link,
      NodeInfo peer,
      PeerAddress address,
      Consumer<@Nullable TrustException> decided) {
    if (!gate.isPinned()) {
      decided.accept(null);
      return;
    }
    link.pause();
    Fingerprint key = link.peer();
    if (key == null) {
      gate.whenFresh(() -> judged(link, gate.refusesPlain(address), decided));
    } else {
      PeerClaim claim = new PeerClaim(peer.team(), address, key);
      gate.admit(claim, verdict -> judged(link, claim, verdict, decided));
    }
  }

  private void judged(
      SessionChannelHandler link,
      PeerClaim claim,
      TrustDecision verdict,
      Consumer<@Nullable TrustException> decided) {
    if (verdict instanceof TrustDecision.AcceptedNew fresh && !link.isLeaving()) {
      peers.pinned(claim, fresh, link.remote().account());
    }
    Optional<String> team = Optional.of(claim.team());
    Optional<Fingerprint> key = Optional.of(claim.fingerprint());
    judged(
        link,
        verdict instanceof TrustDecision.Refused refused
            ? TrustService.exception(refused, claim.address(), team, key)
            : null,
        decided);
  }

  private static void judged(
      SessionChannelHandler link,
      @Nullable TrustException refusal,
      Consumer<@Nullable TrustException> decided) {
    if (!link.isLeaving()) {
      decided.accept(refusal);
      link.resume();
    }
  }

  /**
   * Judges whether a peer that was admitted may be taken for the one of a contact: what waits there
   * is for the peers at its addresses, wherever this one says that it listens.
   *
   * @return why not, or null
   */
  @Nullable TrustException refuses(SessionChannelHandler link, PeerEndpoint contact) {
    for (PeerAddress address : contact.addresses) {
      TrustException refusal = gate.refuses(address, link.peer());
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
        new TrustException.Refusal(
            address, Optional.empty(), Optional.empty(), Optional.ofNullable(ownKey)));
  }
}
