package io.p2pchat.internal.peer;

import io.p2pchat.Fingerprint;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerNodeException;
import io.p2pchat.PeerUnreachableException;
import io.p2pchat.PeerUnreachableException.Reason;
import io.p2pchat.Security.Policy;
import io.p2pchat.TrustException;
import io.p2pchat.internal.net.Unreachable;
import io.p2pchat.internal.net.handshake.SessionDial;
import io.p2pchat.internal.net.plain.PlainDial;
import io.p2pchat.internal.net.session.SessionChannelHandler;
import io.p2pchat.internal.peer.EndpointPeer.PeerIdentity;
import io.p2pchat.internal.protocol.Greeting;
import io.p2pchat.internal.protocol.NodeInfo;
import io.p2pchat.internal.security.TrustService;
import io.p2pchat.internal.session.SessionPhase;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Dials for one endpoint whose level is unknown, one address of its peer after the other. Only the
 * last attempt counts. It ends in a session, a level-0 send on the same connection, or a failure
 * (PROTOCOL.md section 3). Also creates the failures of messages that no dial could send.
 *
 * <p>Used on the event loop. The failure suppliers run on the completion thread.
 */
final class Redialer {
  /** The timeout for the greeting of a peer that is known to greet. */
  private static final Duration GREETING_WAIT = Duration.ofSeconds(5);

  private static final String ANOTHER_PEER = "another peer answers at its address";

  private @Nullable Attempt last;

  /** The last refusal of the peer, or of this node by the peer. Failing messages report it. */
  private @Nullable TrustException refusal;

  /** Dials to detect the level or to resume the session. */
  void dial(PeerEndpoint endpoint) {
    refusal = null;
    last = new Attempt(endpoint);
    last.begin();
  }

  /** Dials the next address of the last attempt. Returns false if none is left. */
  boolean dialNext() {
    Attempt attempt = last;
    if (attempt == null || attempt.left.isEmpty()) {
      return false;
    }
    attempt.dialNext();
    return true;
  }

  /** A session is open. */
  void succeeded() {
    refusal = null;
  }

  /** Trust does not allow a session. */
  void refused(TrustException reason) {
    refusal = reason;
  }

  /** Fails the first message, or all of them if each further attempt would fail in the same way. */
  static void notReached(PeerEndpoint endpoint, PeerNodeException reason) {
    OutboundFlow outbound = endpoint.outbound;
    endpoint.context.publisher().notReached(endpoint.status.id(), null);
    boolean all = Unreachable.isNotConnected(reason) || reason instanceof TrustException;
    outbound.fail(all ? Long.MAX_VALUE : outbound.queue.settled() + 1, () -> again(reason));
  }

  /** Returns why the messages do not go to the node that answers. */
  static String isNotIt(PeerEndpoint endpoint) {
    return endpoint.peer.boundKey() == null
        ? ANOTHER_PEER
        : "another node of the peer answers at its address";
  }

  /** Copies a failure for each message. */
  static PeerNodeException again(PeerNodeException reason) {
    if (reason instanceof TrustException refused) {
      return new TrustException(String.valueOf(refused.getMessage()), refused.refusal());
    }
    return reason instanceof PeerUnreachableException unreachable
        ? Unreachable.again(unreachable)
        : reason;
  }

  /** Returns the supplier of failures for the lines to {@code peer} that were never written. */
  Supplier<PeerNodeException> unsent(PeerAddress peer, Reason reason, String text) {
    TrustException refused = refusal;
    return () -> refused != null ? again(refused) : Unreachable.of(peer, reason, text);
  }

  /** One attempt. One that a later attempt has replaced has no effect. */
  private static final class Attempt implements SessionDial.Outcome {
    private final PeerEndpoint endpoint;
    private final PeerContext context;
    private final PeerAuthenticator authenticator;

    /** The peer is a node: there is a session, or it has greeted since the messages wait. */
    private final boolean isNode;

    private final Queue<PeerAddress> left = new ArrayDeque<>();

    /** The address that is dialed now. */
    private PeerAddress address;

