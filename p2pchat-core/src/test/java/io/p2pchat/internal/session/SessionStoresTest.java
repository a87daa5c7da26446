package io.p2pchat.internal.session;

import static io.p2pchat.internal.session.SessionBench.ME;
import static io.p2pchat.internal.session.SessionBench.PEER;
import static io.p2pchat.internal.session.SessionBench.RESTARTED;
import static io.p2pchat.internal.session.SessionBench.SID;
import static io.p2pchat.internal.session.VirtualTime.MILLI;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.internal.protocol.Ack;
import io.p2pchat.internal.protocol.Bye.Reason;
import io.p2pchat.internal.protocol.Greeting;
import io.p2pchat.internal.protocol.Hello;
import io.p2pchat.internal.protocol.Next;
import io.p2pchat.internal.protocol.NodeInfo;
import io.p2pchat.internal.protocol.Outbox;
import io.p2pchat.internal.protocol.Stored;
import io.p2pchat.internal.protocol.Welcome;
import io.p2pchat.internal.session.SessionEffects.Event;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A session between two stores (PROTOCOL.md section 9). */
class SessionStoresTest {
  private static final String OLD = "o".repeat(26);
  private static final String NOW = "n".repeat(26);

  private final SessionBench bench = new SessionBench();
  private final Session session = bench.session;

  SessionStoresTest() {
    bench.me = ME.keeping(true, false);
    bench.outboxes = List.of(OLD, NOW);
  }

  private static NodeInfo storing(String node) {
    return SessionBench.introduction(node).keeping(true, false);
  }

  private FakeConnection hello(
      NodeInfo from, @Nullable String sid, long received, boolean encrypted) {
    FakeConnection link = new FakeConnection();
    link.encrypted = encrypted;
    session.hello(bench.now, link, new Hello(1, from, sid, received));
    return link;
  }

  private FakeConnection open() {
    return hello(storing(PEER), null, 0, true);
  }

  private FakeConnection dialed() {
    FakeConnection link = new FakeConnection();
    link.encrypted = true;
    session.greeted(bench.now, link, new Greeting(1, Greeting.Tls.OFFERED, PEER));
    return link;
  }

  private void tell(FakeConnection link, Stored.Entry... entries) {
    session.stored(bench.now, link, new Stored(List.of(entries)));
  }

  private static Stored.Entry entry(String outbox, long number) {
    return new Stored.Entry(outbox, number);
  }

  private void assertBroken(FakeConnection link) {
    assertThat(link.isRefused(Reason.PROTOCOL)).isTrue();
    assertThat(bench.violations).hasSize(1);
  }

  @Test
  void linesGoWhenThePeerHasAnsweredForEachOutbox() {
    bench.send(3);
    FakeConnection link = open();
    assertThat(link.sent)
        .contains(new Outbox(List.of(OLD, NOW)))
        .filteredOn(Welcome.class::isInstance)
        .allMatch(line -> ((Welcome) line).from().stores());
    assertThat(link.startedAt).isEqualTo(FakeConnection.NOT_STARTED);
    tell(link, entry(NOW, 0));
    assertThat(link.startedAt).isEqualTo(FakeConnection.NOT_STARTED);
    assertThat(bench.stored).isEmpty();
    tell(link, entry(OLD, 2));
    assertThat(bench.stored).containsExactly(entry(NOW, 0), entry(OLD, 2));
    assertThat(link.startedAt).isEqualTo(0);
    assertThat(link.numbered).isTrue();
  }

  @Test
  void itAsksAgainOnEachConnectionUntilItIsAnsweredAndThenNoMore() {
    FakeConnection first = open();
    String sid = SessionBench.sid(first);
    bench.lose(first);
    FakeConnection second = hello(storing(PEER), sid, 0, true);
    assertThat(second.sent).contains(new Outbox(List.of(OLD, NOW)));
    tell(second, entry(OLD, 0), entry(NOW, 0));
    bench.send(2);
    second.write(2);
    bench.lose(second);
    FakeConnection third = hello(storing(PEER), sid, 1, true);
    assertThat(third.sent).noneMatch(Outbox.class::isInstance);
    assertThat(third.startedAt).isEqualTo(1);
    assertThat(third.numbered).isTrue();
  }

