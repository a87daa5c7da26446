package io.p2pchat.internal.session;

import static io.p2pchat.internal.session.SessionBench.ME;
import static io.p2pchat.internal.session.SessionBench.OTHER_SID;
import static io.p2pchat.internal.session.SessionBench.PEER;
import static io.p2pchat.internal.session.SessionBench.RESTARTED;
import static io.p2pchat.internal.session.SessionBench.SID;
import static io.p2pchat.internal.session.SessionBench.sid;
import static io.p2pchat.internal.session.SessionBench.welcome;
import static io.p2pchat.internal.session.VirtualTime.MILLI;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.internal.protocol.Ack;
import io.p2pchat.internal.protocol.Bye.Reason;
import io.p2pchat.internal.protocol.Hello;
import io.p2pchat.internal.protocol.Welcome;
import io.p2pchat.internal.session.SessionEffects.Event;
import org.junit.jupiter.api.Test;

/** How a session goes on, or is succeeded by another, on a new connection. */
class SessionResumptionTest {
  private final SessionBench bench = new SessionBench();
  private final Session session = bench.session;

  @Test
  void theDialerSendsAgainExactlyWhatFollowsReceived() {
    FakeConnection first = bench.openAsDialer(5);
    bench.ack(first, 2);
    session.received(bench.now, first, 4);
    FakeConnection second = redial(first);
    assertThat(second.sent).containsExactly(new Hello(1, ME, SID, 4));
    session.welcomed(bench.now, second, welcome(PEER, SID, 3, Welcome.NONE));
    assertThat(second.startedAt).isEqualTo(3);
    assertThat(session.epoch()).isEqualTo(1);
    assertThat(bench.events).isEmpty();
  }

  @Test
  void theAcceptorSendsAgainExactlyWhatFollowsReceived() {
    FakeConnection first = bench.helloFrom(PEER, null, 0);
    String sid = sid(first);
    bench.send(5);
    first.write(5);
    session.received(bench.now, first, 2);
    bench.lose(first);
    FakeConnection second = bench.helloFrom(PEER, sid, 4);
    assertThat(second.sent).containsExactly(new Welcome(1, ME, sid, 2, Welcome.NONE));
    assertThat(second.startedAt).isEqualTo(4);
    assertThat(session.epoch()).isEqualTo(1);
  }

  @Test
  void resumedItRepeatsWhatTheApplicationHasTaken() {
    FakeConnection first = bench.openAsDialer(1);
    session.received(bench.now, first, 3);
    session.taken(bench.now, session.epoch(), 2, 20);
    FakeConnection second = redial(first);
    second.news();
    session.welcomed(bench.now, second, welcome(PEER, SID, 1, Welcome.NONE));
    assertThat(second.sent).containsExactly(new Ack(2));
  }

  @Test
  void aNewHelloReplacesTheOldConnection() {
    FakeConnection old = bench.helloFrom(PEER, null, 0);
    FakeConnection next = bench.helloFrom(PEER, sid(old), 0);
    assertThat(old.closed).isTrue();
    assertThat(session.connection()).isSameAs(next);
    bench.lose(old);
    assertThat(session.phase()).isEqualTo(SessionPhase.OPEN);
  }

  @Test
  void linesOfAnOldConnectionAreIgnored() {
    FakeConnection old = bench.helloFrom(PEER, null, 0);
    FakeConnection next = bench.helloFrom(PEER, sid(old), 0);
    assertThat(session.received(bench.now, old, 1)).isFalse();
    bench.ack(old, 99);
    assertThat(session.phase()).isEqualTo(SessionPhase.OPEN);
    assertThat(next.closed).isFalse();
  }

  @Test
  void takenLinesOfAnOldEpochAreNotAcknowledgedInTheNewOne() {
    FakeConnection old = bench.openAsAcceptor(0);
    session.received(bench.now, old, 3);
    long oldEpoch = session.epoch();
    FakeConnection next = bench.helloFrom(RESTARTED, null, 0);
    next.news();
    session.received(bench.now, next, 3);
    session.taken(bench.now, oldEpoch, 3, 30);
    bench.pass(20 * MILLI);
    assertThat(next.sent).isEmpty();
    session.taken(bench.now, session.epoch(), 3, 30);
    assertThat(next.sent).containsExactly(new Ack(3));
  }