    Attempt(PeerEndpoint endpoint) {
      this.endpoint = endpoint;
      this.isNode =
          endpoint.session.exists() || endpoint.session.hasGreeted() || endpoint.peer.isBound();
      this.context = endpoint.context;
      this.authenticator = context.authenticator();
      this.address = endpoint.address();
    }

    void begin() {
      authenticator
          .trust()
          .whenFresh(
              () -> {
                left.addAll(endpoint.peer.toDial());
                if (left.isEmpty()) {
                  PeerNodeException reason = unreachable("no address of it is known");
                  context.executors().onLoop(() -> failed(reason));
                } else {
                  dialNext();
                }
              });
    }

    private void dialNext() {
      address = left.remove();
      context
          .dialer()
          .dial(
              new SessionDial(
                  address,
                  PeerAddresses.target(address),
                  endpoint.peer.boundKey(),
                  patience(),
                  this));
    }

    private Duration patience() {
      return isNode
              || endpoint.owner.levels().greets(address)
              || authenticator.trust().isPinned(address)
          ? GREETING_WAIT
          : context.settings().greetingTimeout();
    }

    private boolean isLate() {
      return this != endpoint.redialer.last;
    }

    @Override
    public boolean encrypts(Greeting greeting) {
      endpoint.owner.levels().greeted(address);
      Policy policy = authenticator.policy();
      if (policy == Policy.PLAINTEXT && greeting.tls() == Greeting.Tls.REQUIRED) {
        throw unreachable("it requires encryption, and the policy of this node is plaintext");
      }
      if (policy != Policy.PLAINTEXT && greeting.tls() != Greeting.Tls.NO) {
        return true;
      }
      requirePlain();
      return false;
    }

    /** Throws if the peer must not be used without TLS. */
    private void requirePlain() {
      if (authenticator.policy() == Policy.REQUIRED) {
        throw unreachable("it does not encrypt, and this node requires that");
      }
      if (endpoint.peer.isBound()) {
        throw unreachable("it does not encrypt, and the message is for a peer with a key");
      }
      TrustException refused = authenticator.trust().changedHands(address, null, null);
      if (refused != null) {
        throw refused;
      }
      if (endpoint.peer.isSecret()) {
        throw unreachable("it does not encrypt any more, and the session with it was encrypted");
      }
    }

    private PeerUnreachableException unreachable(String reason) {
      return Unreachable.of(address, Reason.HANDSHAKE, reason);
    }

    @Override
    public void greeted(SessionChannelHandler channel, Greeting greeting) {
      if (isLate() || endpoint.session.phase() != SessionPhase.DIALING) {
        channel.close();
        return;
      }
      PeerIdentity identity = PeerIdentity.of(greeting.node(), channel);
      PeerEndpoint known = endpoint.owner.find(identity);
      PeerNodeException refused = refusal(channel, greeting, known);
      if (refused != null) {
        channel.close();
        if (known != null && known != endpoint && channel.peer() != null) {
          known.foundAt(address);
        }
        failed(refused);
      } else if (known != null && known != endpoint && known.peer.hasSession()) {
        channel.close();
        endpoint.session.fellBack();
        endpoint.owner.alias(endpoint, known, address);
      } else {
        endpoint.owner.shown(identity, endpoint);
        endpoint.take(channel);
        endpoint.session.greeted(context.executors().now(), channel, greeting);
        endpoint.after(context.executors().now());
      }
    }

    /** Returns why the messages must not go to the peer that answers, or null. */
    private @Nullable PeerNodeException refusal(
        SessionChannelHandler channel, Greeting greeting, @Nullable PeerEndpoint known) {
      Fingerprint shown = channel.peer();
      Fingerprint bound = endpoint.peer.boundKey();
      boolean isOther = !endpoint.peer.hasSessionWith(greeting.node());
      if (bound != null && !bound.equals(shown)) {
        endpoint.owner.replaced(endpoint, address);
        return unreachable(ANOTHER_PEER);
      }
      if (bound != null && greeting.node().equals(context.identity().node())) {
        return unreachable("this node itself listens at its address");
      }
      if (!isOther && !endpoint.peer.isSecuredAs(channel)) {
        return TrustService.imposture(address, endpoint.status.key(), shown);
      }
      String knownAs =
          known != null && known != endpoint && known.peer.hasSession()
              ? known.status.id().team()
              : null;
      boolean isKnown = knownAs != null;
      TrustException changed =
          shown == null ? null : authenticator.trust().changedHands(address, shown, knownAs);
      // A peer that is not known has to say its name first.
      if (changed != null
          && (changed.refusal().reason() == TrustException.Reason.STORAGE
              || (isKnown && bound == null))) {
        return changed;
      }
      // The session may go on elsewhere. Only a node at its last address is a restarted one.
      boolean goesOn =
          endpoint.peer.hasSession() && isOther && (!address.equals(endpoint.address()) || isKnown);
      return goesOn || (known != null && isForOther(known)) ? unreachable(isNotIt(endpoint)) : null;
    }

