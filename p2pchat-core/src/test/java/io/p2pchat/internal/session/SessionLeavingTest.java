package io.p2pchat.internal.session;

import static io.p2pchat.internal.session.SessionBench.PEER;
import static io.p2pchat.internal.session.SessionBench.RESTARTED;
import static io.p2pchat.internal.session.SessionBench.SID;
import static io.p2pchat.internal.session.SessionBench.sid;
import static io.p2pchat.internal.session.SessionBench.welcome;
import static io.p2pchat.internal.session.VirtualTime.MILLI;
import static io.p2pchat.internal.session.VirtualTime.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.PeerUnreachableException;
import io.p2pchat.internal.protocol.Ack;
import io.p2pchat.internal.protocol.Bye;
import io.p2pchat.internal.protocol.Bye.Reason;
import io.p2pchat.internal.protocol.Welcome;
import io.p2pchat.internal.session.SessionEffects.Event;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How one of the two sides leaves a session. */
class SessionLeavingTest {
  private final SessionBench bench = new SessionBench();
  private final Session session = bench.session;

  @Test
  void theLeaverSaysClosingWhenItsExitIsAcknowledged() {
    FakeConnection link = bench.openAsDialer(1);
    exit(link);
    bench.ack(link, 1);
    assertThat(link.closed).isFalse();
    bench.ack(link, 2);
    assertThat(link.isRefused(Reason.CLOSING)).isTrue();
    assertThat(bench.acknowledged).isEqualTo(2);
    assertThat(bench.unknown + bench.unsent).isZero();
    assertEnded();
  }

  @Test
  void theLeaverSaysClosingAfterOneSecond() {
    FakeConnection link = bench.openAsDialer(0);
    exit(link);
    bench.pass(SECOND - 1);
    assertThat(link.closed).isFalse();
    bench.pass(1);
    assertThat(link.isRefused(Reason.CLOSING)).isTrue();
    assertThat(bench.unknown).isEqualTo(1);
    assertEnded();
  }

  @Test
  void whoIsLeftWaitsTwoSecondsForClosing() {
    FakeConnection link = bench.openAsDialer(0);
    session.received(bench.now, link, 1);
    session.left(bench.now);
    bench.pass(2 * SECOND - 1);
    assertThat(link.closed).isFalse();
    bench.pass(1);
    assertThat(link.isRefused(Reason.CLOSING)).isTrue();
    assertEnded();
  }

  @Test
  void whoIsLeftEndsTheSessionWithClosing() {
    FakeConnection link = bench.openAsDialer(0);
    session.left(bench.now);
    bench.bye(link, Reason.CLOSING);
    assertThat(link.sent).isEmpty();
    assertEnded();
  }

  @Test
  void exitWithoutAConnectionEndsTheSessionHere() {
    FakeConnection link = bench.openAsDialer(1);
    bench.lose(link);
    bench.send(1);
    session.leave(bench.now, 1);
    assertThat(bench.unknown).isEqualTo(1);
    assertThat(bench.unsent).isEqualTo(1);
    assertThat(bench.unsentWhy).isEqualTo(PeerUnreachableException.Reason.CLOSED);
    assertEnded();
  }

  @Test
  void exitWhileTheSessionIsBeingResumedEndsItHere() {
    bench.lose(bench.openAsDialer(1));
    bench.pass(250 * MILLI);
    FakeConnection link = bench.greetedBy(PEER);
    bench.send(1);
    session.leave(bench.now, 1);
    assertThat(link.closed).isTrue();
    assertEnded();
  }

  @Test
  void exitInAFirstContactIsSaidWhenTheSessionOpens() {
    bench.send(2);
    session.leave(bench.now, 1);
    FakeConnection link = bench.greetedBy(PEER);
    session.welcomed(bench.now, link, welcome(PEER, SID, 0, Welcome.NONE));
    link.write(2);
    bench.pass(SECOND - 1);
    assertThat(session.phase()).isEqualTo(SessionPhase.OPEN);
    bench.pass(1);
    assertThat(link.isRefused(Reason.CLOSING)).isTrue();
    assertEnded();
  }

