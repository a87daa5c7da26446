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
import io.p2pchat.internal.protocol.Bye;
import io.p2pchat.internal.protocol.Welcome;
import io.p2pchat.internal.session.SessionEffects.Event;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A peer that takes nothing, or that is reached again and again in vain, holds no line for ever.
 */
class SessionProgressTest {
  private final SessionBench bench = new SessionBench();
  private final Session session = bench.session;

  @Test
  void aPeerThatAnswersAndTakesNothingIsReportedAndThenGivenUp() {
    FakeConnection link = bench.openAsDialer(3);
    bench.ack(link, 1);
    bench.send(2);
    passWithAnswers(link, 10 * SECOND - 1);
    assertThat(bench.events).isEmpty();
    passWithAnswers(link, 1);
    assertThat(bench.events).containsExactly(Event.STALLED);
    passWithAnswers(link, 110 * SECOND - 1);
    assertThat(bench.events).containsExactly(Event.STALLED);
    assertThat(bench.unknown + bench.unsent).isZero();
    passWithAnswers(link, 1);
    assertThat(link.isRefused(Bye.Reason.CLOSING)).isTrue();
    assertThat(session.exists()).isFalse();
    assertThat(bench.unknown).isEqualTo(2);
    assertThat(bench.unknownReason).isEqualTo("it took no message for 120 s");
    assertThat(bench.unsent).isEqualTo(2);
    assertThat(bench.unsentReason).isEqualTo("it took no message for 120 s");
    assertThat(bench.unsentWhy).isEqualTo(Reason.TIMED_OUT);
    assertThat(bench.events).containsExactly(Event.STALLED, Event.GIVEN_UP);
    assertThat(session.nextTick()).isEqualTo(SessionTimeouts.NEVER);
  }

  @Test
  void eachLineThatIsTakenStartsTheTimeAnew() {
    FakeConnection link = bench.openAsDialer(100);
    for (int i = 1; i < 100; i++) {
      passWithAnswers(link, 9 * SECOND);
      bench.ack(link, i);
    }
    assertThat(bench.events).isEmpty();
    assertThat(session.exists()).isTrue();
    passWithAnswers(link, 10 * SECOND);
    bench.ack(link, 99);
    assertThat(bench.events).containsExactly(Event.STALLED);
    bench.ack(link, 100);
    bench.send(1);
    passWithAnswers(link, 10 * SECOND);
    assertThat(bench.events).containsExactly(Event.STALLED, Event.STALLED);
  }

  @Test
  void aQuietSessionNeedsNoProgress() {
    FakeConnection link = bench.openAsDialer(1);
    bench.ack(link, 1);
    passWithAnswers(link, 1000 * SECOND);
    assertThat(session.phase()).isEqualTo(SessionPhase.OPEN);
    bench.send(1);
    passWithAnswers(link, 120 * SECOND - 1);
    assertThat(session.exists()).isTrue();
    passWithAnswers(link, 1);
    assertThat(session.exists()).isFalse();
  }

  @Test
  void whoDoesNotReadCannotKnowOfProgress() {
    FakeConnection link = bench.openAsDialer(1);
    passWithAnswers(link, 9 * SECOND);
    session.setStopped(bench.now, true, true);
    bench.pass(1000 * SECOND);
    assertThat(bench.events).isEmpty();
    session.setStopped(bench.now, false, false);
    passWithAnswers(link, SECOND - 1);
    assertThat(bench.events).isEmpty();
    passWithAnswers(link, 1);
    assertThat(bench.events).containsExactly(Event.STALLED);
  }

  @Test
  void whoIsSlowedBecauseItFloodsIsGivenUpAllTheSame() {
    FakeConnection link = bench.openAsDialer(1);
    long end = bench.now + 120 * SECOND - 1;
    while (bench.now < end) {
      session.setStopped(bench.now, true, false);
      bench.pass(Math.min(SECOND, end - bench.now));
      session.setStopped(bench.now, false, false);
      bench.pong(link);
    }
    assertThat(bench.events).containsExactly(Event.STALLED);
    bench.pass(1);
    assertThat(bench.events).containsExactly(Event.STALLED, Event.GIVEN_UP);
    assertThat(bench.unknown).isOne();
  }

  @Test
  void whoFloodsAListenerThatIsSlowIsGivenUpInTheEnd() {
    FakeConnection link = bench.openAsDialer(1);
    long start = bench.now;
    while (session.exists() && bench.now - start < 3600 * SECOND) {
      // So many short lines fill the window, and a listener takes that many in 5 s.
      session.received(bench.now, link, 5000);
      session.setStopped(bench.now, true, true);
      bench.pass(5 * SECOND);
      session.setStopped(bench.now, false, false);
    }
    assertThat(bench.events).containsExactly(Event.STALLED, Event.GIVEN_UP);
    assertThat(bench.unknown).isOne();
    assertThat((bench.now - start) / SECOND).isLessThan(600);
  }

