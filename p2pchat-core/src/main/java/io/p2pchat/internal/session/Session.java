package io.p2pchat.internal.session;

import io.p2pchat.PeerUnreachableException.Reason;
import io.p2pchat.internal.protocol.Ack;
import io.p2pchat.internal.protocol.Bye;
import io.p2pchat.internal.protocol.Greeting;
import io.p2pchat.internal.protocol.Hello;
import io.p2pchat.internal.protocol.NodeInfo;
import io.p2pchat.internal.protocol.Ping;
import io.p2pchat.internal.protocol.Welcome;
import io.p2pchat.internal.session.SessionEffects.Event;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The session with one peer, over as many connections as it takes (PROTOCOL.md sections 3 to 6).
 * {@link SessionPhase} draws its phases.
 *
 * <p>Every input carries the time, in nanoseconds of one steady clock. What comes from a connection
 * that the session has left is ignored. Not thread-safe.
 */
public final class Session {
  private final SessionState state;
  private final SessionHandshake handshake;
  private final SessionExchange exchange;
  private final SessionIdentity identity;
  private final RedialTimer redial;
  private final SessionShutdown shutdown;

  /**
   * Makes a session that has not begun.
   *
   * @param self how this node introduces itself
   * @param lines the queue of lines to the peer
   * @param endedSessions remembers ended sessions, for all peers of the node
   * @param random gives identifiers and jitter
   */
  public Session(
      SessionTimeouts times,
      NodeInfo self,
      LineQueue lines,
      SessionEffects out,
      EndedSessions endedSessions,
      RandomGenerator random) {
    this.state = new SessionState(times, lines, out, endedSessions, random);
    this.handshake = new SessionHandshake(self, endedSessions, random, state);
    this.exchange = new SessionExchange(state);
    this.identity = state.identity;
    this.redial = state.redial;
    this.shutdown = state.shutdown;
  }

  /** Where it is. */
  public SessionPhase phase() {
    return state.phase();
  }

  /** Whether a session exists, with or without a connection. */
  public boolean exists() {
    return identity.exists();
  }

  /** Whether this is the session of that name, and with that {@code NODE}. */
  public boolean is(@Nullable String id, String node) {
    return identity.is(id, node);
  }

  /** Who the peer said it is, or null before it did. */
  public @Nullable NodeInfo peer() {
    return identity.peer();
  }

  /** The number after the last line that was ever written. */
  public long writtenTo() {
    state.sent.note(state.connection());
    return state.sent.writtenEver();
  }

  /** The connection in use, or null. */
  public @Nullable SessionConnection connection() {
    return state.connection();
  }

  /**
   * Changes with each new session; goes with each received line and comes back in {@link #taken}.
   */
  public long epoch() {
    return identity.epoch();
  }

  /** The application has sent: lines wait. */
  public void linesWait(long now) {
    if (state.phase() == SessionPhase.IDLE) {
      state.dial();
    } else if (state.phase() == SessionPhase.WAITING) {
      redial.redial(now);
    }
  }

  /** The first line that waits was taken out of the queue unwritten: it has no number. */
  public void skipped() {
    state.sent.skip();
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

  /** The dialed peer turned out to speak level 0 only; the lines that wait are no session's. */
  public void fellBack() {
    if (state.phase() == SessionPhase.DIALING && !identity.exists()) {
      state.idle();
    }
  }

  /** A connection has ended. */
  public void lost(long now, SessionConnection from) {
    if (from != state.connection()) {
      return;
    }
    state.drop();
    if (state.phase() == SessionPhase.HELLO_SENT) {
      state.attemptEnded(now, Reason.CLOSED, "the connection ended before the session began");
    } else {
      state.disconnected(now);
    }
  }

  /** A dialer wants a session. */
  public void hello(long now, SessionConnection from, Hello hello) {
    handshake.hello(now, from, hello);
  }

  /** The dialed peer takes the session. */
  public void welcomed(long now, SessionConnection from, Welcome welcome) {
    handshake.welcomed(now, from, welcome);
  }

  /** The peer's application has taken lines. */
  public void acknowledged(long now, SessionConnection from, Ack ack) {
    exchange.acknowledged(now, from, ack);
  }

  /** Chat lines came and were handed to the dispatcher; false if they must be dropped. */
  public boolean received(long now, SessionConnection from, int lines) {
    return exchange.received(now, from, lines);
  }

  /** The application has taken lines that came in the session of that epoch. */
  public void taken(long now, long inEpoch, int lines, long bytes) {
    exchange.taken(now, inEpoch, lines, bytes);
  }

  /** The peer asks for a sign of life. */
  public void pinged(long now, SessionConnection from, Ping ping) {
    exchange.pinged(now, from, ping);
  }

  /** Something was read from a connection. */
  public void heard(long now, SessionConnection from) {
    if (from == state.connection()) {
      state.liveness.heard(now);
    }
  }

  /** This side has stopped reading from the peer, or goes on. */
  public void setStopped(long now, boolean stopped) {
    state.liveness.setStopped(now, stopped);
  }

  /** The dialed peer, that has answered {@code HELLO}, is not trusted. */
  public void refused(long now, SessionConnection from) {
    if (from == state.connection()) {
      state.refuse(from, Bye.Reason.TRUST);
      state.drop();
      state.attemptEnded(now, Reason.HANDSHAKE, "it is not trusted");
    }
  }

  /** The peer ends the connection. */
  public void bye(long now, SessionConnection from, Bye bye) {
    if (from != state.connection()) {
      return;
    }
    state.drop();
    if (bye.endsSession()) {
      state.end(now, Event.ENDED, "the peer ended the session");
    } else {
      state.disconnected(now);
    }
  }

  /** The peer has sent what it must not. */
  public void protocolBroken(long now, SessionConnection from, String description) {
    state.protocolBroken(now, from, description);
  }

  /** The application leaves: its {@code exit} is the line with this number. */
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

  /** The peer's {@code exit} has come. */
  public void left(long now) {
    if (identity.exists()) {
      shutdown.left(now);
    }
  }

  /** The time at which {@link #tick} is to be called, or {@link SessionTimeouts#NEVER}. */
  public long nextTick() {
    return Math.min(Math.min(redial.next(), shutdown.over()), exchange.nextTick());
  }

  /** Does what is due. */
  public void tick(long now) {
    if (shutdown.isOver(now)) {
      state.leaveNow(now);
    } else if (redial.isGivenUp(now)) {
      state.drop();
      state.end(now, Event.GIVEN_UP, "it could not be reached for too long");
    } else if (state.phase() == SessionPhase.OPEN) {
      exchange.tick(now);
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