  @Test
  void aStoreThatIsGotAfterHelloCountsOnTheNextConnectionOnly() {
    bench.me = ME;
    bench.send(1);
    FakeConnection link = dialed();
    bench.me = ME.keeping(true, false);
    session.welcomed(bench.now, link, new Welcome(1, storing(PEER), SID, 0, Welcome.NONE));
    assertThat(session.isBetweenStores()).isFalse();
    assertThat(link.sent).noneMatch(Outbox.class::isInstance);
  }

  @Test
  void withoutAStoreOnOneSideNothingIsAsked() {
    bench.send(1);
    FakeConnection link = hello(SessionBench.introduction(PEER), null, 0, true);
    assertThat(link.sent).hasSize(1);
    assertThat(link.startedAt).isEqualTo(0);
    assertThat(link.numbered).isFalse();
    bench.me = ME;
    FakeConnection next = hello(storing(RESTARTED), null, 0, true);
    assertThat(next.sent).hasSize(1);
    assertThat(next.startedAt).isEqualTo(0);
  }

  @Test
  void aPeerWithATemporaryKeyHasNoStore() {
    NodeInfo temporary =
        new NodeInfo(
            PEER,
            65_536,
            7001,
            "Theirs",
            Set.of(NodeInfo.Feature.EXACT, NodeInfo.Feature.TEMPORARY_KEY));
    FakeConnection link = hello(temporary.keeping(true, false), null, 0, true);
    assertThat(link.sent).hasSize(1);
    assertThat(session.isBetweenStores()).isFalse();
  }

  @Test
  void withoutEncryptionNobodySaysOrBelievesThatThereIsAStore() {
    FakeConnection link = hello(storing(PEER), null, 0, false);
    assertThat(link.sent).hasSize(1);
    assertThat(((Welcome) link.sent.get(0)).from()).isEqualTo(ME);
    assertThat(link.numbered).isFalse();
    assertThat(session.isBetweenStores()).isFalse();
  }

  @Test
  void endedSettlesNothingBetweenTwoStores() {
    bench.send(3);
    FakeConnection first = dialed();
    session.welcomed(bench.now, first, new Welcome(1, storing(PEER), SID, 0, Welcome.NONE));
    tell(first, entry(OLD, 0), entry(NOW, 0));
    first.write(3);
    bench.lose(first);
    bench.pass(250 * MILLI);
    FakeConnection second = dialed();
    session.welcomed(
        bench.now, second, new Welcome(1, storing(PEER), SessionBench.OTHER_SID, 0, 2));
    assertThat(bench.acknowledged).isZero();
    assertThat(second.sent).contains(new Outbox(List.of(OLD, NOW)));
  }

  @Test
  void aRestartOfThePeerIsNoResetBetweenTwoStores() {
    FakeConnection link = open();
    tell(link, entry(OLD, 0), entry(NOW, 0));
    bench.send(2);
    link.write(2);
    hello(storing(RESTARTED), null, 0, true);
    assertThat(bench.events).isEmpty();
    hello(SessionBench.introduction("q".repeat(26)), null, 0, true);
    assertThat(bench.events).containsExactly(Event.RESET);
  }

  @Test
  void aPeerThatHasGotItsStoreOpensANewSession() {
    FakeConnection first = hello(SessionBench.introduction(PEER), null, 0, true);
    FakeConnection second = hello(storing(PEER), SessionBench.sid(first), 0, true);
    assertThat(SessionBench.sid(second)).isNotEqualTo(SessionBench.sid(first));
    assertThat(session.isBetweenStores()).isTrue();
  }

