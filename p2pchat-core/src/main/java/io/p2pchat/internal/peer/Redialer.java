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
import io.p2pchat.internal.peer.PeerIndex.PeerIdentity;
import io.p2pchat.internal.protocol.Greeting;
import io.p2pchat.internal.security.TrustService;
import io.p2pchat.internal.session.SessionPhase;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The dials of one endpoint whose level is not known, of which the last one counts; what their end
 * leads to: a session, a level-0 send on the same connection, or a failure (PROTOCOL.md section 3);
 * and what the messages fail with that were not sent since none has succeeded.
 *
 * <p>Used on the event loop; what makes a failure for each message is called on the thread that
 * completes futures.
 */
final class Redialer {
  /** How long a peer that is known to greet may take. */
  private static final Duration GREETING_WAIT = Duration.ofSeconds(5);

  private @Nullable Attempt last;

  /** Why the peer, or this node at the peer, was refused last; what then fails tells so. */
  private @Nullable TrustException refusal;

  /** Dials, to find out the level or to resume the session. */
  void dial(PeerEndpoint endpoint) {
    refusal = null;
    last = new Attempt(endpoint);
    last.begin();
  }

  /** A session is open. */
  void succeeded() {
    refusal = null;
  }

  /** There is to be no session, for trust. */
  void refused(TrustException reason) {
    refusal = reason;
  }

  /** What the dial was made for fails; the rest too, if it would have to wait as long again. */
  static void notReached(PeerEndpoint endpoint, PeerNodeException reason) {
    OutboundFlow outbound = endpoint.outbound;
    endpoint.context.publisher().unreachable(endpoint.address, null);
    boolean all = PlainSends.isTimeout(reason) || reason instanceof TrustException;
    outbound.fail(all ? Long.MAX_VALUE : outbound.queue.settled() + 1, () -> again(reason));
  }

  /** A failure of its own for each message. */
  private static PeerNodeException again(PeerNodeException reason) {
    if (reason instanceof TrustException refused) {
      return new TrustException(String.valueOf(refused.getMessage()), refused.refusal());
    }
    return reason instanceof PeerUnreachableException unreachable
        ? Unreachable.again(unreachable)
        : reason;
  }

  /** What the lines to {@code peer} that were never written fail with, as it is now. */
  Supplier<PeerNodeException> unsent(PeerAddress peer, Reason reason, String text) {
    TrustException refused = refusal;
    return () -> refused != null ? again(refused) : Unreachable.of(peer, reason, text);
  }

  /** One dial. One that a later dial has taken the place of changes nothing. */
  private static final class Attempt implements SessionDial.Outcome {
    private final PeerEndpoint endpoint;
    private final PeerContext context;
    private final PeerAuthenticator authenticator;

    Attempt(PeerEndpoint endpoint) {
      this.endpoint = endpoint;
      this.context = endpoint.context;
      this.authenticator = context.authenticator();
    }

    void begin() {
      boolean resumes = endpoint.session.exists();
      authenticator
          .trust()
          .whenFresh(
              () -> {
                boolean greets = resumes || authenticator.trust().isPinned(endpoint.address);
                Duration wait = greets ? GREETING_WAIT : context.settings().greetingTimeout();
                context
                    .dialer()
                    .dial(new SessionDial(endpoint.address, endpoint.target, wait, !resumes, this));
              });
    }

    private boolean isLate() {
      return this != endpoint.redialer.last;
    }

    @Override
    public boolean encrypts(Greeting greeting) {
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

    /** Throws unless the peer may be talked to without TLS. */
    private void requirePlain() {
      if (authenticator.policy() == Policy.REQUIRED) {
        throw unreachable("it does not encrypt, and this node requires that");
      }
      TrustException refused = authenticator.trust().refusesPlain(endpoint.address);
      if (refused != null) {
        throw refused;
      }
      if (endpoint.isSecret()) {
        throw unreachable("it does not encrypt any more, and the session with it was encrypted");
      }
    }

    private PeerUnreachableException unreachable(String reason) {
      return Unreachable.of(endpoint.address, Reason.HANDSHAKE, reason);
    }

    @Override
    public void greeted(SessionChannelHandler channel, Greeting greeting) {
      if (isLate()) {
        channel.close();
        return;
      }
      endpoint.owner.plainPeers().remove(endpoint.address);
      TrustException refused = refusal(channel, greeting);
      if (refused != null) {
        channel.close();
        failed(refused);
        return;
      }
      PeerIdentity identity = PeerIdentity.of(greeting.node(), channel);
      PeerEndpoint known = endpoint.owner.index().find(identity);
      if (known != null && known != endpoint && known.hasSession() && !endpoint.hasSession()) {
        channel.close();
        endpoint.session.fellBack();
        endpoint.owner.alias(endpoint, known);
        return;
      }
      if (endpoint.session.phase() == SessionPhase.DIALING) {
        endpoint.owner.index().add(identity, endpoint);
      }
      endpoint.take(channel);
      endpoint.session.greeted(context.executors().now(), channel, greeting);
      endpoint.after(context.executors().now());
    }

    /** A session goes on only with the key that it has. */
    private @Nullable TrustException refusal(SessionChannelHandler channel, Greeting greeting) {
      Fingerprint key = channel.peer();
      TrustException refused =
          key == null ? null : authenticator.trust().refusesDialed(endpoint.address, key);
      return refused == null
              && endpoint.hasSessionWith(greeting.node())
              && !endpoint.isSecuredAs(channel)
          ? TrustService.imposture(endpoint.address, endpoint.status.key(), key)
          : refused;
    }

    @Override
    public @Nullable PlainDial plain() {
      if (isLate()
          || endpoint.session.phase() != SessionPhase.DIALING
          || endpoint.session.exists()) {
        return null;
      }
      requirePlain();
      endpoint.owner.plainPeers().add(context.executors().now(), endpoint.address);
      endpoint.session.fellBack();
      PlainDial next = endpoint.plainSends.next();
      endpoint.owner.dropIfUnused(endpoint);
      return next;
    }

    @Override
    public void failed(PeerNodeException reason) {
      if (isLate() || endpoint.session.phase() != SessionPhase.DIALING) {
        return;
      }
      if (reason instanceof TrustException refused) {
        context.publisher().refused(endpoint.address, refused, endpoint.inbound);
      }
      if (endpoint.session.exists()) {
        endpoint.session.attemptFailed(
            context.executors().now(), String.valueOf(reason.getMessage()));
      } else {
        endpoint.session.fellBack();
        notReached(endpoint, reason);
      }
      endpoint.after(context.executors().now());
    }
  }
}
