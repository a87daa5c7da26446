package io.p2pchat.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.dns.DnsRecordType;
import io.p2pchat.PeerAddress;
import io.p2pchat.discovery.FakeLan.FakeLink;
import io.p2pchat.discovery.FakeLan.Sent;
import io.p2pchat.discovery.MdnsRecord.Question;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Who is found, and for how long, in virtual time. */
class MdnsBrowserTest {
  private static final String ALICE = "a".repeat(26);
  private static final String BOB = "b".repeat(26);
  private static final InetAddress BOBS_IP = FakeLan.ip("192.0.2.2");
  private static final Question ALL = new Question(MdnsNames.SERVICE, DnsRecordType.PTR);

  private final FakeLan lan = new FakeLan();
  private final Found found = new Found();
  private final MdnsBrowser browser =
      new MdnsBrowser(lan.loop, ALICE, found, new SplittableRandom(15));
  private final FakeLink link = lan.link(1, "192.0.2.1", browser::receive);

  private final class Found implements Sink {
    final Map<String, PeerCandidate> now = new LinkedHashMap<>();
    final List<String> events = new ArrayList<>();
    Duration lease = Duration.ZERO;
    long lastMillis;

    @Override
    public void found(PeerCandidate candidate, Duration lease) {
      events.add((now.put(candidate.id(), candidate) == null ? "new " : "again ") + candidate.id());
      this.lease = lease;
      lastMillis = lan.now();
    }

    List<PeerAddress> addresses(String node) {
      return Objects.requireNonNull(now.get(MdnsNames.instance(node))).addresses();
    }

    @Override
    public void lost(String id) {
      now.remove(id);
      events.add("lost " + id);
      lastMillis = lan.now();
    }
  }

  private static List<MdnsRecord> announcement(String node, long ttl, String... ips) {
    List<MdnsRecord> records = new ArrayList<>();
    String name = MdnsNames.instance(node);
    records.add(
        new MdnsRecord(
            MdnsNames.SERVICE,
            DnsRecordType.PTR,
            false,
            ttl == 0 ? 0 : 4500,
            new MdnsData.Pointer(name)));
    records.add(
        new MdnsRecord(
            name, DnsRecordType.SRV, true, ttl, new MdnsData.Location(7002, MdnsNames.host(node))));
    records.add(
        new MdnsRecord(
            name,
            DnsRecordType.TXT,
            true,
            ttl == 0 ? 0 : 4500,
            new MdnsData.Text(1, "Bob", "0123456789abcdef")));
    for (String ip : ips) {
      records.add(
          new MdnsRecord(
              MdnsNames.host(node),
              ip.indexOf(':') < 0 ? DnsRecordType.A : DnsRecordType.AAAA,
              true,
              ttl,
              new MdnsData.Address(FakeLan.ip(ip))));
    }
    return records;
  }

  private void receive(List<MdnsRecord> records) {
    receive(link, BOBS_IP, records);
  }

  private void receive(FakeLink on, InetAddress source, List<MdnsRecord> records) {
    browser.receive(on, source, FakeLan.copy(MdnsPacket.response(records, List.of())));
  }

  @Test
  void itAsksAtOnceAndThenAfterTwiceTheTimeUpToAnHour() {
    browser.add(link);
    lan.loop.pass(7 * 3_600_000L);
    List<Sent> sent = link.queries();
    assertThat(sent.get(0).millis()).isBetween(20L, 120L);
    List<Long> seconds = new ArrayList<>();
    for (int i = 1; i < sent.size(); i++) {
      seconds.add((sent.get(i).millis() - sent.get(i - 1).millis()) / 1000);
    }
    assertThat(seconds)
        .containsExactly(
            1L, 2L, 4L, 8L, 16L, 32L, 64L, 128L, 256L, 512L, 1024L, 2048L, 3600L, 3600L, 3600L,
            3600L, 3600L);
    assertThat(sent).allMatch(each -> each.packet().questions().equals(List.of(ALL)));
  }

  @Test
  void anAnnouncementIsReportedAtOnceWithAllItSays() {
    browser.add(link);
    receive(announcement(BOB, 120, "192.0.2.2", "2001:db8::2"));
    assertThat(found.now.values())
        .containsExactly(
            PeerCandidate.builder(MdnsNames.instance(BOB))
                .node(BOB)
                .teamName("Bob")
                .keyHint("0123456789abcdef")
                .level(1)
                .address(new PeerAddress("192.0.2.2", 7002))
                .address(new PeerAddress("2001:db8::2", 7002))
                .build());
    assertThat(found.lease).isBetween(Duration.ofSeconds(110), Duration.ofSeconds(120));
  }

  @Test
  void addressOfIpv4OnTheLinkComesFirstAndALinkLocalOneLast() {
    browser.add(link);
    receive(announcement(BOB, 120, "fe80::2", "2001:db8::2", "192.0.2.2"));
    assertThat(found.addresses(BOB).stream().map(PeerAddress::host))
        .containsExactly("192.0.2.2", "2001:db8::2", "fe80::2");
  }