    /** The peer is not refused. It only does not get the messages for another. */
    private static boolean isNotForIt(TrustException reason) {
      return reason.refusal().reason() == TrustException.Reason.ADDRESS_CHANGED_HANDS
          && reason.refusal().presented().isPresent();
    }

    /**
     * A node of another team gets no messages for a peer. One that runs only to send something gets
     * none for its key.
     */
    private boolean isForOther(PeerEndpoint known) {
      boolean isBrief = known.status.isBrief() && endpoint.peer.isBound();
      boolean isOfOtherTeam =
          known.peer.hasSession() && !endpoint.peer.fits(known.status.id().team());
      return known != endpoint && (isBrief || isOfOtherTeam);
    }

    /** The peer may have dialed meanwhile. Returns whether the messages have gone there. */
    private boolean findsOther() {
      PeerEndpoint other = endpoint.owner.otherThan(endpoint);
      NodeInfo peer = other == null ? null : other.session.peer();
      if (other != null && peer != null) {
        endpoint.owner.found(other, peer);
      }
      return endpoint.outbound.queue.isClosed();
    }

    @Override
    public @Nullable PlainDial plain(boolean silent) {
      if (isLate() || endpoint.session.phase() != SessionPhase.DIALING) {
        return null;
      }
      long now = context.executors().now();
      if (isNode || (silent && endpoint.owner.levels().isBusy(now, address))) {
        throw unreachable(silent ? "it did not greet in time" : "what it said is no greeting");
      }
      if (endpoint.session.exists()) {
        return null;
      }
      requirePlain();
      endpoint.owner.levels().spokePlain(now, address);
      endpoint.session.fellBack();
      PlainDial next = endpoint.plainSends.next();
      endpoint.owner.dropIfUnused(endpoint);
      return next;
    }

    @Override
    public void cut(String reason) {
      if (isLate()) {
        return;
      }
      if (left.isEmpty()) {
        endpoint.session.contactCut(context.executors().now(), reason);
        endpoint.after(context.executors().now());
      } else {
        failed(unreachable(reason));
      }
    }

    @Override
    public void anotherKey(Greeting greeting, Fingerprint shown) {
      if (isLate() || endpoint.session.phase() != SessionPhase.DIALING) {
        return;
      }
      PeerEndpoint known = endpoint.owner.find(new PeerIdentity(greeting.node(), shown, null));
      if (known != null && known.peer.hasSession()) {
        // Not proven, so it is not dialed at once: two addresses could do that to each other.
        known.peer.addresses.claimed(address, true);
      }
      endpoint.owner.replaced(endpoint, address);
      failed(unreachable(ANOTHER_PEER));
    }

    @Override
    public void failed(PeerNodeException reason) {
      if (isLate() || endpoint.session.phase() != SessionPhase.DIALING) {
        return;
      }
      if (reason instanceof TrustException refused && !isNotForIt(refused)) {
        context.publisher().refused(address, refused, endpoint.inbound);
      }
      if (!left.isEmpty()) {
        dialNext();
        return;
      }
      if (endpoint.session.exists()) {
        endpoint.session.attemptFailed(
            context.executors().now(), String.valueOf(reason.getMessage()));
      } else {
        endpoint.session.fellBack();
        if (!findsOther()) {
          notReached(endpoint, reason);
        }
      }
      endpoint.after(context.executors().now());
    }
  }
}