  @Test
  void progressBehindAllThatTheNetworkHoldsIsWaitedFor() {
    FakeConnection link = bench.openAsDialer(2);
    for (int acknowledged = 1; acknowledged <= 2; acknowledged++) {
      for (int i = 0; i < 200; i++) {
        session.received(bench.now, link, 1000);
        session.setStopped(bench.now, true, true);
        bench.pass(100 * SECOND);
        session.setStopped(bench.now, false, false);
      }
      assertThat(bench.events).isEmpty();
      bench.ack(link, acknowledged);
    }
  }

  @Test
  void aLineThatIsBeingTakenByTheNetworkPutsOffTheEnd() {
    FakeConnection link = bench.openAsDialer(2);
    link.drains = true;
    for (int i = 1; i <= 2; i++) {
      bench.pass(230 * SECOND);
      assertThat(session.phase()).isEqualTo(SessionPhase.OPEN);
      assertThat(bench.events).hasSize(i).containsOnly(Event.STALLED);
      bench.ack(link, i);
    }
    bench.send(1);
    bench.pass(200 * SECOND);
    assertThat(session.phase()).isEqualTo(SessionPhase.OPEN);
    link.drains = false;
    bench.pass(25 * SECOND);
    assertThat(link.closed).isTrue();
  }

  @Test
  void aPeerThatReadsLittleByLittleAndAcknowledgesNothingIsGivenUp() {
    FakeConnection link = bench.openAsDialer(1);
    link.drains = true;
    bench.pass(240 * SECOND - 1);
    assertThat(session.phase()).isEqualTo(SessionPhase.OPEN);
    assertThat(bench.events).containsExactly(Event.STALLED);
    bench.pass(1);
    assertThat(bench.events).containsExactly(Event.STALLED, Event.GIVEN_UP);
    assertThat(bench.unknown).isOne();
    assertThat(bench.unknownReason).isEqualTo("it took no message for 120 s");
  }

  @Test
  void newConnectionsWithoutProgressDoNotPutOffTheEnd() {
    FakeConnection link = bench.openAsDialer(3);
    long start = bench.now;
    int connections = 1;
    while (session.exists()) {
      bench.lose(link);
      int dials = bench.dials;
      while (session.exists() && bench.dials == dials) {
        bench.pass(10 * MILLI);
      }
      if (session.exists()) {
        link = bench.greetedBy(PEER);
        session.welcomed(bench.now, link, welcome(PEER, SID, 0, Welcome.NONE));
        bench.pong(link);
        connections++;
      }
    }
    assertThat(bench.unknown).isEqualTo(3);
    assertThat((bench.now - start) / SECOND).isEqualTo(120);
    assertThat(connections).isLessThan(12);
  }

  @Test
  void aPeerThatSaysWelcomeAndClosesIsNotRedialedForEver() {
    FakeConnection link = bench.openAsDialer(0);
    long start = bench.now;
    while (session.exists()) {
      bench.lose(link);
      int dials = bench.dials;
      while (session.exists() && bench.dials == dials) {
        bench.pass(10 * MILLI);
      }
      if (session.exists()) {
        link = bench.greetedBy(PEER);
        session.welcomed(bench.now, link, welcome(PEER, SID, 0, Welcome.NONE));
      }
    }
    assertThat((bench.now - start) / SECOND).isEqualTo(120);
    assertThat(bench.events).containsExactly(Event.GIVEN_UP);
  }

  @Test
  void aPeerThatAnswersAndClosesIsRedialedLessAndLessOften() {
    FakeConnection link = bench.openAsDialer(0);
    long start = bench.now;
    while (bench.now - start < 600 * SECOND) {
      bench.pong(link);
      bench.lose(link);
      int dials = bench.dials;
      while (bench.dials == dials) {
        bench.pass(10 * MILLI);
      }
      link = bench.greetedBy(PEER);
      session.welcomed(bench.now, link, welcome(PEER, SID, 0, Welcome.NONE));
    }
    assertThat(bench.dials).isBetween(20, 40);
    assertThat(bench.events).isEmpty();
    passWithAnswers(link, 10 * SECOND);
    bench.lose(link);
    int dials = bench.dials;
    bench.pass(250 * MILLI);
    assertThat(bench.dials).isEqualTo(dials + 1);
  }