  @Test
  void theOwnNodeIsIgnoredAlsoUnderItsOtherNames() {
    browser.add(link);
    receive(announcement(ALICE, 120, "192.0.2.1"));
    receive(announcement(ALICE + "-2", 120, "192.0.2.1"));
    assertThat(found.events).isEmpty();
  }

  @Test
  void goodbyeIsLostWithinTwoSeconds() {
    browser.add(link);
    receive(announcement(BOB, 120, "192.0.2.2"));
    lan.loop.pass(30_000);
    long goodbye = lan.now();
    receive(announcement(BOB, 0, "192.0.2.2"));
    lan.loop.pass(10_000);
    assertThat(found.events).last().isEqualTo("lost " + MdnsNames.instance(BOB));
    assertThat(found.lastMillis - goodbye).isBetween(1_000L, 2_000L);
  }

  @Test
  void aHostThatWasKilledIsAskedFourTimesAndLostWithinTwoMinutes() {
    browser.add(link);
    lan.loop.pass(600_000);
    link.sent.clear();
    long announced = lan.now();
    receive(announcement(BOB, 120, "192.0.2.2"));
    lan.loop.pass(300_000);
    assertThat(found.now).isEmpty();
    assertThat(found.lastMillis - announced).isBetween(117_000L, 120_000L);
    List<Long> asked =
        link.queries().stream()
            .filter(
                each ->
                    each.packet()
                        .questions()
                        .contains(new Question(MdnsNames.instance(BOB), DnsRecordType.SRV)))
            .map(each -> (each.millis() - announced) / 1000)
            .filter(seconds -> seconds < 118)
            .toList();
    assertThat(asked).hasSize(4);
    for (int i = 0; i < 4; i++) {
      assertThat(asked.get(i)).isBetween(96L + 6L * i, 99L + 6L * i);
    }
  }

  @Test
  void aHostThatAnswersStaysForEver() {
    MdnsResponder bob =
        new MdnsResponder(
            lan.loop, Advertisement.builder(BOB, "Bob", 7002).build(), new SplittableRandom(2));
    FakeLink bobs = lan.link(1, "192.0.2.2", bob::receive);
    bob.add(bobs);
    browser.add(link);
    lan.loop.pass(3 * 3_600_000L);
    assertThat(found.events).noneMatch(event -> event.startsWith("lost"));
    assertThat(found.now).hasSize(1);
    assertThat(found.lastMillis).isGreaterThan(lan.now() - 120_000);
    // Some 112 times two minutes, and little more.
    assertThat(bobs.responses().size()).isLessThan(500);
    bob.close();
    lan.loop.pass(2_000);
    assertThat(found.now).isEmpty();
  }

  @Test
  void whatIsKnownIsNotToldAgain() {
    browser.add(link);
    receive(announcement(BOB, 120, "192.0.2.2"));
    lan.loop.pass(5_000);
    Sent last = link.queries().get(link.queries().size() - 1);
    assertThat(last.packet().answers())
        .extracting(MdnsRecord::data)
        .containsExactly(new MdnsData.Pointer(MdnsNames.instance(BOB)));
    assertThat(last.packet().answers().get(0).ttl()).isBetween(4490L, 4500L);
  }

  @Test
  void manyKnownAnswersGoIntoSeveralPackets() {
    for (int i = 0; i < 60; i++) {
      browser.add(link);
      receive(announcement("peer" + i, 120, "192.0.2.2"));
    }
    lan.loop.pass(10);
    link.sent.clear();
    lan.loop.pass(130);
    List<Sent> first = link.queries().subList(0, 5);
    assertThat(first)
        .extracting(each -> each.packet().truncated())
        .containsExactly(true, true, true, true, false);
    assertThat(first.stream().mapToInt(each -> each.packet().answers().size()).sum()).isEqualTo(60);
    assertThat(first.get(1).packet().questions()).isEmpty();
  }

  @Test
  void anAddressThatIsReplacedGoesAndTheNewOneIsReported() {
    browser.add(link);
    receive(announcement(BOB, 120, "192.0.2.2"));
    lan.loop.pass(5_000);
    receive(announcement(BOB, 120, "192.0.2.22"));
    lan.loop.pass(5_000);
    assertThat(found.addresses(BOB)).containsExactly(new PeerAddress("192.0.2.22", 7002));
    assertThat(found.events).noneMatch(event -> event.startsWith("lost"));
  }

  @Test
  void aPeerOnTwoInterfacesIsOneCandidateAndStaysWithTheOther() {
    FakeLink wifi = lan.link(2, "198.51.100.1", browser::receive);
    browser.add(link);
    browser.add(wifi);
    receive(announcement(BOB, 120, "192.0.2.2"));
    receive(wifi, FakeLan.ip("198.51.100.2"), announcement(BOB, 120, "198.51.100.2"));
    lan.loop.pass(5_000);
    assertThat(found.addresses(BOB))
        .containsExactlyInAnyOrder(
            new PeerAddress("192.0.2.2", 7002), new PeerAddress("198.51.100.2", 7002));
    browser.remove(link);
    lan.loop.pass(5_000);
    assertThat(found.addresses(BOB)).containsExactly(new PeerAddress("198.51.100.2", 7002));
    browser.remove(wifi);
    assertThat(found.now).isEmpty();
    lan.loop.pass(5_000);
    assertThat(lan.loop.isIdle()).isTrue();
  }

