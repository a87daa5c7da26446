package io.p2pchat.internal.session;

import io.p2pchat.PeerUnreachableException;
import io.p2pchat.internal.protocol.Ack;
import io.p2pchat.internal.protocol.Bye;
import io.p2pchat.internal.protocol.Bye.Reason;
import io.p2pchat.internal.protocol.ControlLine;
import io.p2pchat.internal.protocol.NodeInfo;
import io.p2pchat.internal.session.SessionEffects.Event;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The phase of a session, its connection, and the transitions between phases. */
final class SessionState {
  final SessionEffects out;
  final SessionIdentity identity = new SessionIdentity();
  final OutboxExchange stores = new OutboxExchange();
  final SentLines sent;
  final RedialTimer redial;
  final ProgressTimer progress;
  final SessionShutdown shutdown;
  final Liveness liveness;
  private final SessionTimeouts times;
  private final EndedSessions.OfHost endedSessions;
  private ReceivedLines received;
  private SessionPhase phase = SessionPhase.IDLE;
  private @Nullable SessionConnection connection;
  private boolean unreachable;
  private boolean greeted;
  private boolean behind;
  private long contactUntil;

  SessionState(
      SessionTimeouts times,
      LineQueue lines,
      SessionEffects out,
      EndedSessions.OfHost endedSessions,
      RandomGenerator random) {
    this.times = times;
    this.out = out;
    this.endedSessions = endedSessions;
    this.sent = new SentLines(lines);
    this.received = new ReceivedLines(times);
    this.redial = new RedialTimer(times, random);
    this.progress = new ProgressTimer(times);
    this.shutdown = new SessionShutdown(times);
    this.liveness = new Liveness(times);
  }

  SessionPhase phase() {
    return phase;
  }

  @Nullable SessionConnection connection() {
    return connection;
  }

  ReceivedLines received() {
    return received;
  }

  /** Returns how long after {@code WELCOME} a {@code HELLO} can arrive that was sent before it. */
  long crossing() {
    return times.crossing();
  }

  /** Dials for the first time. */
  void beginContact() {
    contactUntil = SessionTimeouts.NEVER;
    dial();
  }

  void dial() {
    phase = SessionPhase.DIALING;
    redial.done();
    out.dial();
  }

  /** The peer has greeted. Sends {@code HELLO}. */
  void awaitWelcome(long now, SessionConnection from) {
    connection = from;
    greeted = true;
    phase = SessionPhase.HELLO_SENT;
    redial.awaitWelcome(now);
  }

  /**
   * A new session begins. Its first line is the first unsettled one.
   *
   * @param bothStore whether both sides have a store
   */
  void begin(String id, NodeInfo peer, boolean dialed, boolean bothStore) {
    identity.begin(id, peer, dialed);
    stores.begin(bothStore);
    received = new ReceivedLines(times);
    sent.begin();
    shutdown.begin();
  }

  /** Opens the session on a connection, from this line on. */
  void open(long now, SessionConnection from, long firstLine) {
    connection = from;
    if (phase != SessionPhase.OPEN) {
      // Else a peer could dial in the place of its connections for ever, to get more time.
      progress.opened(now);
    }
    phase = SessionPhase.OPEN;
    redial.opened(now);
    liveness.opened(now);
    pause(now);
    if (sent.received(firstLine)) {
      progressed(now);
    } else if (sent.hasWaiting()) {
      progress.expect(now);
    }
    shutdown.open(now);
    if (received.taken() > 0) {
      acknowledge();
    }
    startLines(from, firstLine);
    if (unreachable) {
      unreachable = false;
      out.happened(Event.REACHABLE);
    }
  }

  /** Between two stores, lines go only when the peer has said which it has. */
  private void startLines(SessionConnection from, long firstLine) {
    if (stores.isBetween()) {
      stores.opened(out.outboxes(), identity.limit()).forEach(this::send);
    }
    if (stores.maySend()) {
      from.startLines(firstLine, stores.isBetween());
    }
  }

  /** The peer's store has said what it has. The rest goes now. */
  void storesTold(long now, SessionConnection from) {
    progressed(now);
    from.startLines(sent.number(0), true);
    leaveIfDone(now);
  }

  /** The peer has taken lines, or its store has said which it has. */
  void progressed(long now) {
    redial.reset();
    progress.made(now, sent.hasWaiting());
  }

  /** This side's application has fallen behind or caught up. */
  void setBehind(long now, boolean nowBehind) {
    behind = nowBehind;
    pause(now);
  }

  private void pause(long now) {
    progress.setPaused(now, phase == SessionPhase.OPEN && behind);
  }

  /** Returns when to report that the peer takes nothing. */
  long stalledAt() {
    return phase == SessionPhase.OPEN && needsProgress()
        ? progress.stalledAt()
        : SessionTimeouts.NEVER;
  }

  /** Returns when to end the session for want of progress. */
  long giveUpAt() {
    return needsProgress() ? progress.giveUpAt(phase == SessionPhase.OPEN) : SessionTimeouts.NEVER;
  }

  /** An open connection needs to make progress only while lines wait. */
  private boolean needsProgress() {
    return progress.isExpected() && (phase != SessionPhase.OPEN || sent.hasWaiting());
  }

  /** Ends the session, because it made no progress for too long. */
  void giveUp(long now) {
    boolean open = phase == SessionPhase.OPEN;
    if (open) {
      send(new Bye(Reason.CLOSING));
    }
    drop();
    end(
        now,
        Event.GIVEN_UP,
        (open ? "it took no message for " : "it could not be reached for ")
            + times.redial().giveUpText());
  }

