package io.p2pchat.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.dns.DnsRecordType;
import io.p2pchat.discovery.FakeLan.FakeLink;
import io.p2pchat.discovery.FakeLan.Sent;
import io.p2pchat.discovery.MdnsRecord.Question;
import java.net.InetAddress;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What a node says about itself, and when, in virtual time. */
class MdnsResponderTest {
  private static final String NODE = "abcdefghijklmnopqrstuvwxyz";
  private static final String INSTANCE = MdnsNames.instance(NODE);
  private static final String HOST = MdnsNames.host(NODE);
  private static final InetAddress OTHER = FakeLan.ip("192.0.2.9");
  private static final Question ALL = new Question(MdnsNames.SERVICE, DnsRecordType.PTR);

  private final FakeLan lan = new FakeLan();
  private final MdnsResponder responder = responder(true);
  private final FakeLink link = lan.link(1, "192.0.2.1", responder::receive);

  private MdnsResponder responder(boolean announces) {
    return new MdnsResponder(
        lan.loop,
        Advertisement.builder(NODE, "Alice", 7001)
            .keyHint("0123456789abcdef")
            .announces(announces)
            .build(),
        new SplittableRandom(15));
  }

  private void announced() {
    responder.add(link);
    lan.loop.pass(60_000);
    link.sent.clear();
  }

  private void receive(MdnsPacket packet) {
    responder.receive(link, OTHER, FakeLan.copy(packet));
  }

  private void ask(Question question, MdnsRecord... known) {
    receive(MdnsPacket.query(List.of(question), List.of(known), false));
  }

  private static MdnsRecord pointer(long ttl) {
    return new MdnsRecord(
        MdnsNames.SERVICE, DnsRecordType.PTR, false, ttl, new MdnsData.Pointer(INSTANCE));
  }

  private static MdnsRecord location(String instance, int port) {
    return new MdnsRecord(
        instance, DnsRecordType.SRV, true, 120, new MdnsData.Location(port, HOST));
  }

  private static List<Long> times(List<Sent> sent) {
    return sent.stream().map(each -> each.millis() - sent.get(0).millis()).toList();
  }

  @Test
  void theNameIsProbedForThreeTimesAndThenAnnouncedTwiceAndAgainForLateSwitches() {
    responder.add(link);
    lan.loop.pass(3_600_000);
    assertThat(times(link.sent)).containsExactly(0L, 250L, 500L, 750L, 1_750L, 9_750L, 39_750L);
    assertThat(link.sent.get(0).millis()).isLessThan(250);
    for (Sent probe : link.sent.subList(0, 3)) {
      assertThat(probe.packet().questions())
          .containsExactly(
              new Question(INSTANCE, DnsRecordType.ANY), new Question(HOST, DnsRecordType.ANY));
      assertThat(probe.packet().authorities()).contains(location(INSTANCE, 7001));
    }
    for (Sent announcement : link.sent.subList(3, 7)) {
      assertThat(announcement.packet().answers())
          .containsExactly(
              pointer(4500),
              location(INSTANCE, 7001),
              new MdnsRecord(
                  INSTANCE,
                  DnsRecordType.TXT,
                  true,
                  4500,
                  new MdnsData.Text(1, "Alice", "0123456789abcdef")),
              new MdnsRecord(
                  HOST, DnsRecordType.A, true, 120, new MdnsData.Address(FakeLan.ip("192.0.2.1"))));
    }
  }

  @Test
  void aNodeThatDoesNotWantToBeFoundSaysNothing() {
    MdnsResponder silent = responder(false);
    FakeLink other = lan.link(1, "192.0.2.2", silent::receive);
    silent.add(other);
    lan.loop.pass(1_000);
    silent.receive(other, OTHER, MdnsPacket.query(List.of(ALL), List.of(), false));
    lan.loop.pass(60_000);
    silent.close();
    assertThat(other.sent).isEmpty();
  }