  @Test
  void aLinkThatIsReplacedKeepsWhatWasHeard() {
    FakeLink replacement = lan.link(1, "192.0.2.111", browser::receive);
    browser.add(link);
    receive(announcement(BOB, 120, "192.0.2.2"));
    browser.add(replacement);
    browser.remove(link);
    lan.loop.pass(10_000);
    assertThat(found.events).containsExactly("new " + MdnsNames.instance(BOB));
  }

  @Test
  void whatIsMissingIsAskedFor() {
    browser.add(link);
    List<MdnsRecord> all = announcement(BOB, 120, "192.0.2.2");
    receive(all.subList(0, 1));
    lan.loop.pass(1_600);
    assertThat(questions())
        .contains(
            new Question(MdnsNames.instance(BOB), DnsRecordType.SRV),
            new Question(MdnsNames.instance(BOB), DnsRecordType.TXT));
    receive(all.subList(1, 3));
    assertThat(found.events).isEmpty();
    link.sent.clear();
    lan.loop.pass(5_000);
    assertThat(questions())
        .contains(
            new Question(MdnsNames.host(BOB), DnsRecordType.A),
            new Question(MdnsNames.host(BOB), DnsRecordType.AAAA));
    receive(all.subList(3, 4));
    assertThat(found.now).hasSize(1);
  }

  private List<Question> questions() {
    return link.queries().stream().flatMap(each -> each.packet().questions().stream()).toList();
  }

  @Test
  void aNameThatTheCodecCannotWriteIsFoundAndRenewedByTheQuestionForAll() {
    browser.add(link);
    lan.loop.pass(600_000);
    receive(announcement("st. john", 120, "192.0.2.2"));
    assertThat(found.now).hasSize(1);
    link.sent.clear();
    lan.loop.pass(117_000);
    assertThat(questions()).isNotEmpty().containsOnly(ALL);
    assertThat(link.queries()).allMatch(each -> each.packet().answers().isEmpty());
  }

  @Test
  void tenThousandNamesOfOneHostAreBounded() {
    browser.add(link);
    for (int i = 0; i < 10_000; i++) {
      receive(announcement("peer" + i, 120, "192.0.2.2"));
    }
    assertThat(found.now).hasSize(MdnsCache.MAX_INSTANCES_OF_HOST);
    lan.loop.pass(60_000);
    receive(link, FakeLan.ip("192.0.2.3"), announcement(BOB, 120, "192.0.2.3"));
    assertThat(found.now).containsKey(MdnsNames.instance(BOB));
  }

  @Test
  void namesThatComeAndGoAreReportedSeldom() {
    browser.add(link);
    for (int i = 0; i < 10_000; i++) {
      receive(announcement("peer" + i, 120, "192.0.2.2"));
      receive(announcement("peer" + i, 0, "192.0.2.2"));
      lan.loop.pass(10);
    }
    // 100 seconds.
    long reported = found.events.stream().filter(event -> event.startsWith("new")).count();
    assertThat(reported).isLessThanOrEqualTo(MdnsCache.MAX_INSTANCES_OF_HOST + 2 * 101);
  }

  @Test
  void aCandidateThatChangesAllTheTimeIsReportedOnceASecond() {
    browser.add(link);
    for (int i = 0; i < 10_000; i++) {
      receive(announcement(BOB, 120, "192.0.2." + (i % 200 + 1)));
      lan.loop.pass(1);
    }
    assertThat(found.events.size()).isLessThanOrEqualTo(12);
  }

  @Test
  void aHostWithFewNamesTakesAPlaceOfOneWithMany() {
    browser.add(link);
    for (int host = 0; host < 64; host++) {
      for (int i = 0; i < 64; i++) {
        receive(
            link,
            FakeLan.ip("198.51.100." + (host + 1)),
            announcement("peer" + host + "x" + i, 120, "198.51.100." + (host + 1)));
      }
      lan.loop.pass(200);
    }
    assertThat(found.now).hasSize(MdnsCache.MAX_INSTANCES);
    receive(announcement(BOB, 120, "192.0.2.2"));
    lan.loop.pass(1_000);
    assertThat(found.now).hasSize(MdnsCache.MAX_INSTANCES).containsKey(MdnsNames.instance(BOB));
  }

  @Test
  void nothingIsReportedAfterTheEnd() {
    browser.add(link);
    receive(announcement(BOB, 120, "192.0.2.2"));
    browser.close();
    receive(announcement("carol", 120, "192.0.2.2"));
    lan.loop.pass(300_000);
    assertThat(found.events).hasSize(1);
    assertThat(lan.loop.isIdle()).isTrue();
  }
}
