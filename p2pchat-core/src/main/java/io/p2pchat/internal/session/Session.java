package io.p2pchat.internal.session;

import io.p2pchat.PeerUnreachableException.Reason;
import io.p2pchat.internal.protocol.Ack;
import io.p2pchat.internal.protocol.Bye;
import io.p2pchat.internal.protocol.Greeting;
import io.p2pchat.internal.protocol.Hello;
import io.p2pchat.internal.protocol.Next;
import io.p2pchat.internal.protocol.NodeInfo;
import io.p2pchat.internal.protocol.Outbox;
import io.p2pchat.internal.protocol.Ping;
import io.p2pchat.internal.protocol.Stored;
import io.p2pchat.internal.protocol.Welcome;
import io.p2pchat.internal.session.SessionEffects.Event;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The session with one peer, over any number of connections (PROTOCOL.md sections 3 to 6). {@link
 * SessionPhase} draws its phases.
 *
 * <p>Every input carries the time, in nanoseconds of one steady clock. Input from a connection that
 * the session has left is ignored. Not thread-safe.
 */
public final class Session {
  private final SessionState state;
  private final SessionHandshake handshake;
  private final SessionExchange exchange;
  private final SessionIdentity identity;
  private final RedialTimer redial;
  private final SessionShutdown shutdown;

  /**
   * Creates a session that has not begun.
   *
   * @param self the introduction of this node, which changes when it gets its store
   * @param lines the queue of lines to the peer
   * @param endedSessions remembers the ended sessions with the peer's host
   * @param random the source of identifiers and jitter
   */
  public Session(
      SessionTimeouts times,
      Supplier<NodeInfo> self,
      LineQueue lines,
      SessionEffects out,
      EndedSessions.OfHost endedSessions,
      RandomGenerator random) {
    this.state = new SessionState(times, lines, out, endedSessions, random);
    this.handshake = new SessionHandshake(self, endedSessions, random, state);
    this.exchange = new SessionExchange(state);
    this.identity = state.identity;
    this.redial = state.redial;
    this.shutdown = state.shutdown;
  }

  /** Returns the phase. */
  public SessionPhase phase() {
    return state.phase();
  }

  /** Returns whether a session exists, with or without a connection. */
  public boolean exists() {
    return identity.exists();
  }

  /** Returns whether this session has this identifier and {@code NODE}. */
  public boolean is(@Nullable String id, String node) {
    return identity.is(id, node);
  }

  /** Returns whether the peer has greeted since lines began to wait. So it is a node. */
  public boolean hasGreeted() {
    return state.hasGreeted();
  }

  /** Returns the peer's introduction, or null before there was one. */
  public @Nullable NodeInfo peer() {
    return identity.peer();
  }

  /** Returns the number after the last line ever written. */
  public long writtenTo() {
    state.sent.note(state.connection());
    return state.sent.writtenEver();
  }

  /** Returns the connection in use, or null. */
  public @Nullable SessionConnection connection() {
    return state.connection();
  }

  /**
   * Returns a number that changes with each new session. Received lines carry it, and {@link
   * #taken} gets it back.
   */
  public long epoch() {
    return identity.epoch();
  }

  /** The application has queued lines. */
  public void linesWait(long now) {
    switch (state.phase()) {
      case IDLE -> state.beginContact();
      case WAITING -> redial.redial(now);
      case OPEN -> state.progress.expect(now);
      case DIALING, HELLO_SENT -> {}
    }
  }

  /** The dialed peer has greeted. */
  public void greeted(long now, SessionConnection from, Greeting greeting) {
    handshake.greeted(now, from, greeting);
  }

  /** The peer was not reached, or did not greet. */
  public void attemptFailed(long now, String reason) {
    if (state.phase() == SessionPhase.DIALING) {
      state.attemptEnded(now, Reason.HANDSHAKE, reason);
    }
  }

  /** The dialed peer has greeted, and the connection ended before TLS was ready. */
  public void contactCut(long now, String reason) {
    if (state.phase() == SessionPhase.DIALING) {
      state.contactCut(now, Reason.HANDSHAKE, reason);
    }
  }

  /** The dialed peer speaks level 0 only. The queued lines belong to no session. */
  public void fellBack() {
    if (state.phase() == SessionPhase.DIALING && !identity.exists()) {
      state.idle();
    }
  }

