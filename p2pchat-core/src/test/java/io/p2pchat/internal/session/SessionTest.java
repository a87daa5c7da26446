package io.p2pchat.internal.session;

import static io.p2pchat.internal.session.SessionBench.LOWER;
import static io.p2pchat.internal.session.SessionBench.ME;
import static io.p2pchat.internal.session.SessionBench.OTHER_SID;
import static io.p2pchat.internal.session.SessionBench.PEER;
import static io.p2pchat.internal.session.SessionBench.RESTARTED;
import static io.p2pchat.internal.session.SessionBench.SELF;
import static io.p2pchat.internal.session.SessionBench.SID;
import static io.p2pchat.internal.session.SessionBench.introduction;
import static io.p2pchat.internal.session.SessionBench.welcome;
import static io.p2pchat.internal.session.VirtualTime.MILLI;
import static io.p2pchat.internal.session.VirtualTime.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.internal.protocol.Bye;
import io.p2pchat.internal.protocol.Bye.Reason;
import io.p2pchat.internal.protocol.Hello;
import io.p2pchat.internal.protocol.NodeInfo;
import io.p2pchat.internal.protocol.Ping;
import io.p2pchat.internal.protocol.Welcome;
import io.p2pchat.internal.session.SessionEffects.Event;
import org.junit.jupiter.api.Test;

/** How a session begins, and what is refused. */
class SessionTest {
  private final SessionBench bench = new SessionBench();
  private final Session session = bench.session;

  @Test
  void linesThatWaitDialAndHelloFollowsTheGreeting() {
    bench.send(2);
    assertThat(bench.dials).isEqualTo(1);
    assertThat(session.phase()).isEqualTo(SessionPhase.DIALING);

    FakeConnection link = bench.greetedBy(PEER);
    assertThat(link.sent).containsExactly(new Hello(1, ME, null, 0));
    assertThat(link.startedAt).isEqualTo(FakeConnection.NOT_STARTED);

    session.welcomed(bench.now, link, welcome(PEER, SID, 0, Welcome.NONE));
    assertThat(session.phase()).isEqualTo(SessionPhase.OPEN);
    assertThat(session.peer()).isEqualTo(introduction(PEER));
    assertThat(link.startedAt).isZero();
    assertThat(session.epoch()).isEqualTo(1);
  }

  @Test
  void helloIsAnsweredByWelcomeAndOpensTheSession() {
    FakeConnection link = bench.helloFrom(PEER, null, 0);
    assertThat(link.sent)
        .containsExactly(new Welcome(1, ME, SessionBench.sid(link), 0, Welcome.NONE));
    assertThat(session.phase()).isEqualTo(SessionPhase.OPEN);
    assertThat(session.peer()).isEqualTo(introduction(PEER));
    assertThat(link.startedAt).isZero();
    assertThat(bench.dials).isZero();
  }

  @Test
  void theFirstSessionBeginsAtTheFirstLineThatIsNotSettled() {
    bench.send(3);
    session.attemptFailed(bench.now, "refused");
    bench.send(2);
    FakeConnection link = bench.greetedBy(PEER);
    session.welcomed(bench.now, link, welcome(PEER, SID, 0, Welcome.NONE));
    assertThat(link.startedAt).isEqualTo(3);
    link.write(2);
    bench.ack(link, 2);
    assertThat(bench.acknowledged).isEqualTo(2);
  }

  @Test
  void aFailedFirstContactFailsTheLinesAndIsNotRepeated() {
    bench.send(3);
    session.attemptFailed(bench.now, "refused");
    assertThat(bench.unsent).isEqualTo(3);
    assertThat(bench.unsentReason).isEqualTo("refused");
    assertThat(session.phase()).isEqualTo(SessionPhase.IDLE);
    assertThat(session.nextTick()).isEqualTo(SessionTimeouts.NEVER);
    assertThat(bench.events).containsExactly(Event.UNREACHABLE);
  }

  @Test
  void helloUnansweredForTenSecondsHasFailed() {
    bench.send(1);
    FakeConnection link = bench.greetedBy(PEER);
    bench.pass(10 * SECOND - 1);
    assertThat(session.phase()).isEqualTo(SessionPhase.HELLO_SENT);
    bench.pass(1);
    assertThat(link.closed).isTrue();
    assertThat(bench.unsent).isEqualTo(1);
    assertThat(session.phase()).isEqualTo(SessionPhase.IDLE);
  }

