package io.p2pchat.internal.session;

import static io.p2pchat.internal.session.SessionBench.PEER;
import static io.p2pchat.internal.session.SessionBench.SID;
import static io.p2pchat.internal.session.SessionBench.sid;
import static io.p2pchat.internal.session.SessionBench.welcome;
import static io.p2pchat.internal.session.VirtualTime.MILLI;
import static io.p2pchat.internal.session.VirtualTime.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.PeerUnreachableException.Reason;
import io.p2pchat.internal.protocol.Ack;
import io.p2pchat.internal.protocol.Ping;
import io.p2pchat.internal.protocol.Pong;
import io.p2pchat.internal.protocol.Welcome;
import io.p2pchat.internal.session.SessionEffects.Event;
import org.junit.jupiter.api.Test;

/** What a session does when: acknowledgement, liveness, redial, giving up. */
class SessionClockTest {
  private final SessionBench bench = new SessionBench();
  private final Session session = bench.session;

  @Test
  void itAcknowledgesAtOnceWhenTheApplicationHasCaughtUp() {
    FakeConnection link = bench.openAsDialer(0);
    session.received(bench.now, link, 3);
    session.taken(bench.now, session.epoch(), 2, 20);
    assertThat(link.sent).isEmpty();
    session.taken(bench.now, session.epoch(), 1, 10);
    assertThat(link.sent).containsExactly(new Ack(3));
  }

  @Test
  void itAcknowledgesTwentyMillisecondsAfterTheFirstLine() {
    FakeConnection link = bench.openAsDialer(0);
    session.received(bench.now, link, 10);
    session.taken(bench.now, session.epoch(), 1, 10);
    bench.pass(19 * MILLI);
    session.taken(bench.now, session.epoch(), 1, 10);
    assertThat(link.sent).isEmpty();
    bench.pass(MILLI);
    assertThat(link.news()).containsExactly(new Ack(2));
    bench.pass(SECOND);
    assertThat(link.sent).isEmpty();
  }

  @Test
  void itAcknowledgesAfter4096Lines() {
    FakeConnection link = bench.openAsDialer(0);
    session.received(bench.now, link, 10_000);
    session.taken(bench.now, session.epoch(), 4095, 1);
    assertThat(link.sent).isEmpty();
    session.taken(bench.now, session.epoch(), 1, 1);
    assertThat(link.news()).containsExactly(new Ack(4096));
    session.taken(bench.now, session.epoch(), 4095, 1);
    assertThat(link.sent).isEmpty();
  }

  @Test
  void itAcknowledgesAfter512KibiBytes() {
    FakeConnection link = bench.openAsDialer(0);
    session.received(bench.now, link, 100);
    session.taken(bench.now, session.epoch(), 1, (512 << 10) - 1);
    assertThat(link.sent).isEmpty();
    session.taken(bench.now, session.epoch(), 1, 1);
    assertThat(link.sent).containsExactly(new Ack(2));
  }

  @Test
  void whatIsTakenWithoutAConnectionIsAcknowledgedOnTheNext() {
    FakeConnection first = bench.openAsDialer(0);
    session.received(bench.now, first, 3);
    bench.lose(first);
    session.taken(bench.now, session.epoch(), 3, 30);
    bench.pass(250 * MILLI);
    FakeConnection second = bench.greetedBy(PEER);
    second.news();
    session.welcomed(bench.now, second, welcome(PEER, SID, 0, Welcome.NONE));
    assertThat(second.sent).containsExactly(new Ack(3));
    assertThat(first.sent).isEmpty();
  }

  @Test
  void fifteenSilentSecondsAreAskedAndTenMoreAreDeath() {
    FakeConnection link = bench.openAsDialer(1);
    bench.pass(15 * SECOND - 1);
    assertThat(link.sent).isEmpty();
    bench.pass(1);
    assertThat(link.sent).hasExactlyElementsOfTypes(Ping.class);
    bench.pass(10 * SECOND - 1);
    assertThat(link.closed).isFalse();
    bench.pass(1);
    assertThat(link.closed).isTrue();
    assertThat(session.phase()).isEqualTo(SessionPhase.WAITING);
    assertThat(session.exists()).isTrue();
    assertThat(bench.events).containsExactly(Event.STALLED, Event.UNREACHABLE);
  }

  @Test
  void anythingReadIsLife() {
    FakeConnection link = bench.openAsDialer(1);
    bench.pass(20 * SECOND);
    bench.pong(link);
    link.news();
    bench.pass(15 * SECOND - 1);
    assertThat(link.sent).isEmpty();
    bench.pass(1);
    assertThat(link.sent).hasExactlyElementsOfTypes(Ping.class);
  }