  /**
   * Gives up to dial a peer, if there is no session and {@code HELLO} was not sent. Returns whether
   * it did, so that the queued lines belong to no session.
   */
  public boolean givesUpContact() {
    boolean contacts =
        !identity.exists()
            && (state.phase() == SessionPhase.DIALING
                || state.phase() == SessionPhase.WAITING
                || state.phase() == SessionPhase.IDLE);
    if (contacts) {
      state.idle();
    }
    return contacts;
  }

  /** A connection has ended. */
  public void lost(long now, SessionConnection from) {
    if (from != state.connection()) {
      return;
    }
    state.drop();
    if (state.phase() == SessionPhase.HELLO_SENT) {
      state.contactCut(now, Reason.CLOSED, "the connection ended before the session began");
    } else {
      state.disconnected(now);
    }
  }

  /**
   * This machine has lost its address of the connection, so the peer would dial in vain. This side
   * leaves the connection, and redials for the rest of the session.
   */
  public void moved(long now) {
    if (identity.exists()) {
      identity.becomeDialer();
      if (state.phase() == SessionPhase.OPEN) {
        state.drop();
        state.disconnected(now);
      }
      found(now);
    }
  }

  /** The peer was found. If its session has no connection, it is dialed at once. */
  public void found(long now) {
    if (state.phase() == SessionPhase.WAITING || state.phase() == SessionPhase.DIALING) {
      redial.reset();
    }
    if (state.phase() == SessionPhase.WAITING) {
      redial.redialAt(now);
    }
  }

  /**
   * The peer may be at an address that was not dialed. If this side redials, it does so once at
   * that time, whatever the delay is.
   */
  public void redialAhead(long at) {
    if (state.phase() == SessionPhase.WAITING) {
      redial.redialAhead(at);
    }
  }

  /** Returns whether the redial is one that {@link #redialAhead} has caused. */
  public boolean isAhead() {
    return redial.isAhead();
  }

  /**
   * Somebody else wants the place of the peer. The peer is asked for a sign of life at once. If it
   * gives none, its connection ends soon.
   */
  public void probe(long now) {
    if (state.phase() == SessionPhase.OPEN && state.liveness.probe(now)) {
      state.send(new Ping(Long.toString(now)));
    }
  }

  /**
   * Returns whether a {@code HELLO} with the {@code NODE} of the peer is not from the peer, as far
   * as can be told without a key. A peer never changes its team and port, and it names the session
   * that it knows.
   */
  public boolean isRepeated(long now, Hello hello) {
    return handshake.isRepeated(now, hello);
  }

  /** A dialer requests a session. */
  public void hello(long now, SessionConnection from, Hello hello) {
    handshake.hello(now, from, hello);
  }

  /** The dialed peer accepts the session. */
  public void welcomed(long now, SessionConnection from, Welcome welcome) {
    handshake.welcomed(now, from, welcome);
  }

  /** The peer's application has taken lines. */
  public void acknowledged(long now, SessionConnection from, Ack ack) {
    exchange.acknowledged(now, from, ack);
  }

  /**
   * Chat lines arrived and were passed to the dispatcher. Returns false if they must be dropped.
   */
  public boolean received(long now, SessionConnection from, int lines) {
    return exchange.received(now, from, lines);
  }

  /** Returns whether this node has said on the last connection that it has a store. */
  public boolean hasSaidStore() {
    return handshake.hasSaidStore();
  }

  /** Returns whether both sides of the session have a store. */
  public boolean isBetweenStores() {
    return state.stores.isBetween();
  }

  /** The peer asks how far this node has stored its messages. */
  public void asked(long now, SessionConnection from, Outbox question) {
    exchange.asked(now, from, question);
  }

  /**
   * Another connection of the peer's key asks for these outboxes. What this one has not read of
   * them comes there again, so it ends. A peer that still has it resumes the session.
   */
  public void askedElsewhere(long now, List<String> outboxes) {
    SessionConnection open = state.phase() == SessionPhase.OPEN ? state.connection() : null;
    if (open != null && state.stores.carries(outboxes)) {
      lost(now, open);
    }
  }

  /** The answer to {@link SessionEffects#asked} on this connection. */
  public void answer(SessionConnection from, List<Stored.Entry> entries) {
    exchange.answer(from, entries);
  }

  /** The peer says how far it has stored the messages of this node. */
  public void stored(long now, SessionConnection from, Stored answer) {
    exchange.stored(now, from, answer);
  }

  /** The peer has numbered its next message. */
  public void numbered(long now, SessionConnection from, Next next) {
    exchange.numbered(now, from, next);
  }

  /**
   * Among received lines are messages from another store, one after the other. Returns the number
   * of the first, or null if they have none: then they must be dropped.
   */
  public @Nullable Next messages(long now, SessionConnection from, int messages) {
    return exchange.messages(now, from, messages);
  }