  @Test
  void helloUnansweredInASessionIsSentAgainOnAnotherConnection() {
    bench.lose(bench.openAsDialer(1));
    bench.pass(250 * MILLI);
    bench.greetedBy(PEER);
    bench.pass(10 * SECOND);
    assertThat(session.phase()).isEqualTo(SessionPhase.WAITING);
    assertThat(bench.events).containsExactly(Event.UNREACHABLE);
    bench.pass(500 * MILLI);
    assertThat(bench.dials).isEqualTo(3);
    assertThat(bench.greetedBy(PEER).sent).containsExactly(new Hello(1, ME, SID, 0));
  }

  @Test
  void bothHaveDialedAndTheLowerNodeRefusesTheDuplicate() {
    bench.send(1);
    FakeConnection dialed = bench.greetedBy(PEER);
    FakeConnection accepted = bench.helloFrom(PEER, null, 0);
    assertThat(accepted.isRefused(Reason.DUPLICATE)).isTrue();
    assertThat(dialed.closed).isFalse();
    session.welcomed(bench.now, dialed, welcome(PEER, SID, 0, Welcome.NONE));
    assertThat(session.connection()).isSameAs(dialed);
  }

  @Test
  void bothHaveDialedAndTheHigherNodeWelcomes() {
    bench.send(1);
    FakeConnection dialed = bench.greetedBy(LOWER);
    FakeConnection accepted = bench.helloFrom(LOWER, null, 0);
    assertThat(dialed.closed).isTrue();
    assertThat(accepted.sent).hasExactlyElementsOfTypes(Welcome.class);
    assertThat(session.connection()).isSameAs(accepted);
    bench.bye(dialed, Reason.DUPLICATE);
    assertThat(session.phase()).isEqualTo(SessionPhase.OPEN);
  }

  @Test
  void aHelloThatTheWelcomeHasOvertakenIsADuplicateToo() {
    FakeConnection link = bench.openAsDialer(2);
    assertThat(bench.helloFrom(PEER, null, 0).isRefused(Reason.DUPLICATE)).isTrue();
    assertThat(bench.helloFrom(PEER, SID, 0).isRefused(Reason.DUPLICATE)).isTrue();
    assertThat(session.connection()).isSameAs(link);
    bench.ack(link, 2);
    assertThat(bench.acknowledged).isEqualTo(2);
    assertThat(bench.unknown).isZero();
  }

  @Test
  void aHelloThatResumesOrComesLaterReplacesTheConnection() {
    bench.openAsDialer(2);
    FakeConnection resumed = bench.helloFrom(PEER, SID, 1);
    assertThat(resumed.sent).hasExactlyElementsOfTypes(Welcome.class);
    assertThat(session.connection()).isSameAs(resumed);

    SessionBench other = new SessionBench();
    other.openAsDialer(2);
    other.pass(5 * SECOND);
    FakeConnection anew = other.helloFrom(PEER, null, 0);
    assertThat(anew.sent).hasExactlyElementsOfTypes(Welcome.class);
    assertThat(other.session.connection()).isSameAs(anew);
  }

  @Test
  void aGreetingThatComesWhenThePeerHasDialedIsNotNeeded() {
    bench.send(1);
    FakeConnection accepted = bench.helloFrom(PEER, null, 0);
    FakeConnection dialed = bench.greetedBy(PEER);
    assertThat(dialed.closed).isTrue();
    assertThat(dialed.sent).isEmpty();
    assertThat(session.connection()).isSameAs(accepted);
  }

  @Test
  void itNeverTalksToItself() {
    bench.send(1);
    FakeConnection dialed = bench.greetedBy(SELF);
    assertThat(dialed.closed).isTrue();
    assertThat(session.phase()).isEqualTo(SessionPhase.IDLE);
    assertThat(bench.unsent).isEqualTo(1);
    assertThat(bench.helloFrom(SELF, null, 0).isRefused(Reason.DUPLICATE)).isTrue();
  }

  @Test
  void anotherTeamAtTheAddressDoesNotTakeTheSessionOver() {
    bench.lose(bench.openAsDialer(2));
    bench.pass(250 * MILLI);
    FakeConnection link = bench.greetedBy(RESTARTED);
    assertThat(link.news()).containsExactly(new Hello(1, ME, null, 0));
    session.welcomed(bench.now, link, ofAnotherTeam());
    assertThat(link.isRefused(Reason.CLOSING)).isTrue();
    assertThat(link.startedAt).isEqualTo(FakeConnection.NOT_STARTED);
    assertThat(session.phase()).isEqualTo(SessionPhase.WAITING);
    assertThat(session.peer()).isEqualTo(introduction(PEER));
    assertThat(bench.events).containsExactly(Event.UNREACHABLE);
  }