  @Test
  void anOlderAcknowledgementIsIgnored() {
    FakeConnection link = bench.openAsDialer(5);
    bench.ack(link, 4);
    bench.ack(link, 2);
    assertThat(bench.acknowledged).isEqualTo(4);
    assertThat(session.phase()).isEqualTo(SessionPhase.OPEN);
  }

  @Test
  void anAcknowledgementBeyondWhatWasSentBreaksTheProtocol() {
    for (long count : new long[] {3, 999_999_999_999_999_999L}) {
      SessionBench one = new SessionBench();
      one.send(1);
      one.session.attemptFailed(one.now, "so that the session begins at line 1");
      FakeConnection link = one.openAsDialer(2);
      one.ack(link, count);
      assertThat(link.isRefused(Reason.PROTOCOL)).isTrue();
      assertThat(one.unknown).isEqualTo(2);
      assertThat(one.events).containsExactly(Event.UNREACHABLE, Event.ENDED);
    }
  }

  @Test
  void welcomeWithAnImpossibleReceivedBreaksTheProtocol() {
    for (long received : new long[] {1, 4}) {
      SessionBench one = new SessionBench();
      FakeConnection first = one.openAsDialer(3);
      one.ack(first, 2);
      one.lose(first);
      one.pass(250 * MILLI);
      FakeConnection second = one.greetedBy(PEER);
      one.session.welcomed(one.now, second, welcome(PEER, SID, received, Welcome.NONE));
      assertThat(second.isRefused(Reason.PROTOCOL)).isTrue();
      assertThat(one.unknown).isEqualTo(1);
      assertThat(one.session.exists()).isFalse();
    }
  }

  @Test
  void welcomeForANewSessionWithLinesReceivedBreaksTheProtocol() {
    bench.send(3);
    FakeConnection link = bench.greetedBy(PEER);
    session.welcomed(bench.now, link, welcome(PEER, SID, 1, Welcome.NONE));
    assertThat(link.isRefused(Reason.PROTOCOL)).isTrue();
    assertThat(bench.violations).hasSize(1);
    assertThat(bench.unsent).isEqualTo(3);
    assertThat(session.exists()).isFalse();
  }

  @Test
  void helloWithAnImpossibleReceivedBreaksTheProtocolAndEndsTheSession() {
    for (long received : new long[] {1, 4}) {
      SessionBench one = new SessionBench();
      FakeConnection first = one.helloFrom(PEER, null, 0);
      one.send(3);
      first.write(3);
      one.ack(first, 2);
      FakeConnection second = one.helloFrom(PEER, sid(first), received);
      assertThat(second.isRefused(Reason.PROTOCOL)).isTrue();
      assertThat(first.closed).isTrue();
      assertThat(one.unknown).isEqualTo(1);
      assertThat(one.session.exists()).isFalse();
      assertThat(one.events).containsExactly(Event.ENDED);
    }
  }

  @Test
  void endedAcknowledgesItsPartAndTheRestGoesAgain() {
    FakeConnection first = bench.openAsDialer(5);
    bench.ack(first, 1);
    FakeConnection second = redial(first);
    session.welcomed(bench.now, second, welcome(PEER, OTHER_SID, 0, 3));
    assertThat(bench.acknowledged).isEqualTo(3);
    assertThat(second.startedAt).isEqualTo(3);
    assertThat(session.epoch()).isEqualTo(2);
    assertThat(bench.events).isEmpty();
    second.write(2);
    bench.ack(second, 2);
    assertThat(bench.acknowledged).isEqualTo(5);
  }

  @Test
  void anImpossibleEndedBreaksTheProtocol() {
    FakeConnection first = bench.openAsDialer(2);
    FakeConnection second = redial(first);
    session.welcomed(bench.now, second, welcome(PEER, OTHER_SID, 0, 3));
    assertThat(second.isRefused(Reason.PROTOCOL)).isTrue();
    assertThat(bench.unknown).isEqualTo(2);
  }