  /**
   * The application has taken lines of the session with that epoch, or, between two stores, they
   * are committed.
   */
  public void taken(long now, long inEpoch, int lines, long bytes) {
    exchange.taken(now, inEpoch, lines, bytes);
  }

  /**
   * The application refuses the first line of the session with that epoch that it has not taken.
   * The session ends, and no line from that one on counts as received.
   */
  public void refuse(long now, long inEpoch) {
    if (inEpoch == identity.epoch() && identity.exists()) {
      state.refuseLine(now);
    }
  }

  /** The peer sent a {@code PING}. */
  public void pinged(long now, SessionConnection from, Ping ping) {
    exchange.pinged(now, from, ping);
  }

  /** The peer sent a {@code PONG}. */
  public void ponged(long now, SessionConnection from) {
    exchange.ponged(now, from);
  }

  /** Bytes were read from a connection, and the lines that they completed were passed on. */
  public void heard(long now, SessionConnection from) {
    if (from == state.connection()) {
      state.liveness.heard(now);
    }
  }

  /**
   * This side has stopped or resumed reading from the peer.
   *
   * @param behind whether it has stopped because its application is behind. A peer that is read
   *     slowly because it floods cannot put off the end of the session so
   */
  public void setStopped(long now, boolean stopped, boolean behind) {
    state.liveness.setStopped(now, stopped);
    state.setBehind(now, behind);
  }

  /** The dialed peer has answered {@code HELLO}, but is not the right one, and gets this answer. */
  public void refused(long now, SessionConnection from, Bye bye, String reason) {
    if (from == state.connection()) {
      state.refuse(from, bye);
      state.drop();
      state.attemptEnded(now, Reason.HANDSHAKE, reason);
    }
  }

  /** The peer ends the connection. */
  public void bye(long now, SessionConnection from, Bye bye) {
    if (from != state.connection()) {
      return;
    }
    state.drop();
    // A peer that says duplicate has dialed too.
    boolean mayBeElsewhere =
        bye.reason() != Bye.Reason.DUPLICATE && !(bye.endsSession() && identity.exists());
    if (mayBeElsewhere && state.dialsNext()) {
      return;
    }
    if (bye.endsSession()) {
      state.endedByPeer(now, bye.reason() == Bye.Reason.REFUSED);
    } else {
      state.disconnected(now);
    }
  }

  /** The peer violated the protocol. */
  public void protocolBroken(long now, SessionConnection from, String description) {
    state.protocolBroken(now, from, description);
  }

  /** Returns whether the connected peer is reported to take nothing, and reads nothing either. */
  public boolean isStuck(long now) {
    return exchange.isStuck(now);
  }

  /** The application leaves. Its {@code exit} is the line with this number. */
  public void leave(long now, long number) {
    shutdown.leave(number);
    if (state.phase() == SessionPhase.OPEN) {
      shutdown.open(now);
      state.leaveIfDone(now);
    } else if (identity.exists()) {
      state.drop();
      state.end(now, Event.ENDED, "the session was left without a connection");
    }
  }

  /** The peer has another session. Ends this one, unless it has a connection. */
  public void superseded(long now) {
    if (identity.exists() && state.phase() != SessionPhase.OPEN) {
      state.drop();
      state.end(now, Event.ENDED, "the peer has another session");
    }
  }

  /** The peer's {@code exit} has arrived. */
  public void left(long now) {
    if (identity.exists()) {
      shutdown.left(now);
    }
  }

  /** Returns when to call {@link #tick} next, or {@link SessionTimeouts#NEVER}. */
  public long nextTick() {
    return Math.min(
        Math.min(redial.due(), shutdown.over()), Math.min(state.giveUpAt(), exchange.nextTick()));
  }

  /** Performs the actions that are due. */
  public void tick(long now) {
    if (shutdown.isOver(now)) {
      state.leaveNow(now);
    } else if (state.phase() == SessionPhase.OPEN) {
      exchange.tick(now);
    } else if (now >= state.giveUpAt()) {
      state.giveUp(now);
    } else if (redial.isDue(now)) {
      attemptDue(now);
    }
  }

  private void attemptDue(long now) {
    if (state.phase() == SessionPhase.WAITING) {
      state.dial();
    } else if (state.phase() == SessionPhase.HELLO_SENT) {
      state.drop();
      state.attemptEnded(now, Reason.TIMED_OUT, "it did not answer HELLO");
    }
  }
}
