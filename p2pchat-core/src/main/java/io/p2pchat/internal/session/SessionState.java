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

/** Where a session is, its connection, and the steps from one state to the next. */
final class SessionState {
  final SessionEffects out;
  final SessionIdentity identity = new SessionIdentity();
  final SentLines sent;
  final RedialTimer redial;
  final SessionShutdown shutdown;
  final Liveness liveness;
  private final SessionTimeouts times;
  private final EndedSessions endedSessions;
  private ReceivedLines received;
  private SessionPhase phase = SessionPhase.IDLE;
  private @Nullable SessionConnection connection;
  private boolean unreachable;

  SessionState(
      SessionTimeouts times,
      LineQueue lines,
      SessionEffects out,
      EndedSessions endedSessions,
      RandomGenerator random) {
    this.times = times;
    this.out = out;
    this.endedSessions = endedSessions;
    this.sent = new SentLines(lines);
    this.received = new ReceivedLines(times);
    this.redial = new RedialTimer(times, random);
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

  /** How long a {@code HELLO} may be unanswered. */
  long helloTimeout() {
    return times.helloTimeout();
  }

  void dial() {
    phase = SessionPhase.DIALING;
    redial.done();
    out.dial();
  }

  /** The peer has greeted, and {@code HELLO} goes to it. */
  void awaitWelcome(long now, SessionConnection from) {
    connection = from;
    phase = SessionPhase.HELLO_SENT;
    redial.awaitWelcome(now);
  }

  /** A new session begins: what is not settled is its first line. */
  void begin(String id, NodeInfo peer, boolean dialed) {
    identity.begin(id, peer, dialed);
    received = new ReceivedLines(times);
    sent.begin();
    shutdown.begin();
  }

  /** Lines go on a connection, beginning with this one. */
  void open(long now, SessionConnection from, long firstLine) {
    connection = from;
    phase = SessionPhase.OPEN;
    redial.stop();
    liveness.heard(now);
    shutdown.open(now);
    if (received.taken() > 0) {
      acknowledge();
    }
    from.startLines(firstLine);
    if (unreachable) {
      unreachable = false;
      out.happened(Event.REACHABLE);
    }
  }

  /** An attempt to open a session, or to resume it, has failed. */
  void attemptEnded(long now, PeerUnreachableException.Reason kind, String reason) {
    if (identity.exists()) {
      awaitConnection(now);
      markUnreachable();
    } else {
      idle();
      out.unsent(SessionTimeouts.NEVER, kind, reason);
      out.happened(Event.UNREACHABLE);
    }
  }

  /** The connection has ended, but not the session, unless it was about to. */
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

  /** The peer has sent what it must not. */
  void protocolBroken(long now, SessionConnection from, String description) {
    out.violated(from, description);
    refuse(from, Reason.PROTOCOL);
    if (from == connection) {
      drop();
      end(now, Event.ENDED, "the protocol was broken");
    }
  }

  void refuse(SessionConnection from, Reason reason) {
    from.send(new Bye(reason));
    from.close();
  }

  /**
   * Leaves when the peer has acknowledged {@code exit}, and this side all it has received: the peer
   * could not know otherwise whether that was taken.
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

  /** Goes away from the connection, if there is one. */
  void drop() {
    sent.note(connection);
    if (connection != null) {
      connection.close();
      connection = null;
    }
  }

  /** Ends the session, or what was to become one, when it has no connection any more. */
  void end(long now, Event event, String reason) {
    remember(now);
    identity.end();
    long notOurs = shutdown.lastLine();
    idle();
    unreachable = false;
    out.unknown(sent.writtenEver());
    out.unsent(
        notOurs,
        event == Event.GIVEN_UP
            ? PeerUnreachableException.Reason.TIMED_OUT
            : PeerUnreachableException.Reason.CLOSED,
        reason);
    out.happened(event);
  }

  /** The session is at its end, and what was received in it may be asked for. */
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
      connection.send(line);
    }
  }

  private void awaitConnection(long now) {
    phase = SessionPhase.WAITING;
    redial.begin(now, identity.isDialer() || !identity.exists() || sent.hasWaiting());
  }

  void idle() {
    phase = SessionPhase.IDLE;
    redial.stop();
    shutdown.end();
  }
}