  @Test
  void theAcceptorTellsWhatHadBeenReceivedInASessionThatEnded() {
    FakeConnection first = bench.helloFrom(PEER, null, 0);
    session.received(bench.now, first, 7);
    bench.bye(first, Reason.CLOSING);
    FakeConnection second = bench.helloFrom(PEER, sid(first), 0);
    assertThat(second.sent).containsExactly(new Welcome(1, ME, sid(second), 0, 7));
    assertThat(sid(second)).isNotEqualTo(sid(first));
    assertThat(sid(bench.helloFrom(RESTARTED, sid(first), 0))).isNotEqualTo(sid(first));
  }

  @Test
  void whatHadBeenReceivedIsNotToldToAnotherNode() {
    FakeConnection first = bench.helloFrom(PEER, null, 0);
    session.received(bench.now, first, 7);
    FakeConnection second = bench.helloFrom(RESTARTED, sid(first), 0);
    assertThat(second.sent).containsExactly(new Welcome(1, ME, sid(second), 0, Welcome.NONE));
  }

  @Test
  void aRestartedPeerGetsTheLinesAgainAndTheApplicationIsTold() {
    FakeConnection first = bench.openAsDialer(3);
    bench.ack(first, 1);
    bench.lose(first);
    bench.pass(250 * MILLI);
    FakeConnection second = bench.greetedBy(RESTARTED);
    assertThat(second.sent).containsExactly(new Hello(1, ME, null, 0));
    session.welcomed(bench.now, second, welcome(RESTARTED, OTHER_SID, 0, Welcome.NONE));
    assertThat(bench.events).containsExactly(Event.RESET);
    assertThat(second.startedAt).isEqualTo(1);
    assertThat(bench.unknown).isZero();
  }

  @Test
  void aRestartedPeerThatDialsGetsTheLinesAgainAndTheApplicationIsTold() {
    bench.openAsAcceptor(3);
    FakeConnection second = bench.helloFrom(RESTARTED, null, 0);
    assertThat(bench.events).containsExactly(Event.RESET);
    assertThat(second.startedAt).isZero();
    assertThat(bench.unknown).isZero();
  }

  @Test
  void aRestartIsNotToldWhenNothingIsUnknown() {
    FakeConnection first = bench.openAsDialer(3);
    bench.ack(first, 3);
    bench.helloFrom(RESTARTED, null, 0);
    assertThat(bench.events).isEmpty();
  }

  @Test
  void aPeerThatForgotTheSessionWithoutARestartIsToldLikeARestart() {
    FakeConnection first = bench.openAsDialer(3);
    FakeConnection second = redial(first);
    session.welcomed(bench.now, second, welcome(PEER, OTHER_SID, 0, Welcome.NONE));
    assertThat(bench.events).containsExactly(Event.RESET);
    assertThat(second.startedAt).isZero();
  }

  @Test
  void aWelcomeThatWasNeverSeenLosesNothingThatWasNotWritten() {
    FakeConnection first = bench.openAsAcceptor(0);
    bench.send(3);
    FakeConnection second = bench.helloFrom(PEER, null, 0);
    assertThat(first.closed).isTrue();
    assertThat(second.startedAt).isZero();
    assertThat(bench.unknown).isZero();
    assertThat(bench.events).isEmpty();
  }

  @Test
  void anAcceptorThatDialsAPeerThatNeverSawTheWelcomeSendsAgain() {
    FakeConnection first = bench.openAsAcceptor(3);
    FakeConnection second = redial(first);
    session.welcomed(bench.now, second, welcome(PEER, OTHER_SID, 0, Welcome.NONE));
    assertThat(second.startedAt).isZero();
    assertThat(bench.unknown).isZero();
    assertThat(bench.events).isEmpty();
  }

  @Test
  void aPeerThatHasEndedTheSessionMayOrMayNotHaveTheLines() {
    FakeConnection first = bench.openAsAcceptor(3);
    bench.ack(first, 1);
    bench.send(2);
    FakeConnection second = bench.helloFrom(PEER, null, 0);
    assertThat(bench.unknown).isEqualTo(2);
    assertThat(bench.unsent).isZero();
    assertThat(second.startedAt).isEqualTo(3);
  }

  private FakeConnection redial(FakeConnection first) {
    bench.lose(first);
    bench.pass(250 * MILLI);
    return bench.greetedBy(PEER);
  }
}