  @Test
  void anotherTeamThatDialsFromTheAddressGetsNoLineOfTheSession() {
    bench.openAsDialer(2);
    FakeConnection link = new FakeConnection();
    NodeInfo newcomer = ofAnotherTeam().from();
    session.hello(bench.now, link, new Hello(1, newcomer, null, 0));
    assertThat(bench.unknown).isEqualTo(2);
    assertThat(bench.events).containsExactly(Event.ENDED);
    assertThat(link.startedAt).isEqualTo(2);
    assertThat(session.peer()).isEqualTo(newcomer);
  }

  @Test
  void anAcknowledgementBeforeWelcomeBreaksTheProtocol() {
    bench.send(1);
    FakeConnection link = bench.greetedBy(PEER);
    bench.ack(link, 0);
    assertThat(link.isRefused(Reason.PROTOCOL)).isTrue();
    assertThat(bench.unsent).isEqualTo(1);
    assertThat(session.phase()).isEqualTo(SessionPhase.IDLE);
  }

  @Test
  void aChatLineBeforeWelcomeBreaksTheProtocol() {
    bench.send(1);
    FakeConnection link = bench.greetedBy(PEER);
    assertThat(session.received(bench.now, link, 1)).isFalse();
    assertThat(link.isRefused(Reason.PROTOCOL)).isTrue();
  }

  @Test
  void aPingBeforeWelcomeBreaksTheProtocol() {
    bench.send(1);
    FakeConnection link = bench.greetedBy(PEER);
    session.pinged(bench.now, link, new Ping("1"));
    assertThat(link.isRefused(Reason.PROTOCOL)).isTrue();
  }

  @Test
  void aWelcomeThatNobodyAskedForBreaksTheProtocol() {
    FakeConnection link = bench.openAsAcceptor(1);
    session.welcomed(bench.now, link, welcome(PEER, OTHER_SID, 0, Welcome.NONE));
    assertThat(link.isRefused(Reason.PROTOCOL)).isTrue();
    assertThat(bench.events).containsExactly(Event.ENDED);
    assertThat(bench.unknown).isEqualTo(1);
  }

  @Test
  void aWelcomeOfAnotherThanWasGreetedBreaksTheProtocol() {
    bench.send(1);
    FakeConnection link = bench.greetedBy(PEER);
    session.welcomed(bench.now, link, welcome(RESTARTED, SID, 0, Welcome.NONE));
    assertThat(link.isRefused(Reason.PROTOCOL)).isTrue();
  }

  @Test
  void aBusyPeerIsDialedAgainAndTheLinesWait() {
    bench.send(1);
    FakeConnection link = bench.greetedBy(PEER);
    bench.bye(link, Reason.BUSY);
    assertThat(session.phase()).isEqualTo(SessionPhase.WAITING);
    assertThat(bench.unsent).isZero();
    bench.pass(250 * MILLI);
    assertThat(bench.dials).isEqualTo(2);
    bench.bye(bench.greetedBy(PEER), Reason.BUSY);
    bench.pass(500 * MILLI - 1);
    assertThat(bench.dials).isEqualTo(2);
    bench.pass(1);
    assertThat(bench.dials).isEqualTo(3);
  }

  @Test
  void aRefusedDuplicateEndsOnlyTheConnection() {
    FakeConnection link = bench.openAsDialer(1);
    bench.bye(link, Reason.DUPLICATE);
    assertThat(session.exists()).isTrue();
    assertThat(session.phase()).isEqualTo(SessionPhase.WAITING);
    assertThat(bench.unknown).isZero();
  }

  @Test
  void closingProtocolAndTrustEndTheSessionWithoutRedial() {
    for (Reason reason : new Reason[] {Reason.CLOSING, Reason.PROTOCOL, Reason.TRUST}) {
      SessionBench one = new SessionBench();
      FakeConnection link = one.openAsDialer(2);
      one.ack(link, 1);
      one.send(1);
      one.bye(link, reason);
      assertThat(one.session.phase()).as(reason.name()).isEqualTo(SessionPhase.IDLE);
      assertThat(one.session.exists()).isFalse();
      assertThat(one.session.nextTick()).isEqualTo(SessionTimeouts.NEVER);
      assertThat(one.unknown).isEqualTo(1);
      assertThat(one.unsent).isEqualTo(1);
      assertThat(one.events).containsExactly(Event.ENDED);
      assertThat(link.sent).isEmpty();
    }
  }

  @Test
  void byeOnAConnectionThatWasLeftIsIgnored() {
    FakeConnection old = bench.openAsAcceptor(1);
    bench.helloFrom(PEER, null, 0);
    session.bye(bench.now, old, new Bye(Reason.CLOSING));
    assertThat(session.phase()).isEqualTo(SessionPhase.OPEN);
  }

  private static Welcome ofAnotherTeam() {
    return new Welcome(
        1, new NodeInfo(RESTARTED, 65_536, 7001, "Strangers", true), OTHER_SID, 0, Welcome.NONE);
  }
}
