package io.p2pchat.internal.peer;

import io.p2pchat.Fingerprint;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerNodeException;
import io.p2pchat.PeerUnreachableException;
import io.p2pchat.PeerUnreachableException.Reason;
import io.p2pchat.Security.Policy;
import io.p2pchat.TrustException;
import io.p2pchat.internal.discovery.ContactResult.Failure;
import io.p2pchat.internal.discovery.Sought;
import io.p2pchat.internal.net.CoarseTimer;
import io.p2pchat.internal.net.Unreachable;
import io.p2pchat.internal.net.handshake.SessionDial;
import io.p2pchat.internal.net.plain.PlainDial;
import io.p2pchat.internal.net.session.SessionChannelHandler;
import io.p2pchat.internal.peer.EndpointPeer.PeerIdentity;
import io.p2pchat.internal.protocol.Greeting;
import io.p2pchat.internal.protocol.NodeInfo;
import io.p2pchat.internal.security.LinkLocal;
import io.p2pchat.internal.security.TrustService;
import io.p2pchat.internal.session.SessionPhase;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Dials for one endpoint whose level is unknown, one address of its peer after the other, or in
 * parallel if nobody has proven that the peer is there. Only the last attempt counts. It ends in a
 * session, a level-0 send on the same connection, or a failure (PROTOCOL.md section 3). Also
 * creates the failures of messages that no dial could send.
 *
 * <p>Used on the event loop. The failure suppliers run on the completion thread.
 */
final class Redialer {
  /** The timeout for the greeting of a peer that is known to greet. */
  private static final Duration GREETING_WAIT = Duration.ofSeconds(5);

  private static final String ANOTHER_PEER = "another peer answers at its address";

  /** The time between two dials of one peer that go on in parallel. */
  private static final long BETWEEN_DIALS_NANOS = Duration.ofMillis(250).toNanos();

  /**
   * The time before a link-local address is dialed in parallel, so that it is none by chance that
   * answers first.
   */
  private static final long BEFORE_LINK_LOCAL_NANOS = Duration.ofSeconds(2).toNanos();

  /** How many addresses of discovery one attempt dials. */
  static final int MOST_HINTS = 8;

  private @Nullable Attempt last;
  private long dialedAt = Long.MIN_VALUE;
  private Failure failure = Failure.OTHER;

  /** The last refusal of the peer, or of this node by the peer. Failing messages report it. */
  private @Nullable TrustException refusal;

  /** Dials to detect the level or to resume the session. */
  void dial(PeerEndpoint endpoint) {
    refusal = null;
    failure = Failure.OTHER;
    last = new Attempt(endpoint);
    last.begin();
  }

  /** Dials the next address of the last attempt. Returns false if none is left. */
  boolean dialNext() {
    Attempt attempt = last == null ? null : new Attempt(last);
    PeerAddress address = attempt == null ? null : attempt.next();
    if (attempt == null || address == null) {
      return false;
    }
    last = attempt;
    attempt.dial(address);
    return true;
  }

  /**
   * Discovery says anew where the peer may be. An attempt under way goes on there. If the session
   * waits for the next one, the peer is dialed there at once. If it is said to be where it is
   * dialed anyway, its other addresses are no news.
   */
  void hinted(PeerEndpoint endpoint) {
    Attempt attempt = last;
    Fingerprint bound = endpoint.peer.boundKey();
    if (bound == null) {
      return;
    }
    SessionPhase phase = endpoint.session.phase();
    if (phase == SessionPhase.WAITING && endpoint.session.exists()) {
      Collection<PeerAddress> known = endpoint.peer.toDial(List.of());
      if (endpoint.owner.isElsewhere(bound, known)
          && !endpoint.owner.hints(bound, known).isEmpty()) {
        long now = endpoint.context.executors().now();
        endpoint.session.redialAhead(nextDial(now, BETWEEN_DIALS_NANOS));
      }
    } else if (attempt != null
        && (phase == SessionPhase.DIALING || phase == SessionPhase.HELLO_SENT)) {
      attempt.addHints(bound);
    }
  }

  /** Returns when the next of several addresses may be dialed, so long after the last. */
  private long nextDial(long now, long pause) {
    return dialedAt == Long.MIN_VALUE ? now : Math.max(now, dialedAt + pause);
  }

  /** Returns why the last dial without a message has failed. */
  Failure failure() {
    return failure;
  }

  /** A session is open. */
  void succeeded() {
    refusal = null;
  }

  /** Trust does not allow a session. */
  void refused(TrustException reason) {
    refusal = reason;
  }

