package io.p2pchat.internal.session;

import io.p2pchat.internal.protocol.Ack;
import io.p2pchat.internal.protocol.Next;
import io.p2pchat.internal.protocol.Outbox;
import io.p2pchat.internal.protocol.Ping;
import io.p2pchat.internal.protocol.Pong;
import io.p2pchat.internal.protocol.Stored;
import io.p2pchat.internal.session.SessionEffects.Event;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Handles an open connection: counts, acknowledgements and signs of life. */
final class SessionExchange {
  private final SessionState state;

  SessionExchange(SessionState state) {
    this.state = state;
  }

  void acknowledged(long now, SessionConnection from, Ack ack) {
    if (!isOpen(now, from)) {
      return;
    }
    state.sent.note(from);
    if (!state.sent.isWritten(ack.count())) {
      state.protocolBroken(now, from, "an ACK of more than was sent");
      return;
    }
    long number = state.sent.number(ack.count());
    boolean takenMore = !state.sent.isSettled(number - 1);
    state.out.acknowledged(number);
    state.sent.acknowledge(ack.count());
    if (takenMore) {
      state.progressed(now);
    }
    state.leaveIfDone(now);
  }

  boolean received(long now, SessionConnection from, int lines) {
    if (!isOpen(now, from)) {
      return false;
    }
    state.received().receive(lines);
    state.progress.read(lines);
    state.liveness.oweSign(now);
    return true;
  }

  void taken(long now, long inEpoch, int lines, long bytes) {
    if (inEpoch == state.identity.epoch() && state.received().take(now, lines, bytes)) {
      state.acknowledge();
      state.leaveIfDone(now);
    }
  }

  void asked(long now, SessionConnection from, Outbox question) {
    if (!isOpen(now, from)) {
      return;
    }
    if (state.stores.asked(question.ids())) {
      state.out.asked(from, question.ids());
    } else {
      state.protocolBroken(now, from, "an OUTBOX out of place");
    }
  }

  void answer(SessionConnection from, List<Stored.Entry> entries) {
    if (from == state.connection() && state.phase() == SessionPhase.OPEN) {
      state.stores.told();
      Stored.of(entries, state.identity.limit()).forEach(state::send);
    }
  }

  void stored(long now, SessionConnection from, Stored answer) {
    if (!isOpen(now, from)) {
      return;
    }
    if (!state.stores.answered(answer.entries())) {
      state.protocolBroken(now, from, "a STORED of what was not asked for");
    } else if (state.stores.maySend()) {
      if (state.out.stored(state.stores.answers())) {
        state.storesTold(now, from);
      } else {
        state.protocolBroken(now, from, "a STORED of more than was sent");
      }
    }
  }

  void numbered(long now, SessionConnection from, Next next) {
    if (isOpen(now, from) && !state.stores.numbered(next)) {
      state.protocolBroken(now, from, "a NEXT out of place");
    }
  }

  @Nullable Next messages(long now, SessionConnection from, int messages) {
    Next first = state.stores.arrived(messages);
    if (first == null) {
      state.protocolBroken(now, from, "a message without a number");
    }
    return first;
  }

  void pinged(long now, SessionConnection from, Ping ping) {
    if (isOpen(now, from)) {
      state.send(new Pong(ping.token()));
    }
  }

  void ponged(long now, SessionConnection from) {
    isOpen(now, from);
  }

  long nextTick() {
    return state.phase() == SessionPhase.OPEN
        ? Math.min(Math.min(state.received().ackDue(), state.liveness.due()), state.stalledAt())
        : SessionTimeouts.NEVER;
  }

  void tick(long now) {
    if (state.received().isAckDue(now)) {
      state.acknowledge();
    }
    noteDrained(now);
    if (now >= state.giveUpAt()) {
      state.giveUp(now);
      return;
    }
    if (now >= state.stalledAt()) {
      state.progress.report();
      state.out.happened(Event.STALLED);
    }
    switch (state.liveness.check(now)) {
      case PING -> state.send(new Ping(Long.toString(now)));
      case REPEAT_ACK -> state.acknowledge();
      case DEAD -> {
        state.drop();
        state.markUnreachable();
        state.disconnected(now);
      }
      case NOTHING -> {}
    }
  }

  private void noteDrained(long now) {
    SessionConnection connection = state.connection();
    if (connection != null && connection.hasDrained()) {
      state.liveness.alive(now);
      state.progress.drained(now);
    }
  }

  boolean isStuck(long now) {
    if (state.phase() != SessionPhase.OPEN || !state.progress.isReported()) {
      return false;
    }
    noteDrained(now);
    return state.progress.isStuck(now);
  }

  /**
   * Returns whether a line came on the open connection. A line before {@code WELCOME} violates the
   * protocol.
   */
  private boolean isOpen(long now, SessionConnection from) {
    if (from != state.connection()) {
      return false;
    }
    if (state.phase() != SessionPhase.OPEN) {
      state.protocolBroken(now, from, "a line before the session was open");
      return false;
    }
    state.liveness.lineRead();
    state.identity.confirm();
    if (state.progress.isExpected() && !state.sent.hasWaiting()) {
      state.progress.made(now, false);
    }
    return true;
  }
}