  /** Each side says how much it has received, so nothing is unknown or goes twice. */
  @Test
  void aSessionThatBeginsAnewForAStoreLosesNothing() {
    FakeConnection first = hello(SessionBench.introduction(PEER), null, 0, true);
    bench.send(5);
    first.write(3);
    assertThat(session.received(bench.now, first, 4)).isTrue();
    FakeConnection second = hello(storing(PEER), SessionBench.sid(first), 2, true);
    assertThat(session.isBetweenStores()).isTrue();
    assertThat(bench.acknowledged).isEqualTo(2);
    assertThat(bench.unknown).isZero();
    assertThat(bench.events).doesNotContain(SessionEffects.Event.RESET);
    assertThat(second.sent)
        .filteredOn(Welcome.class::isInstance)
        .singleElement()
        .satisfies(line -> assertThat(((Welcome) line).ended()).isEqualTo(4));
  }

  @Test
  void aQuestionIsPassedOnAndAnsweredOnItsConnectionOnly() {
    FakeConnection link = open();
    session.asked(bench.now, link, new Outbox(List.of(OLD)));
    session.asked(bench.now, link, new Outbox(List.of(NOW)));
    assertThat(bench.asked).containsExactly(List.of(OLD), List.of(NOW));
    session.answer(link, List.of(entry(OLD, 7)));
    assertThat(link.sent).contains(new Stored(List.of(entry(OLD, 7))));
    bench.lose(link);
    link.news();
    session.answer(link, List.of(entry(NOW, 7)));
    assertThat(link.sent).isEmpty();
  }

  /** Its messages would come after the answer there, when they may have been withdrawn. */
  @Test
  void aConnectionOfWhichAnotherOneAsksForAnOutboxEnds() {
    for (String outbox : List.of(OLD, NOW)) {
      SessionStoresTest one = new SessionStoresTest();
      FakeConnection link = one.open();
      one.session.asked(one.bench.now, link, new Outbox(List.of(OLD, NOW)));
      one.session.answer(link, List.of(entry(OLD, 7), entry(NOW, 0)));
      one.session.askedElsewhere(one.bench.now, List.of(outbox, "x".repeat(26)));
      assertThat(one.session.phase()).as(outbox).isNotEqualTo(SessionPhase.OPEN);
    }
  }

  @Test
  void aConnectionStaysIfAnotherOneAsksForOtherOutboxes() {
    FakeConnection link = open();
    session.askedElsewhere(bench.now, List.of(OLD));
    session.asked(bench.now, link, new Outbox(List.of(OLD, NOW)));
    session.askedElsewhere(bench.now, List.of(OLD)); // Nothing comes before the answer.
    session.answer(link, List.of(entry(OLD, 0), entry(NOW, 0)));
    session.askedElsewhere(bench.now, List.of("x".repeat(26)));
    session.numbered(bench.now, link, new Next(NOW, 1, Next.NOW));
    session.messages(bench.now, link, 1);
    session.askedElsewhere(bench.now, List.of(OLD));
    assertThat(session.phase()).isEqualTo(SessionPhase.OPEN);
    session.askedElsewhere(bench.now, List.of(NOW));
    assertThat(session.phase()).isNotEqualTo(SessionPhase.OPEN);
  }

  @Test
  void aConnectionWithMoreOutboxesThanAreRememberedEndsForAny() {
    FakeConnection link = open();
    for (int i = 0; i <= OutboxExchange.MOST_COMING; i++) {
      session.asked(bench.now, link, new Outbox(List.of(OLD)));
    }
    session.answer(link, List.of(entry(OLD, 0)));
    session.askedElsewhere(bench.now, List.of(NOW));
    assertThat(session.phase()).isNotEqualTo(SessionPhase.OPEN);
  }