  /**
   * Fails the first message, and those for which each further attempt would fail in the same way:
   * all of them, or all that are for the peer that was not found.
   */
  static void notReached(PeerEndpoint endpoint, PeerNodeException reason) {
    OutboundFlow outbound = endpoint.outbound;
    endpoint.notReached();
    boolean all =
        Unreachable.isNotConnected(reason)
            || Unreachable.isTimeout(reason)
            || reason instanceof TrustException
            || endpoint.peer.seeks() != null;
    boolean forPeer = endpoint.peer.isBound();
    outbound.fail(all ? Long.MAX_VALUE : outbound.queue.settled() + 1, () -> again(reason));
    if (forPeer) {
      outbound.failForPeer(() -> again(reason));
    }
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
  private static final class Attempt {
    private final PeerEndpoint endpoint;
    private final PeerContext context;
    private final PeerAuthenticator authenticator;

    /** The peer is a node: there is a session, or it has greeted since the messages wait. */
    private final boolean isNode;

    private final Queue<PeerAddress> left = new ArrayDeque<>();

    /** Link-local addresses, for when the others do not answer. */
    private final Queue<PeerAddress> linkLocal = new ArrayDeque<>();

    private final Set<PeerAddress> hints = new LinkedHashSet<>();
    private final CoarseTimer timer;
    private int underWay;

    /** Several addresses are dialed in parallel, because nobody knows which is the right one. */
    private boolean races;

    /** A dial has won, or all have failed. */
    private volatile boolean over;

    Attempt(PeerEndpoint endpoint) {
      this.endpoint = endpoint;
      this.isNode =
          endpoint.session.exists()
              || endpoint.session.hasGreeted()
              || endpoint.peer.seeks() != null
              || endpoint.peer.isBound();
      this.context = endpoint.context;
      this.authenticator = context.authenticator();
      this.timer = new CoarseTimer(context.executors().loop, this::dialNext);
    }

    /** Goes on with the addresses that another attempt has left. */
    Attempt(Attempt before) {
      this(before.endpoint);
      hints.addAll(before.hints);
      left.addAll(before.left);
      linkLocal.addAll(before.linkLocal);
      races = before.races;
    }

    void begin() {
      boolean ahead = endpoint.session.isAhead();
      authenticator
          .trust()
          .whenFresh(
              () -> {
                Fingerprint bound = endpoint.peer.boundKey();
                if (bound != null) {
                  endpoint.owner.kept().failAccepted(endpoint, bound);
                  hints.addAll(said(bound));
                }
                (ahead ? hints : endpoint.peer.toDial(List.copyOf(hints))).forEach(this::add);
                races = endpoint.peer.seeks() != null || !hints.isEmpty();
                if (isNoneLeft()) {
                  PeerNodeException reason =
                      unreachable(endpoint.address(), "no address of it is known");
                  context.executors().onLoop(() -> failed(endpoint.address(), reason));
                } else {
                  dialNext();
                }
              });
    }

    /** A link-local address comes last, unless it is the one where the peer was last. */
    private void add(PeerAddress address) {
      (LinkLocal.is(address) && !isNoneLeft() ? linkLocal : left).add(address);
    }

    private boolean isNoneLeft() {
      return left.isEmpty() && linkLocal.isEmpty();
    }

    /** Returns how long the next address waits for the answers of those that were dialed. */
    private long pause() {
      return left.isEmpty() ? BEFORE_LINK_LOCAL_NANOS : BETWEEN_DIALS_NANOS;
    }

    /** Returns where discovery says that the key is, beside the known addresses. */
    private Set<PeerAddress> said(Fingerprint key) {
      Collection<PeerAddress> known = endpoint.peer.toDial(List.of());
      Set<PeerAddress> said = new LinkedHashSet<>(endpoint.peer.announced);
      said.addAll(endpoint.owner.hints(key, known));
      said.removeAll(known);
      return said;
    }

    /** Dials the addresses too where discovery says by now that the key is. */
    void addHints(Fingerprint key) {
      for (PeerAddress address : said(key)) {
        if (hints.size() < MOST_HINTS && hints.add(address)) {
          (LinkLocal.is(address) ? linkLocal : left).add(address);
          races = true;
        }
      }
      long now = context.executors().now();
      if (races && !isNoneLeft() && !isLate()) {
        timer.set(now, endpoint.redialer.nextDial(now, pause()));
      }
    }

    private void dialNext() {
      if (isLate()) {
        return;
      }
      PeerAddress address = next();
      if (address != null) {
        dial(address);
      } else if (underWay == 0) {
        fail(unreachable(endpoint.address(), "it was dialed not long ago"));
      }
    }

    private @Nullable PeerAddress next() {
      PeerAddress address = poll();
      while (address != null && hints.contains(address) && !endpoint.owner.dialsHint(address)) {
        address = poll();
      }
      return address;
    }

    private @Nullable PeerAddress poll() {
      return left.isEmpty() ? linkLocal.poll() : left.poll();
    }

    private void dial(PeerAddress address) {
      underWay++;
      long now = context.executors().now();
      endpoint.redialer.dialedAt = now;
      context
          .dialer()
          .dial(
              new SessionDial(
                  address,
                  PeerAddresses.target(address),
                  patience(address),
                  new OneDial(this, address)));
      if (races && !isNoneLeft()) {
        timer.set(now, now + pause());
      }
    }

    private Duration patience(PeerAddress address) {
      return isNode
              || endpoint.owner.levels().greets(address)
              || authenticator.trust().isPinned(address)
          ? GREETING_WAIT
          : context.settings().greetingTimeout();
    }

    private boolean isLate() {
      return over || this != endpoint.redialer.last;
    }

    private void end() {
      over = true;
      timer.cancel();
    }

    /** Returns whether the others have failed and no address is left. */
    private boolean isLastDial() {
      return isNoneLeft() && underWay == 1;
    }

    private static PeerUnreachableException unreachable(PeerAddress address, String reason) {
      return Unreachable.of(address, Reason.HANDSHAKE, reason);
    }

    /** A dial has failed, or there was none. */
    void failed(PeerAddress address, PeerNodeException reason) {
      underWay--;
      if (isLate() || endpoint.session.phase() != SessionPhase.DIALING) {
        return;
      }
      if (reason instanceof TrustException refused && !isNotForIt(refused)) {
        context.publisher().refused(address, refused, endpoint.inbound);
      }
      if (!isNoneLeft()) {
        if (!races) {
          dialNext();
        } else if (underWay <= 0) {
          long now = context.executors().now();
          timer.set(now, endpoint.redialer.nextDial(now, BETWEEN_DIALS_NANOS));
        }
        return;
      }
      if (underWay <= 0) {
        fail(reason);
      }
    }

    /** All dials have failed. */
    private void fail(PeerNodeException reason) {
      end();
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

    /** The peer is not refused. It only does not get the messages for another. */
    private static boolean isNotForIt(TrustException reason) {
      return reason.refusal().reason() == TrustException.Reason.ADDRESS_CHANGED_HANDS;
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
  }

  /** The dial of one address. */
  private static final class OneDial implements SessionDial.Outcome {
    private final Attempt attempt;
    private final PeerEndpoint endpoint;
    private final PeerContext context;
    private final PeerAuthenticator authenticator;
    private final PeerAddress address;
    private final @Nullable Sought sought;

    /** The key that the peer must have, or null for any. */
    private final @Nullable Fingerprint bound;

    OneDial(Attempt attempt, PeerAddress address) {
      this.attempt = attempt;
      this.endpoint = attempt.endpoint;
      this.context = attempt.context;
      this.authenticator = attempt.authenticator;
      this.address = address;
      this.sought = endpoint.peer.seeks();
      this.bound = endpoint.peer.boundKey();
    }

    @Override
    public boolean isOver() {
      return attempt.isLate();
    }

    @Override
    public @Nullable Predicate<Fingerprint> wanted(Greeting greeting) {
      if (bound == null && sought == null) {
        return null;
      }
      return key ->
          !attempt.over
              && (bound == null || bound.equals(key))
              && (sought == null || sought.is(greeting.node(), key));
    }

    @Override
    public boolean encrypts(Greeting greeting) {
      if (attempt.isLate()) {
        throw unreachable("another of its addresses answered before");
      }
      if (sought != null) {
        requireSought(sought, greeting);
      } else {
        requireOther(greeting);
        endpoint.owner.levels().greeted(address);
      }
      Policy policy = authenticator.policy();
      if (policy == Policy.PLAINTEXT && greeting.tls() == Greeting.Tls.REQUIRED) {
        throw unreachable("it requires encryption, and the policy of this node is plaintext");
      }
      if (policy != Policy.PLAINTEXT && greeting.tls() != Greeting.Tls.NO) {
        return true;
      }
      if (greeting.tls() != Greeting.Tls.NO) {
        requireNoKey();
      }
      requirePlain(teamOf(greeting));
      return false;
    }

    /** Returns the team of the peer if it has a session without TLS, or null. */
    private @Nullable String teamOf(Greeting greeting) {
      InetAddress ip = PeerAddresses.target(address).getAddress();
      PeerEndpoint known = endpoint.owner.find(new PeerIdentity(greeting.node(), null, ip));
      NodeInfo info = known == null ? null : known.session.peer();
      return info == null ? null : info.team();
    }

    /** Throws if only the policy of this node keeps a peer with a key from being encrypted to. */
    private void requireNoKey() {
      if (endpoint.peer.isForKey() || authenticator.trust().isPinned(address)) {
        throw unreachable(
            "its key is known, and this node does not encrypt, because its policy is plaintext");
      }
    }

    /** A dial without a message ends here if this node itself answers. */
    private void requireOther(Greeting greeting) {
      if (greeting.node().equals(context.identity().node()) && !endpoint.outbound.hasLines()) {
        endpoint.redialer.failure = Failure.SELF;
        throw unreachable("this node itself listens at its address");
      }
    }

    private void requireSought(Sought peer, Greeting greeting) {
      if (!peer.isNode(greeting.node())) {
        throw unreachable("another node answers at its address");
      }
      if (greeting.node().equals(context.identity().node())) {
        throw unreachable("this node itself listens at its address");
      }
    }

    /** Throws if the peer must not be used without TLS. */
    private void requirePlain(@Nullable String team) {
      if (authenticator.policy() == Policy.REQUIRED) {
        throw unreachable("it does not encrypt, and this node requires that");
      }
      if (endpoint.peer.isForKey()) {
        endpoint.owner.kept().changedHands(endpoint, address, null);
        throw unreachable("it does not encrypt, and the message is for a peer with a key");
      }
      TrustException refused = authenticator.trust().changedHands(address, null, team);
      if (refused != null) {
        throw refused;
      }
      if (endpoint.peer.isSecret()) {
        throw unreachable("it does not encrypt any more, and the session with it was encrypted");
      }
    }

    private PeerUnreachableException unreachable(String reason) {
      return Attempt.unreachable(address, reason);
    }

    @Override
    public void greeted(SessionChannelHandler channel, Greeting greeting) {
      if (attempt.isLate() || endpoint.session.phase() != SessionPhase.DIALING) {
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
        return;
      }
      attempt.end();
      if (known != null && known != endpoint && known.peer.hasSession()) {
        channel.close();
        endpoint.session.fellBack();
        endpoint.contacted(known);
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
        endpoint.owner.kept().changedHands(endpoint, address, shown);
        return unreachable(ANOTHER_PEER);
      }
      if (sought != null && !sought.is(greeting.node(), shown)) {
        return unreachable("another peer answers at its address");
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

    /**
     * A node of another team gets no messages for a peer. A node that runs only to send something
     * gets none for its key. A node that has said {@code TAKES:none} gets no kept messages.
     */
    private boolean isForOther(PeerEndpoint known) {
      boolean takesNothing =
          known.status.isBrief() || (known.status.takesNone() && endpoint.outbound.queue.hasKept());
      boolean isOfOtherTeam =
          known.peer.hasSession() && !endpoint.peer.fits(known.status.id().team());
      return known != endpoint && ((takesNothing && endpoint.peer.isBound()) || isOfOtherTeam);
    }

    @Override
    public @Nullable PlainDial plain(boolean silent) {
      if (attempt.isLate() || endpoint.session.phase() != SessionPhase.DIALING) {
        return null;
      }
      if (silent) {
        endpoint.redialer.failure = Failure.SILENCE;
        endpoint.owner.silent(address);
      }
      long now = context.executors().now();
      if (attempt.isNode || (silent && endpoint.owner.levels().greets(address))) {
        throw silent
            ? Unreachable.of(address, Reason.TIMED_OUT, "it did not greet in time")
            : unreachable("what it said is no greeting");
      }
      if (endpoint.session.exists()) {
        return null;
      }
      if (silent && authenticator.trust().isPinned(address)) {
        // It has shown no key, so its key is not the matter. It may be asleep.
        throw Unreachable.silent(address);
      }
      if (!endpoint.outbound.hasLines()) {
        // Dialed without a message: what it speaks is not remembered.
        throw unreachable("it did not greet");
      }
      requirePlain(null);
      attempt.end();
      endpoint.owner.levels().spokePlain(now, address);
      endpoint.session.fellBack();
      PlainDial next = endpoint.plainSends.next();
      endpoint.owner.dropIfUnused(endpoint);
      return next;
    }

    @Override
    public void cut(String reason) {
      if (attempt.isLate()) {
        return;
      }
      if (attempt.isLastDial()) {
        attempt.end();
        endpoint.session.contactCut(context.executors().now(), reason);
        endpoint.after(context.executors().now());
      } else {
        failed(unreachable(reason));
      }
    }

    @Override
    public void anotherKey(Greeting greeting, Fingerprint shown) {
      if (attempt.isLate() || endpoint.session.phase() != SessionPhase.DIALING) {
        return;
      }
      PeerEndpoint known = endpoint.owner.find(new PeerIdentity(greeting.node(), shown, null));
      if (known != null && known.peer.hasSession()) {
        // Not proven, so it is not dialed at once: two addresses could do that to each other.
        known.peer.addresses.claimed(address, true);
      }
      endpoint.owner.replaced(endpoint, address);
      endpoint.owner.kept().changedHands(endpoint, address, shown);
      failed(unreachable(ANOTHER_PEER));
    }

    @Override
    public void failed(PeerNodeException reason) {
      attempt.failed(address, reason);
    }
  }
}