  @Test
  void anExitThatWasNeverSaidDoesNotEndTheNextSession() {
    bench.send(1);
    session.leave(bench.now, 0);
    session.attemptFailed(bench.now, "refused");
    FakeConnection link = bench.openAsDialer(3);
    bench.ack(link, 3);
    bench.pass(10 * SECOND);
    assertThat(session.phase()).isEqualTo(SessionPhase.OPEN);
  }

  @Test
  void neitherRedialsWhenTheConnectionOfALeaverIsLost() {
    FakeConnection link = bench.openAsDialer(0);
    exit(link);
    bench.lose(link);
    assertThat(bench.unknown).isEqualTo(1);
    assertEnded();

    SessionBench other = new SessionBench();
    FakeConnection left = other.openAsDialer(1);
    other.session.left(other.now);
    other.lose(left);
    other.pass(10 * SECOND);
    assertThat(other.dials).isEqualTo(1);
    assertThat(other.events).containsExactly(Event.ENDED);
  }

  @Test
  void theExitOfALeaverGoesAgainOnAConnectionThatReplacesItsOwn() {
    FakeConnection first = bench.helloFrom(PEER, null, 0);
    exit(first);
    FakeConnection second = bench.helloFrom(PEER, sid(first), 0);
    second.write(1);
    bench.ack(second, 1);
    assertThat(second.isRefused(Reason.CLOSING)).isTrue();
    assertThat(bench.acknowledged).isEqualTo(1);
  }

  @Test
  void aPeerThatLeftAndIsBackMayStay() {
    bench.openAsAcceptor(0);
    session.left(bench.now);
    bench.helloFrom(RESTARTED, null, 0);
    bench.pass(10 * SECOND);
    assertThat(session.phase()).isEqualTo(SessionPhase.OPEN);
    assertThat(bench.events).isEmpty();
  }

  @Test
  void leavingIsOverWithTheSession() {
    FakeConnection link = bench.openAsDialer(0);
    bench.bye(link, Reason.CLOSING);
    session.left(bench.now);
    assertThat(session.nextTick()).isEqualTo(SessionTimeouts.NEVER);
  }

  @Test
  void aRefusedLineEndsTheSessionBehindTheAcknowledgementOfThoseBeforeIt() {
    FakeConnection link = bench.openAsDialer(0);
    session.received(bench.now, link, 3);
    session.taken(bench.now, session.epoch(), 1, 10);
    session.refuse(bench.now, session.epoch());
    assertThat(link.sent).containsExactly(new Ack(1), new Bye(Reason.REFUSED));
    assertThat(link.closed).isTrue();
    assertEnded();
    session.refuse(bench.now, session.epoch());
    assertThat(bench.events).hasSize(1);
  }

  @Test
  void aLineOfAnEarlierSessionIsRefusedWithoutEffect() {
    long before = session.epoch();
    FakeConnection link = bench.openAsDialer(0);
    session.refuse(bench.now, before);
    assertThat(link.closed).isFalse();
  }

  @Test
  void theFirstUnacknowledgedLineIsTheOneThatThePeerRefuses() {
    FakeConnection link = bench.openAsDialer(3);
    bench.send(1);
    bench.ack(link, 1);
    bench.bye(link, Reason.REFUSED);
    assertThat(List.of(bench.acknowledged, bench.refused, bench.unknown, bench.unsent))
        .containsExactly(1, 1, 1, 1);
  }

  private void exit(FakeConnection link) {
    long number = bench.accepted();
    bench.send(1);
    link.write(1);
    session.leave(bench.now, number);
  }

  private void assertEnded() {
    assertThat(session.exists()).isFalse();
    assertThat(session.phase()).isEqualTo(SessionPhase.IDLE);
    assertThat(session.nextTick()).isEqualTo(SessionTimeouts.NEVER);
    assertThat(bench.events).endsWith(Event.ENDED);
    assertThat(bench.events).filteredOn(Event.ENDED::equals).hasSize(1);
  }
}
