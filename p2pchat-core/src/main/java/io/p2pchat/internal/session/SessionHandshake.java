package io.p2pchat.internal.session;

import io.p2pchat.PeerUnreachableException;
import io.p2pchat.internal.protocol.Bye.Reason;
import io.p2pchat.internal.protocol.Greeting;
import io.p2pchat.internal.protocol.Hello;
import io.p2pchat.internal.protocol.NodeInfo;
import io.p2pchat.internal.protocol.RandomIds;
import io.p2pchat.internal.protocol.Welcome;
import io.p2pchat.internal.session.SessionEffects.Event;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Decides what {@code GREETING}, {@code HELLO} and {@code WELCOME} lead to: a resumed session, a
 * new one, or none (PROTOCOL.md sections 3 to 5).
 */
final class SessionHandshake {
  private static final int VERSION = 1;
  private static final String IMPOSSIBLE_COUNT =
      "a count of received lines that cannot be: beyond what was sent, or below what was acknowledged";
  private static final String ANOTHER = "another peer answers at its address";

  private final Supplier<NodeInfo> self;
  private final EndedSessions.OfHost endedSessions;
  private final RandomGenerator random;
  private final SessionState state;
  private final SessionIdentity identity;
  private final SentLines sent;
  private @Nullable String greetedNode;

  /** What this node has said about itself in the handshake. It may get its store meanwhile. */
  private @Nullable NodeInfo said;

  /** Until then a {@code HELLO} may arrive that the peer sent before its last {@code WELCOME}. */
  private long crossingUntil = Long.MIN_VALUE;

  private long welcomeReceived;

  SessionHandshake(
      Supplier<NodeInfo> self,
      EndedSessions.OfHost endedSessions,
      RandomGenerator random,
      SessionState state) {
    this.self = self;
    this.endedSessions = endedSessions;
    this.random = random;
    this.state = state;
    this.identity = state.identity;
    this.sent = state.sent;
  }

  void greeted(long now, SessionConnection from, Greeting greeting) {
    if (state.phase() != SessionPhase.DIALING) {
      from.close();
    } else if (greeting.node().equals(self.get().node())) {
      from.close();
      state.attemptEnded(
          now,
          PeerUnreachableException.Reason.HANDSHAKE,
          "this node itself listens at its address");
    } else {
      greetedNode = greeting.node();
      state.awaitWelcome(now, from);
      boolean resumes = identity.exists() && identity.isWith(greetedNode);
      NodeInfo introduced = self(from);
      said = introduced;
      from.send(
          new Hello(
              VERSION,
              introduced,
              resumes ? identity.id() : null,
              resumes ? state.received().received() : 0));
    }
  }

  /** See {@link Session#hasSaidStore}. */
  boolean hasSaidStore() {
    return said != null && said.stores();
  }

  /** See {@link Session#isRepeated}. */
  boolean isRepeated(long now, Hello hello) {
    NodeInfo peer = identity.peer();
    NodeInfo named = hello.from();
    if (peer == null || !identity.exists() || !identity.isWith(named.node())) {
      return false;
    }
    boolean isDuplicate = isOvertaken(now, hello) && self.get().node().compareTo(named.node()) < 0;
    boolean isNew =
        state.phase() == SessionPhase.OPEN
            && identity.isConfirmed()
            && !identity.is(hello.session(), named.node());
    return peer.port() != named.port()
        || !peer.team().equals(named.team())
        || (isNew && !isDuplicate);
  }

  void hello(long now, SessionConnection from, Hello hello) {
    String node = hello.from().node();
    boolean bothDialed =
        state.phase() == SessionPhase.HELLO_SENT
            ? node.equals(greetedNode)
            : isOvertaken(now, hello);
    String own = self.get().node();
    if (node.equals(own) || (bothDialed && own.compareTo(node) < 0)) {
      state.refuse(from, Reason.DUPLICATE);
      return;
    }
    crossingUntil = Long.MIN_VALUE;
    state.drop();
    said = self(from);
    if (!identity.is(hello.session(), node)
        || bothStore(from, hello.from()) != state.stores.isBetween()) {
      welcomeAnew(now, from, hello);
    } else if (sent.isPossible(hello.received())) {
      from.send(welcome(state.received().received(), Welcome.NONE));
      state.open(now, from, sent.number(hello.received()));
    } else {
      state.out.violated(from, IMPOSSIBLE_COUNT);
      state.refuse(from, Reason.PROTOCOL);
      state.end(now, Event.ENDED, "the protocol was broken");
    }
  }

  /**
   * Returns whether the peer sent this before the {@code WELCOME} that opened this connection. It
   * can arrive later because it uses another connection. A later resumption mostly has another
   * count.
   */
  private boolean isOvertaken(long now, Hello hello) {
    String node = hello.from().node();
    boolean resumes = identity.is(hello.session(), node);
    return state.phase() == SessionPhase.OPEN
        && now < crossingUntil
        && identity.isWith(node)
        && (!resumes || hello.received() == welcomeReceived);
  }

