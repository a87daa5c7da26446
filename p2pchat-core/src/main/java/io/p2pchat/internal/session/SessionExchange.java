package io.p2pchat.internal.session;

import io.p2pchat.internal.protocol.Ack;
import io.p2pchat.internal.protocol.Ping;
import io.p2pchat.internal.protocol.Pong;
import io.p2pchat.internal.session.Session.State;

/** What goes on while lines go both ways: counts, acknowledgements, signs of life. */
final class SessionExchange {
  private final SessionState talk;

  SessionExchange(SessionState talk) {
    this.talk = talk;
  }

  void acknowledged(long now, SessionConnection from, Ack ack) {
    if (!isOpen(now, from)) {
      return;
    }
    talk.outgoing.note(from);
    if (!talk.outgoing.isWritten(ack.count())) {
      talk.protocolBroken(now, from, "an ACK of more than was sent");
      return;
    }
    long number = talk.outgoing.number(ack.count());
    talk.out.acknowledged(number);
    talk.leaveIfDone(now);
  }

  boolean received(long now, SessionConnection from, int lines) {
    if (!isOpen(now, from)) {
      return false;
    }
    talk.incoming().receive(lines);
    return true;
  }

  void taken(long now, long inEpoch, int lines, long bytes) {
    if (inEpoch == talk.identity.epoch() && talk.incoming().take(now, lines, bytes)) {
      talk.acknowledge();
      talk.leaveIfDone(now);
    }
  }

  void pinged(long now, SessionConnection from, Ping ping) {
    if (isOpen(now, from)) {
      from.send(new Pong(ping.token()));
    }
  }

  long nextTick() {
    boolean open = talk.state() == State.OPEN;
    return open ? Math.min(talk.incoming().ackDue(), talk.liveness.due()) : Session.NEVER;
  }

  void tick(long now) {
    if (talk.incoming().isAckDue(now)) {
      talk.acknowledge();
    }
    switch (talk.liveness.check(now)) {
      case PING -> talk.send(new Ping(Long.toString(now)));
      case REPEAT_ACK -> talk.acknowledge();
      case DEAD -> {
        talk.drop();
        talk.markUnreachable();
        talk.disconnected(now);
      }
      case NOTHING -> {}
    }
  }

  /**
   * Whether a line came on the open connection; one that came before its time breaks the protocol.
   */
  private boolean isOpen(long now, SessionConnection from) {
    if (from != talk.link()) {
      return false;
    }
    if (talk.state() != State.OPEN) {
      talk.protocolBroken(now, from, "a line before the session was open");
      return false;
    }
    talk.identity.confirm();
    return true;
  }
}