  @Test
  void whatAnOldConnectionReadsIsNoLife() {
    FakeConnection old = bench.openAsAcceptor(0);
    FakeConnection link = bench.helloFrom(PEER, null, 0);
    bench.pass(14 * SECOND);
    session.heard(bench.now, old);
    link.news();
    bench.pass(SECOND);
    assertThat(link.sent).hasExactlyElementsOfTypes(Ping.class);
  }

  @Test
  void aPingIsAnsweredByItsToken() {
    FakeConnection link = bench.openAsDialer(0);
    session.pinged(bench.now, link, new Ping("x1"));
    assertThat(link.sent).containsExactly(new Pong("x1"));
  }

  @Test
  void whileStoppedItDoesNotAskAndRepeatsTheAcknowledgement() {
    FakeConnection link = bench.openAsDialer(0);
    session.received(bench.now, link, 2);
    session.taken(bench.now, session.epoch(), 2, 20);
    link.news();
    session.setStopped(bench.now, true, true);
    bench.pass(60 * SECOND);
    assertThat(link.news()).hasSize(6).allMatch(new Ack(2)::equals);
    session.setStopped(bench.now, false, false);
    bench.pass(15 * SECOND);
    assertThat(link.sent).hasExactlyElementsOfTypes(Ping.class);
  }

  @Test
  void whoIsStoppedStaysSoOnTheNextConnection() {
    FakeConnection first = bench.helloFrom(PEER, null, 0);
    session.setStopped(bench.now, true, true);
    FakeConnection second = bench.helloFrom(PEER, sid(first), 0);
    second.news();
    bench.pass(30 * SECOND);
    assertThat(second.sent).containsExactly(new Ack(0), new Ack(0), new Ack(0));
    assertThat(second.closed).isFalse();
  }

  @Test
  void theWaitBeforeARedialDoublesFromAQuarterOfASecondTo30Seconds() {
    bench.lose(bench.openAsDialer(1));
    long wait = 250 * MILLI;
    while (bench.unknown == 0) {
      int dials = bench.dials;
      bench.pass(wait - 1);
      assertThat(bench.dials).isEqualTo(dials);
      bench.pass(1);
      if (bench.unknown == 0) {
        assertThat(bench.dials).isEqualTo(dials + 1);
        session.attemptFailed(bench.now, "refused");
        wait = Math.min(2 * wait, 30 * SECOND);
      }
    }
    assertThat(wait).isEqualTo(30 * SECOND);
    assertThat(bench.events).containsExactly(Event.UNREACHABLE, Event.GIVEN_UP);
  }

  @Test
  void theWaitIsUpToAFifthShorterOrLonger() {
    bench.randomBits = 0;
    bench.lose(bench.openAsDialer(1));
    bench.pass(200 * MILLI);
    assertThat(bench.dials).isEqualTo(2);

    SessionBench other = new SessionBench();
    other.randomBits = -1L << 12;
    other.lose(other.openAsDialer(1));
    other.pass(299 * MILLI);
    assertThat(other.dials).isEqualTo(1);
    other.pass(MILLI);
    assertThat(other.dials).isEqualTo(2);
  }

  @Test
  void aHeldConnectionMakesTheNextWaitTheShortestAgain() {
    bench.lose(bench.openAsDialer(1));
    bench.pass(250 * MILLI);
    session.attemptFailed(bench.now, "refused");
    bench.pass(500 * MILLI);
    FakeConnection link = bench.greetedBy(PEER);
    session.welcomed(bench.now, link, welcome(PEER, SID, 1, Welcome.NONE));
    assertThat(bench.events).containsExactly(Event.UNREACHABLE, Event.REACHABLE);
    bench.lose(link);
    int dials = bench.dials;
    bench.pass(250 * MILLI);
    assertThat(bench.dials).isEqualTo(dials + 1);
  }

  @Test
  void givenUpAfterTwoMinutesWrittenLinesAreUnknownAndTheOthersUnsent() {
    FakeConnection link = bench.openAsAcceptor(3);
    bench.ack(link, 1);
    bench.lose(link);
    bench.send(4);
    bench.pass(120 * SECOND - 1);
    assertThat(session.exists()).isTrue();
    assertThat(bench.unknown + bench.unsent).isZero();
    bench.pass(1);
    assertThat(session.exists()).isFalse();
    assertThat(bench.unknown).isEqualTo(2);
    assertThat(bench.unsent).isEqualTo(4);
    assertThat(bench.unsentWhy).isEqualTo(Reason.TIMED_OUT);
    assertThat(bench.events).containsExactly(Event.GIVEN_UP);
    assertThat(session.nextTick()).isEqualTo(SessionTimeouts.NEVER);
  }

  @Test
  void theTwoMinutesBeginAnewWithEachConnectionOnWhichThePeerAnswered() {
    FakeConnection first = bench.helloFrom(PEER, null, 0);
    bench.lose(first);
    bench.pass(100 * SECOND);
    FakeConnection second = bench.helloFrom(PEER, sid(first), 0);
    bench.pong(second);
    bench.lose(second);
    bench.pass(119 * SECOND);
    assertThat(session.exists()).isTrue();
    bench.pass(SECOND);
    assertThat(session.exists()).isFalse();
  }