  @Test
  void messagesAreNumberedOneAfterTheOtherFromNext() {
    FakeConnection link = open();
    session.numbered(bench.now, link, new Next(OLD, 5, 77));
    assertThat(session.messages(bench.now, link, 3)).isEqualTo(new Next(OLD, 5, 77));
    assertThat(session.messages(bench.now, link, 1)).isEqualTo(new Next(OLD, 8, Next.NOW));
    session.numbered(bench.now, link, new Next(OLD, 20, Next.NOW));
    session.numbered(bench.now, link, new Next(NOW, 1, Next.NOW));
    assertThat(session.messages(bench.now, link, 1)).isEqualTo(new Next(NOW, 1, Next.NOW));
    assertThat(bench.violations).isEmpty();
  }

  @Test
  void theFirstMessageOfEachConnectionNeedsANumber() {
    FakeConnection first = open();
    session.numbered(bench.now, first, new Next(OLD, 5, Next.NOW));
    session.messages(bench.now, first, 1);
    FakeConnection second = hello(storing(PEER), SessionBench.sid(first), 0, true);
    assertThat(session.messages(bench.now, second, 1)).isNull();
    assertBroken(second);
  }

  @Test
  void aNumberThatNoLineCanCarryBreaksTheProtocol() {
    FakeConnection link = open();
    session.numbered(bench.now, link, new Next(OLD, 999_999_999_999_999_999L, Next.NOW));
    assertThat(session.messages(bench.now, link, 2)).isNull();
    assertBroken(link);
  }

  @Test
  void linesOfStoresBreakTheProtocolWhereNotBothHaveOne() {
    for (int line = 0; line < 3; line++) {
      SessionStoresTest one = new SessionStoresTest();
      FakeConnection link = one.hello(SessionBench.introduction(PEER), null, 0, true);
      switch (line) {
        case 0 -> one.session.asked(0, link, new Outbox(List.of(OLD)));
        case 1 -> one.tell(link, entry(OLD, 0));
        default -> one.session.numbered(0, link, new Next(OLD, 1, Next.NOW));
      }
      one.assertBroken(link);
      assertThat(one.bench.asked).isEmpty();
    }
  }

  @Test
  void anAnswerThatNobodyAskedForBreaksTheProtocol() {
    FakeConnection link = open();
    tell(link, entry("x".repeat(26), 1));
    assertBroken(link);
  }

  @Test
  void asASecondAnswerDoes() {
    FakeConnection link = open();
    tell(link, entry(OLD, 0), entry(NOW, 0));
    tell(link, entry(OLD, 0));
    assertBroken(link);
  }

  @Test
  void anAnswerOfMoreThanWasSentBreaksTheProtocol() {
    bench.send(2);
    FakeConnection link = open();
    tell(link, entry(OLD, 0), entry(NOW, 3));
    assertBroken(link);
    assertThat(link.startedAt).isEqualTo(FakeConnection.NOT_STARTED);
  }

  @Test
  void aQuestionBehindAMessageBreaksTheProtocol() {
    FakeConnection link = open();
    session.numbered(bench.now, link, new Next(OLD, 5, Next.NOW));
    session.messages(bench.now, link, 1);
    session.asked(bench.now, link, new Outbox(List.of(OLD)));
    assertBroken(link);
  }

  @Test
  void moreThan4096OutboxesOnOneConnectionBreakTheProtocol() {
    FakeConnection link = open();
    Outbox question = new Outbox(Collections.nCopies(64, OLD));
    for (int i = 0; i < OutboxExchange.MOST_NAMED / 64; i++) {
      session.asked(bench.now, link, question);
    }
    assertThat(bench.violations).isEmpty();
    session.asked(bench.now, link, new Outbox(List.of(OLD)));
    assertBroken(link);
  }

  @Test
  void whatIsCommittedIsAcknowledged() {
    FakeConnection link = open();
    session.numbered(bench.now, link, new Next(OLD, 5, Next.NOW));
    session.received(bench.now, link, 2);
    session.messages(bench.now, link, 2);
    bench.pass(100 * MILLI);
    assertThat(link.sent).noneMatch(Ack.class::isInstance);
    session.taken(bench.now, session.epoch(), 2, 20);
    assertThat(link.sent).contains(new Ack(2));
  }
}