  /**
   * {@code HELLO} has led to nothing at this address. Returns whether the peer is dialed at its
   * next one.
   */
  boolean dialsNext() {
    if (phase != SessionPhase.HELLO_SENT || shutdown.isUnderWay()) {
      return false;
    }
    phase = SessionPhase.DIALING;
    redial.done();
    boolean dials = out.dialNext();
    if (!dials) {
      phase = SessionPhase.HELLO_SENT;
    }
    return dials;
  }

  /** An attempt to open or resume a session has failed, at one address of the peer. */
  void attemptEnded(long now, PeerUnreachableException.Reason kind, String reason) {
    if (dialsNext()) {
      return;
    }
    if (identity.exists()) {
      awaitConnection(now);
      markUnreachable();
    } else {
      idle();
      out.unsent(SessionTimeouts.NEVER, kind, reason);
      out.happened(Event.UNREACHABLE);
    }
  }

  /**
   * The connection ended after the greeting and before {@code WELCOME}. A first contact is tried
   * again for a while after the first end: the peer is a node, and nothing was written.
   */
  void contactCut(long now, PeerUnreachableException.Reason kind, String reason) {
    if (dialsNext()) {
      return;
    }
    if (contactUntil == SessionTimeouts.NEVER) {
      contactUntil = now + times.firstContact();
    }
    if (!identity.exists() && now < contactUntil) {
      greeted = true;
      phase = SessionPhase.WAITING;
      redial.begin(now, true);
    } else {
      attemptEnded(now, kind, reason);
    }
  }

  boolean hasGreeted() {
    return greeted;
  }

  /** The connection has ended. The session survives unless it was leaving. */
  void disconnected(long now) {
    if (shutdown.isUnderWay()) {
      end(now, Event.ENDED, "the connection ended while one side left");
    } else {
      awaitConnection(now);
    }
  }

  void markUnreachable() {
    if (identity.exists() && !unreachable) {
      unreachable = true;
      out.happened(Event.UNREACHABLE);
    }
  }

  /** The peer violated the protocol. */
  void protocolBroken(long now, SessionConnection from, String description) {
    out.violated(from, description);
    refuse(from, Reason.PROTOCOL);
    if (from == connection) {
      drop();
      end(now, Event.ENDED, "the protocol was broken");
    }
  }

  void refuse(SessionConnection from, Reason reason) {
    refuse(from, new Bye(reason));
  }

  void refuse(SessionConnection from, Bye bye) {
    from.send(bye);
    from.close();
  }

  /**
   * Leaves once the peer has acknowledged {@code exit} and this side has acknowledged all it
   * received. Otherwise the peer could not know whether its lines were taken.
   */
  void leaveIfDone(long now) {
    if (phase == SessionPhase.OPEN
        && sent.isSettled(shutdown.exitNumber())
        && received.isAllTaken()) {
      leaveNow(now);
    }
  }

  void leaveNow(long now) {
    if (received.isAckWaiting()) {
      acknowledge();
    }
    send(new Bye(Reason.CLOSING));
    drop();
    end(now, Event.ENDED, "the session was left");
  }

  /** Ends the session, since the application refuses the first line that it has not taken. */
  void refuseLine(long now) {
    received.dropUntaken();
    if (phase == SessionPhase.OPEN) {
      if (received.isAckWaiting()) {
        acknowledge();
      }
      send(new Bye(Reason.REFUSED));
    }
    drop();
    end(now, Event.ENDED, "this node refused a message of it");
  }

  /** Closes and leaves the connection, if there is one. */
  void drop() {
    sent.note(connection);
    if (connection != null) {
      connection.close();
      connection = null;
    }
  }

  /** Ends a session, or an attempt to open one, that has no connection. */
  void end(long now, Event event, String reason) {
    end(now, event, reason, 0);
  }

  /**
   * The peer has ended the session. Its application refused the first line if that was written.
   * Between two stores a refusal ends nothing.
   */
  void endedByPeer(long now, boolean refused) {
    boolean known = refused && sent.hasUnknown() && !stores.isBetween();
    end(now, Event.ENDED, "the peer ended the session", known ? sent.firstUnsettled() + 1 : 0);
  }

  private void end(long now, Event event, String reason, long refused) {
    remember(now);
    identity.end();
    // A line that the application queues when it learns of the end belongs to a later session.
    long notOurs = Math.min(shutdown.lastLine(), sent.accepted());
    idle();
    unreachable = false;
    out.refused(refused);
    out.unknown(sent.writtenEver(), reason);
    out.unsent(
        notOurs,
        event == Event.GIVEN_UP
            ? PeerUnreachableException.Reason.TIMED_OUT
            : PeerUnreachableException.Reason.CLOSED,
        reason);
    out.happened(event);
  }

  /** Remembers how many lines were received in the ending session, in case the peer asks. */
  void remember(long now) {
    if (identity.exists()) {
      endedSessions.add(now, identity.id(), identity.node(), received.received());
    }
  }

  void acknowledge() {
    if (phase == SessionPhase.OPEN) {
      send(new Ack(received.acknowledge()));
    }
  }

  void send(ControlLine line) {
    if (connection != null) {
      liveness.said();
      connection.send(line);
    }
  }

  private void awaitConnection(long now) {
    if (phase == SessionPhase.OPEN && !progress.isExpected()) {
      redial.lost(now);
    }
    phase = SessionPhase.WAITING;
    pause(now);
    progress.expect(now);
    redial.begin(now, identity.isDialer() || !identity.exists() || sent.hasWaiting());
  }

  void idle() {
    phase = SessionPhase.IDLE;
    greeted = false;
    redial.done();
    redial.reset();
    progress.clear();
    shutdown.end();
  }
}