  void welcomed(long now, SessionConnection from, Welcome welcome) {
    if (from != state.connection()) {
      return;
    }
    String node = welcome.from().node();
    if (state.phase() != SessionPhase.HELLO_SENT || !node.equals(greetedNode)) {
      state.protocolBroken(now, from, "a WELCOME out of place");
    } else if (identity.is(welcome.session(), node)) {
      welcomedBack(now, from, welcome);
    } else if (identity.exists() && !identity.isWith(welcome.from())) {
      state.refuse(from, Reason.CLOSING);
      state.drop();
      state.attemptEnded(now, PeerUnreachableException.Reason.HANDSHAKE, ANOTHER);
    } else {
      welcomedAnew(now, from, welcome);
    }
  }

  private void welcomeAnew(long now, SessionConnection from, Hello hello) {
    // The peer goes on with the session, but one side has got its store. Then nothing of it is
    // lost.
    boolean goesOn =
        identity.is(hello.session(), hello.from().node()) && sent.isPossible(hello.received());
    if (goesOn) {
      state.remember(now);
    }
    long ended = ended(now, hello);
    boolean bothStore = bothStore(from, hello.from());
    if (goesOn) {
      state.out.acknowledged(sent.number(hello.received()));
    } else if (identity.exists()) {
      supersede(now, hello.from(), bothStore);
    }
    state.begin(RandomIds.session(random.nextLong()), hello.from(), false, bothStore);
    from.send(welcome(0, ended));
    state.open(now, from, sent.number(0));
  }

  private long ended(long now, Hello hello) {
    String session = hello.session();
    return session == null
        ? Welcome.NONE
        : endedSessions.received(now, session, hello.from().node());
  }

  /**
   * The peer opens a session although it has one. After a restart, the unacknowledged lines are
   * sent again. Otherwise it has ended the session or never saw the {@code WELCOME}, so the fate of
   * written lines is unknown.
   */
  private void supersede(long now, NodeInfo newcomer, boolean bothStore) {
    if (!identity.isWith(newcomer)) {
      state.end(now, Event.ENDED, ANOTHER);
      return;
    }
    state.remember(now);
    if (!identity.isWith(newcomer.node())) {
      forgotten(bothStore);
    } else {
      state.out.unknown(sent.writtenEver(), "the peer had ended it");
    }
  }

  private void welcomedBack(long now, SessionConnection from, Welcome welcome) {
    if (sent.isPossible(welcome.received())) {
      identity.confirm();
      openDialed(now, from, welcome);
    } else {
      state.protocolBroken(now, from, IMPOSSIBLE_COUNT);
    }
  }

  private void welcomedAnew(long now, SessionConnection from, Welcome welcome) {
    if (welcome.received() != 0) {
      state.protocolBroken(now, from, "a WELCOME for a new session that has received lines");
      return;
    }
    boolean bothStore = bothStore(from, welcome.from());
    if (welcome.ended() != Welcome.NONE && !state.stores.isBetween()) {
      if (!sent.isPossible(welcome.ended())) {
        state.protocolBroken(now, from, IMPOSSIBLE_COUNT);
        return;
      }
      state.out.acknowledged(sent.number(welcome.ended()));
    } else if (identity.exists() && (identity.isConfirmed() || !identity.isWith(greetedNode))) {
      forgotten(bothStore);
    }
    state.begin(welcome.session(), welcome.from(), true, bothStore);
    openDialed(now, from, welcome);
  }

  private void openDialed(long now, SessionConnection from, Welcome welcome) {
    crossingUntil = now + state.crossing();
    welcomeReceived = welcome.received();
    state.open(now, from, sent.number(welcome.received()));
  }

  /**
   * The peer has forgotten the session. Lines that it may have received are sent again, and between
   * two stores only those that it has not stored.
   */
  private void forgotten(boolean bothStore) {
    if (sent.hasUnknown() && !(bothStore && state.stores.isBetween())) {
      state.out.happened(Event.RESET);
    }
  }

  private Welcome welcome(long received, long ended) {
    return new Welcome(VERSION, Objects.requireNonNull(said), identity.id(), received, ended);
  }

  /** Returns what this node says about itself on a connection. */
  private NodeInfo self(SessionConnection to) {
    return to.isEncrypted() ? self.get() : self.get().inPlain();
  }

  /** Returns whether both sides of a connection have said that they have a store. */
  private boolean bothStore(SessionConnection from, NodeInfo peer) {
    return from.isEncrypted() && peer.stores() && Objects.requireNonNull(said).stores();
  }
}