  @Test
  void nothingIsAnnouncedWhereTheNodeCannotBeDialed() {
    link.setAnnounced(List.of());
    responder.add(link);
    lan.loop.pass(60_000);
    assertThat(link.sent).isEmpty();
  }

  @Test
  void aQuestionForAllIsAnsweredSoonWithAllThatIsNeededToDial() {
    announced();
    long asked = lan.now();
    ask(ALL);
    lan.loop.pass(1_000);
    assertThat(link.sent).hasSize(1);
    assertThat(link.sent.get(0).millis() - asked).isBetween(20L, 120L);
    assertThat(link.sent.get(0).packet().answers()).containsExactly(pointer(4500));
    assertThat(link.sent.get(0).packet().additionals())
        .extracting(MdnsRecord::type)
        .containsExactly(DnsRecordType.SRV, DnsRecordType.TXT, DnsRecordType.A);
  }

  @Test
  void aQuestionForARecordThatOnlyThisNodeHasIsAnsweredAtOnce() {
    announced();
    ask(new Question(INSTANCE, DnsRecordType.TXT));
    ask(new Question(HOST, DnsRecordType.A));
    lan.loop.pass(0);
    assertThat(link.sent).hasSize(1);
    assertThat(link.sent.get(0).packet().answers())
        .extracting(MdnsRecord::type)
        .containsExactly(DnsRecordType.TXT, DnsRecordType.A);
  }

  @Test
  void browsersOfAllKindsOfServicesHearOfThisOne() {
    announced();
    ask(new Question(MdnsNames.ALL_SERVICES, DnsRecordType.PTR));
    lan.loop.pass(1_000);
    assertThat(link.sent.get(0).packet().answers())
        .extracting(MdnsRecord::data)
        .containsExactly(new MdnsData.Pointer(MdnsNames.SERVICE));
  }

  @Test
  void questionsAboutOthersAreNotAnswered() {
    announced();
    ask(new Question("other._p2pchat._tcp.local.", DnsRecordType.ANY));
    ask(new Question("_http._tcp.local.", DnsRecordType.PTR));
    ask(new Question(HOST, DnsRecordType.AAAA));
    lan.loop.pass(1_000);
    assertThat(link.sent).isEmpty();
  }

  @Test
  void anAnswerThatIsKnownForMoreThanHalfItsTimeIsNotGiven() {
    announced();
    ask(ALL, pointer(2250));
    lan.loop.pass(2_000);
    assertThat(link.sent).isEmpty();
    ask(ALL, pointer(2249));
    lan.loop.pass(2_000);
    assertThat(link.sent).hasSize(1);
  }

  @Test
  void knownAnswersMayFollowInFurtherPackets() {
    announced();
    receive(MdnsPacket.query(List.of(ALL), List.of(), true));
    lan.loop.pass(100);
    receive(MdnsPacket.query(List.of(), List.of(pointer(4000)), false));
    lan.loop.pass(2_000);
    assertThat(link.sent).isEmpty();
    receive(MdnsPacket.query(List.of(ALL), List.of(), true));
    lan.loop.pass(2_000);
    assertThat(link.sent).hasSize(1);
  }

  @Test
  void aFloodOfQuestionsIsAnsweredOnceASecond() {
    announced();
    for (int i = 0; i < 10_000; i++) {
      ask(ALL);
      ask(new Question(INSTANCE, DnsRecordType.ANY));
      lan.loop.pass(1);
    }
    // Ten seconds; the location as an answer of its own, and with the others.
    assertThat(link.sent.size()).isLessThanOrEqualTo(22);
  }

  @Test
  void aNameThatSomebodyElseHasIsChangedThreeTimesAtMost() {
    announced();
    for (int i = 2; i <= 4; i++) {
      useName(i - 1);
      lan.loop.pass(60_000);
      assertThat(link.responses()).isNotEmpty();
      assertThat(link.responses().get(0).packet().answers().get(0).data())
          .isEqualTo(new MdnsData.Pointer(MdnsNames.instance(NODE + "-" + i)));
      link.sent.clear();
    }
    useName(4);
    lan.loop.pass(30_000);
    FakeLink other = lan.link(2, "192.0.2.1", responder::receive);
    responder.add(other);
    lan.loop.pass(29_999);
    assertThat(link.sent).isEmpty();
    assertThat(other.sent).isEmpty();
  }