  @Test
  void linesReceivedBeforeTheConnectionBrokeAreProgress() {
    FakeConnection link = bench.openAsDialer(50);
    for (int received = 1; received < 50; received++) {
      bench.lose(link);
      bench.pass(250 * MILLI);
      link = bench.greetedBy(PEER);
      session.welcomed(bench.now, link, welcome(PEER, SID, received, Welcome.NONE));
      link.write(50 - received);
      passWithAnswers(link, 5 * SECOND);
    }
    assertThat(session.phase()).isEqualTo(SessionPhase.OPEN);
    assertThat(bench.events).isEmpty();
  }

  @Test
  void aConnectionThatIsBackInTheLastMomentHasTimeToShowProgress() {
    FakeConnection first = bench.helloFrom(PEER, null, 0);
    bench.send(1);
    first.write(1);
    bench.lose(first);
    bench.pass(119 * SECOND);
    FakeConnection link = bench.helloFrom(PEER, sid(first), 0);
    passWithAnswers(link, 24 * SECOND);
    assertThat(session.exists()).isTrue();
    bench.ack(link, 1);
    passWithAnswers(link, 200 * SECOND);
    assertThat(session.exists()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {9, 20})
  void connectionsThatReplaceAnOpenOneDoNotPutOffTheEnd(int seconds) {
    FakeConnection link = bench.helloFrom(PEER, null, 0);
    String sid = sid(link);
    bench.send(3);
    link.write(3);
    long start = bench.now;
    for (int i = 0; i < 100 && session.exists(); i++) {
      passWithAnswers(link, seconds * SECOND);
      link = session.exists() ? bench.helloFrom(PEER, sid, 0) : link;
    }
    assertThat(bench.events).containsExactly(Event.STALLED, Event.GIVEN_UP);
    assertThat(bench.unknown).isEqualTo(3);
    assertThat((bench.now - start) / SECOND).isBetween(120L, 140L);
  }

  @Test
  void aFirstContactThatIsCutAfterTheGreetingIsTriedAgainForAWhile() {
    bench.send(2);
    bench.lose(bench.greetedBy(PEER));
    assertThat(bench.unsent).isZero();
    assertThat(session.hasGreeted()).isTrue();
    bench.pass(250 * MILLI);
    assertThat(bench.dials).isEqualTo(2);
    FakeConnection link = bench.greetedBy(PEER);
    session.welcomed(bench.now, link, welcome(PEER, SID, 0, Welcome.NONE));
    assertThat(session.phase()).isEqualTo(SessionPhase.OPEN);
    assertThat(bench.events).isEmpty();
  }

  @Test
  void aFirstContactThatIsCutAgainAndAgainFailsInTheEnd() {
    long start = bench.now;
    bench.send(2);
    while (bench.unsent == 0) {
      bench.lose(bench.greetedBy(PEER));
      int dials = bench.dials;
      while (bench.unsent == 0 && bench.dials == dials) {
        bench.pass(10 * MILLI);
      }
    }
    assertThat(bench.unsent).isEqualTo(2);
    assertThat(bench.unsentWhy).isEqualTo(Reason.CLOSED);
    assertThat((bench.now - start) / SECOND).isBetween(5L, 8L);
    assertThat(session.phase()).isEqualTo(SessionPhase.IDLE);
    assertThat(session.hasGreeted()).isFalse();
    assertThat(bench.events).containsExactly(Event.UNREACHABLE);
  }

  @Test
  void whoReadsAPartOfALineShowsItselfBeforeItIsTakenForDead() {
    FakeConnection link = bench.openAsAcceptor(0);
    for (int second = 0; second < 30; second++) {
      session.heard(bench.now, link);
      bench.pass(SECOND);
    }
    assertThat(link.news()).containsExactly(new Ack(0), new Ack(0));
  }

  @Test
  void whoseApplicationIsSlowShowsItselfToo() {
    FakeConnection link = bench.openAsAcceptor(0);
    session.received(bench.now, link, 1);
    bench.pass(10 * SECOND);
    assertThat(link.news()).containsExactly(new Ack(0));
  }

  @Test
  void twoThatAreQuietDoNotAnswerEachOther() {
    FakeConnection link = bench.openAsAcceptor(0);
    bench.ack(link, 0);
    session.heard(bench.now, link);
    bench.pass(15 * SECOND - 1);
    assertThat(link.news()).isEmpty();
  }

  /** Time passes for a peer that answers each second and acknowledges nothing. */
  private void passWithAnswers(FakeConnection link, long nanos) {
    long end = bench.now + nanos;
    while (bench.now < end) {
      bench.pong(link);
      bench.pass(Math.min(SECOND, end - bench.now));
    }
  }
}