  @Test
  void theAcceptorWaitsToBeDialed() {
    bench.lose(bench.openAsAcceptor(0));
    bench.pass(100 * SECOND);
    assertThat(session.phase()).isEqualTo(SessionPhase.WAITING);
    assertThat(bench.dials).isZero();
  }

  @Test
  void theAcceptorDialsWhileItHasLinesThatWait() {
    bench.lose(bench.openAsAcceptor(1));
    bench.pass(250 * MILLI);
    assertThat(bench.dials).isEqualTo(1);
  }

  @Test
  void theAcceptorThatHasMovedDialsAtOnceAndThenRedialsLikeTheDialer() {
    bench.lose(bench.openAsAcceptor(0));
    session.moved(bench.now);
    bench.pass(0);
    assertThat(bench.dials).isEqualTo(1);
    session.attemptFailed(bench.now, "the network is not up yet");
    bench.pass(250 * MILLI);
    assertThat(bench.dials).isEqualTo(2);
  }

  @Test
  void whoHasMovedDialsAtOnceThoughTheNextRedialIsFarAway() {
    bench.lose(bench.openAsDialer(0));
    for (int i = 0; i < 5; i++) {
      bench.pass(6 * SECOND);
      session.attemptFailed(bench.now, "the peer cannot be reached");
    }
    int before = bench.dials;
    session.moved(bench.now);
    bench.pass(0);
    assertThat(bench.dials).isEqualTo(before + 1);
  }

  @Test
  void aRedialAheadOfItsTimeChangesNothingAboutTheOthers() {
    bench.lose(bench.openAsDialer(1));
    for (long wait = 250 * MILLI; wait <= 8 * SECOND; wait *= 2) {
      bench.pass(wait);
      session.attemptFailed(bench.now, "the peer cannot be reached");
    }
    // The next one is due in 16 s.
    int before = bench.dials;
    session.redialAhead(bench.now + SECOND);
    session.redialAhead(bench.now + SECOND);
    assertThat(session.isAhead()).isTrue();
    bench.pass(SECOND - 1);
    assertThat(bench.dials).isEqualTo(before);
    bench.pass(1);
    assertThat(bench.dials).isEqualTo(before + 1);
    bench.pass(SECOND);
    session.attemptFailed(bench.now, "nor is it there");
    assertThat(session.isAhead()).isFalse();
    session.redialAhead(bench.now + 14 * SECOND);
    bench.pass(14 * SECOND - 1);
    assertThat(bench.dials).isEqualTo(before + 1);
    bench.pass(1);
    assertThat(bench.dials).isEqualTo(before + 2);
    session.attemptFailed(bench.now, "the peer cannot be reached");
    bench.pass(30 * SECOND);
    assertThat(bench.dials).isEqualTo(before + 3);
  }

  @Test
  void theUsualRedialIsNotPutOffByOneAheadThatTakesLong() {
    bench.lose(bench.openAsDialer(1));
    bench.pass(250 * MILLI);
    session.attemptFailed(bench.now, "the peer cannot be reached");
    session.redialAhead(bench.now);
    bench.pass(10 * SECOND);
    int before = bench.dials;
    session.attemptFailed(bench.now, "nor is it there");
    bench.pass(0);
    assertThat(bench.dials).isEqualTo(before + 1);
    assertThat(session.isAhead()).isFalse();
  }

  @Test
  void whoOnlyWaitsForThePeerDoesNotRedialAhead() {
    session.redialAhead(bench.now);
    bench.lose(bench.openAsAcceptor(0));
    session.redialAhead(bench.now);
    bench.pass(10 * SECOND);
    assertThat(bench.dials).isZero();
  }

  @Test
  void whoHasMovedWithoutASessionDialsNobody() {
    session.moved(bench.now);
    assertThat(session.nextTick()).isEqualTo(SessionTimeouts.NEVER);
  }

  @Test
  void theAcceptorDialsWhenLinesComeToWait() {
    bench.lose(bench.openAsAcceptor(0));
    bench.pass(10 * SECOND);
    bench.send(1);
    bench.send(1);
    assertThat(bench.dials).isZero();
    bench.pass(250 * MILLI);
    assertThat(bench.dials).isEqualTo(1);
  }

  @Test
  void afterAGivenUpSessionTheNextContactIsAFirstOne() {
    bench.lose(bench.openAsDialer(1));
    bench.pass(120 * SECOND);
    session.attemptFailed(bench.now, "refused");
    FakeConnection link = bench.openAsDialer(1);
    assertThat(session.epoch()).isEqualTo(2);
    assertThat(link.startedAt).isEqualTo(1);
  }
}