  private void useName(int number) {
    receive(
        MdnsPacket.response(List.of(location(MdnsNames.instance(label(number)), 9)), List.of()));
  }

  private void useAllNames() {
    for (int i = 1; i <= 4; i++) {
      useName(i);
    }
    link.sent.clear();
  }

  private void assertAnnouncedAfter(long minutes) {
    lan.loop.pass(minutes * 60_000 - 1);
    assertThat(link.sent).isEmpty();
    lan.loop.pass(60_000);
    assertThat(link.responses().get(0).packet().answers()).contains(location(INSTANCE, 7001));
  }

  @Test
  void aNodeWhoseNamesAreAllUsedIsAnnouncedAgainLaterAndLater() {
    announced();
    for (long minutes : List.of(1L, 2L, 4L, 8L, 16L, 16L)) {
      useAllNames();
      assertAnnouncedAfter(minutes);
    }
    lan.loop.pass(3_600_000);
    useAllNames();
    assertAnnouncedAfter(1);
    useAllNames();
    responder.remove(link);
    lan.loop.pass(3_600_000);
    assertThat(link.sent).isEmpty();
    responder.add(link);
    useAllNames();
    responder.close();
    lan.loop.pass(3_600_000);
    assertThat(link.sent).isEmpty();
    assertThat(lan.loop.isIdle()).isTrue();
  }

  private static String label(int number) {
    return number == 1 ? NODE : NODE + "-" + number;
  }

  @Test
  void aNameThatSomebodyElseProbesForAtTheSameTimeIsChanged() {
    responder.add(link);
    lan.loop.pass(500);
    receive(
        new MdnsPacket(
            false,
            false,
            List.of(new Question(INSTANCE, DnsRecordType.ANY)),
            List.of(),
            List.of(location(INSTANCE, 9)),
            List.of()));
    link.sent.clear();
    lan.loop.pass(60_000);
    assertThat(link.responses().get(0).packet().answers().get(0).data())
        .isEqualTo(new MdnsData.Pointer(MdnsNames.instance(NODE + "-2")));
  }

  @Test
  void ownPacketsThatComeBackDoNotChangeTheName() {
    FakeLink second = lan.link(2, "192.0.2.77", responder::receive);
    responder.add(link);
    responder.add(second);
    lan.loop.pass(60_000);
    assertThat(link.responses())
        .allSatisfy(each -> assertThat(each.packet().answers().get(0)).isEqualTo(pointer(4500)));
  }

  @Test
  void aGoodbyeThatSomebodyElseSaysInItsNameIsCorrectedOnceASecond() {
    announced();
    for (int i = 0; i < 1_000; i++) {
      receive(
          MdnsPacket.response(List.of(pointer(0), location(INSTANCE, 7001).withTtl(0)), List.of()));
      lan.loop.pass(10);
    }
    assertThat(link.sent.size()).isBetween(8, 11);
    assertThat(link.sent.get(0).packet().answers())
        .containsExactly(pointer(4500), location(INSTANCE, 7001));
  }

  @Test
  void atTheEndItSaysGoodbyeAndThenNothing() {
    announced();
    ask(ALL);
    responder.close();
    ask(ALL);
    lan.loop.pass(60_000);
    assertThat(link.sent).hasSize(1);
    assertThat(link.sent.get(0).packet().answers())
        .hasSize(4)
        .allMatch(record -> record.ttl() == 0);
  }

  @Test
  void nothingIsSaidOnALinkThatHasGone() {
    announced();
    ask(ALL);
    responder.remove(link);
    ask(ALL);
    lan.loop.pass(60_000);
    responder.close();
    assertThat(link.sent).isEmpty();
    assertThat(lan.loop.isIdle()).isTrue();
  }
}
