package io.p2pchat.internal.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.PeerAddress;
import io.p2pchat.internal.discovery.DialMemory;
import io.p2pchat.internal.protocol.Peers;
import io.p2pchat.internal.protocol.RandomIds;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExchangeViewTest {
  private static final String SELF = RandomIds.node(0, 0);
  private static final InetAddress PUBLIC = ip("192.0.2.1");
  private static final InetAddress PRIVATE = ip("10.0.0.1");
  private static final long SECOND = Duration.ofSeconds(1).toNanos();
  private static final long MINUTE = 60 * SECOND;

  private final Map<String, Contact> listed = new HashMap<>();
  private final ExchangeView view = view(false);
  private long now = 5;

  private ExchangeView view(boolean loopback) {
    return new ExchangeView(
        SELF,
        new AddressRule(loopback),
        new DialMemory(),
        new Random(1),
        new ExchangeView.Findings() {
          @Override
          public void found(Contact peer, Duration lease) {
            listed.put(peer.id, peer);
          }

          @Override
          public void lost(Contact peer) {
            listed.remove(peer.id);
          }
        });
  }

  private static InetAddress ip(String text) {
    try {
      return InetAddress.getByName(text);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static Peers.Entry entry(int node, String ip, int port) {
    return new Peers.Entry(
        RandomIds.node(1, node), String.format("%016x", node), new PeerAddress(ip, port));
  }

  private static Contact peer(int node, String ip) {
    return new Contact(entry(node, ip, 7001), "Team" + node);
  }

  private List<Contact> visits() {
    List<Contact> visits = new ArrayList<>();
    for (Contact next = view.next(now); next != null; next = view.next(now)) {
      visits.add(next);
    }
    return visits;
  }

  @Test
  void onlyPeersThatAnsweredWithinTheHourAreNamed() {
    view.heard(now, PUBLIC, List.of(entry(1, "192.0.2.11", 7001)));
    view.claimed(now, peer(2, "192.0.2.12"));
    assertThat(view.sample(now, PUBLIC, SELF)).isEmpty();
    Contact answered = peer(3, "192.0.2.13");
    view.answered(now, answered);
    assertThat(view.sample(now, PUBLIC, SELF)).containsExactly(answered.entry);
    assertThat(view.sample(now + 60 * MINUTE - 1, PUBLIC, SELF)).hasSize(1);
    assertThat(view.sample(now + 60 * MINUTE, PUBLIC, SELF)).isEmpty();
  }

  @Test
  void peerIsNotNamedToItself() {
    Contact answered = peer(3, "192.0.2.13");
    view.answered(now, answered);
    assertThat(view.sample(now, PUBLIC, answered.node())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.1, true, true",
    "2001:db8::1, true, true",
    "10.1.2.3, false, true",
    "172.16.0.1, false, true",
    "192.168.1.1, false, true",
    "100.64.0.1, false, true",
    "fd00::1, false, true",
    "127.0.0.1, false, false",
    "127.3.2.1, false, false",
    "::1, false, false",
    "169.254.1.1, false, false",
    "fe80::1, false, false",
    "224.0.0.251, false, false",
    "ff02::fb, false, false",
    "255.255.255.255, false, false",
    "0.1.2.3, false, false",
    "::ffff:127.0.0.1, false, false",
    "64:ff9b::7f00:1, false, false",
    "64:ff9b::c0a8:101, false, true",
    "64:ff9b::c000:201, true, true",
    "2002:7f00:1::1, false, false",
    "2002:a01:203::1, false, true",
    "2002:c000:201::1, true, true"
  })
  void addressesAreNamedAndBelievedOnlyWhereTheyMayBe(
      String address, boolean toPublic, boolean toPrivate) {
    AddressRule rule = new AddressRule(false);
    assertThat(rule.passes(ip(address), PUBLIC)).isEqualTo(toPublic);
    assertThat(rule.passes(ip(address), PRIVATE)).isEqualTo(toPrivate);
    assertThat(rule.passes(ip(address), ip("127.0.0.1"))).isEqualTo(toPublic);
    assertThat(rule.isNamed(ip(address))).isEqualTo(toPrivate);
    view.answered(now, new Contact(entry(1, address, 1), null));
    assertThat(view.sample(now, PUBLIC, SELF)).hasSize(toPublic ? 1 : 0);
    assertThat(view.sample(now, PRIVATE, SELF)).hasSize(toPrivate ? 1 : 0);
    listed.clear();
    ExchangeView other = view(false);
    other.heard(now, PUBLIC, List.of(entry(2, address, 2)));
    assertThat(listed).hasSize(toPublic ? 1 : 0);
    other.heard(now, PRIVATE, List.of(entry(2, address, 2)));
    assertThat(listed).hasSize(toPrivate ? 1 : 0);
    assertThat(other.next(now) != null).isEqualTo(toPrivate);
  }

  @Test
  void sampleIsRandomAndBounded() {
    for (int i = 0; i < 1000; i++) {
      view.answered(now, peer(i, "192.0." + i / 250 + "." + (1 + i % 250)));
    }
    Set<String> named = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      List<Peers.Entry> sample = view.sample(now, PUBLIC, SELF);
      assertThat(sample).hasSize(32).doesNotHaveDuplicates();
      sample.forEach(entry -> named.add(entry.node()));
    }
    assertThat(named).hasSize(64);
  }

  @Test
  void viewHoldsAtMostEightOfOneHostOrNetwork() {
    for (int i = 0; i < 100; i++) {
      view.answered(now, new Contact(entry(i, "192.0.2.9", 1 + i), null));
      view.answered(now, new Contact(entry(1000 + i, "2001:db8::" + i, 1), null));
    }
    List<Peers.Entry> sample = view.sample(now, PUBLIC, SELF);
    assertThat(sample).hasSize(16);
    assertThat(sample.stream().filter(entry -> entry.address().host().equals("192.0.2.9")))
        .hasSize(8);
  }

  @Test
  void oneTellerPlacesAtMostEight() {
    for (int i = 0; i < 1000; i++) {
      view.heard(now, PUBLIC, List.of(entry(i, "198.51.100." + (1 + i % 250), 1 + i)));
    }
    assertThat(listed).hasSize(8);
    view.heard(now, PRIVATE, List.of(entry(2000, "203.0.113.1", 1)));
    assertThat(listed).hasSize(9);
  }

  @Test
  void peersThatTurnVisitorsAwayMakeRoomForOthersThatTheSamePeerNames() {
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < 8; i++) {
        int node = 100 * round + i;
        view.heard(now, PUBLIC, List.of(entry(node, "198.51.100." + (1 + node), 1)));
      }
      List<Contact> visits = visits();
      assertThat(visits).hasSize(8);
      visits.forEach(view::busy);
      now += 10 * MINUTE;
    }
  }

  @Test
  void hearsayIsBoundedAndExpires() {
    for (int i = 0; i < 1000; i++) {
      InetAddress teller = ip("192.0." + i / 250 + "." + (1 + i % 250));
      view.heard(now, teller, List.of(entry(i, "198.51." + i / 250 + "." + (1 + i % 250), 1)));
    }
    assertThat(listed).hasSize(64);
    now += 11 * MINUTE;
    view.expire(now);
    assertThat(view.next(now)).isNull();
  }

  @Test
  void hearsayOfOneHostAndOfOneNodeIsBounded() {
    for (int i = 0; i < 100; i++) {
      view.heard(now, ip("192.0.2." + (1 + i)), List.of(entry(i, "198.51.100.1", 1 + i)));
    }
    assertThat(listed).hasSize(8);
    for (int i = 0; i < 100; i++) {
      view.heard(now, ip("192.0.2." + (1 + i)), List.of(entry(7777, "203.0.113." + (1 + i), 1)));
    }
    assertThat(listed).hasSize(12);
  }

  @Test
  void anIpAddressIsDialedOnceInTenMinutesWhateverIsSaidOfIt() {
    int dials = 0;
    long first = now;
    Random random = new Random(2);
    while (now < first + 10 * MINUTE) {
      for (int i = 0; i < 8; i++) {
        int node = random.nextInt();
        InetAddress teller = ip("192.0.2." + (1 + random.nextInt(250)));
        view.heard(now, teller, List.of(entry(node, "203.0.113.1", 1 + random.nextInt(65_535))));
      }
      for (Contact next : visits()) {
        dials++;
        view.failed(now, next);
      }
      view.expire(now);
      now += SECOND;
    }
    assertThat(dials).isEqualTo(1);
    view.heard(now, PUBLIC, List.of(entry(1, "203.0.113.1", 9)));
    assertThat(visits()).hasSize(1);
  }

  @Test
  void addressThatFailedIsLeftAloneForAnHour() {
    view.heard(now, PUBLIC, List.of(entry(1, "203.0.113.1", 9)));
    Contact next = visits().get(0);
    view.failed(now, next);
    assertThat(listed).isEmpty();
    long failed = now;
    for (now += MINUTE; now < failed + 60 * MINUTE; now += MINUTE) {
      view.heard(now, PUBLIC, List.of(entry(1, "203.0.113.1", 9)));
      view.claimed(now, peer(1, "203.0.113.1"));
      assertThat(listed).isEmpty();
      assertThat(visits()).allMatch(visit -> !visit.address().equals(next.address()));
      view.expire(now);
    }
    view.heard(now, PUBLIC, List.of(entry(1, "203.0.113.1", 9)));
    assertThat(visits()).hasSize(1);
  }

  /** Who names another NODE at the address of a peer does not keep the peer from being visited. */
  @Test
  void anotherNodeAtAnAddressDoesNotKeepOutTheOneThatIsThere() {
    Peers.Entry bob = entry(1, "203.0.113.1", 9);
    view.heard(now, PUBLIC, List.of(entry(2, "203.0.113.1", 9)));
    Contact lie = visits().get(0);
    view.isAnother(now, lie);
    assertThat(listed).isEmpty();
    view.heard(now, PUBLIC, List.of(lie.entry));
    assertThat(listed).isEmpty();
    view.heard(now, PUBLIC, List.of(bob));
    assertThat(listed).hasSize(1);
    // An IP address is dialed once in 10 minutes all the same.
    assertThat(visits()).isEmpty();
    now += 10 * MINUTE;
    view.heard(now, PUBLIC, List.of(lie.entry, bob));
    assertThat(visits()).extracting(contact -> contact.entry).containsExactly(bob);
  }

  @Test
  void dialsOfHearsayAreFewInAll() {
    long first = now;
    int dials = 0;
    for (int i = 0; now < first + 60 * MINUTE; now += SECOND, i++) {
      InetAddress teller = ip("192." + i / 250 + ".2." + (1 + i % 250));
      view.heard(now, teller, List.of(entry(i, "20." + i / 250 + ".0." + (1 + i % 250), 1)));
      dials += visits().size();
      view.expire(now);
    }
    assertThat(dials).isBetween(150, 8 + 180 + 1);
  }

  @Test
  void peerThatIsKnownIsVisitedAgainAfterHalfAnHourOrWhenItsConnectionEnded() {
    Contact peer = peer(1, "192.0.2.9");
    view.answered(now, peer);
    assertThat(visits()).isEmpty();
    view.doubt(peer.node(), peer.hint());
    assertThat(visits()).containsExactly(peer);
    view.answered(now, peer);
    now += 30 * MINUTE;
    assertThat(visits()).containsExactly(peer);
    view.failed(now, peer);
    assertThat(view.sample(now, PUBLIC, SELF)).isEmpty();
    assertThat(listed).isEmpty();
  }

  /** Anybody can announce it by multicast, and then say goodbye in its name. */
  @Test
  void peerThatIsSaidToHaveGoneStaysListedUntilAVisitFails() {
    Contact peer = peer(1, "192.0.2.9");
    view.claimed(now, peer);
    assertThat(visits()).containsExactly(peer);
    view.answered(now, peer);
    for (int i = 0; i < 20; i++) {
      now += 20 * SECOND;
      view.gone(now, peer(1, "192.0.2.9"));
      assertThat(listed).containsOnlyKeys(peer.id);
      List<Contact> visits = visits();
      assertThat(visits).hasSize(i == 0 ? 1 : 0);
      visits.forEach(visit -> view.answered(now, visit));
    }
    now += 10 * MINUTE;
    view.gone(now, peer(1, "192.0.2.9"));
    assertThat(visits()).containsExactly(peer);
    view.failed(now, peer);
    assertThat(listed).isEmpty();
  }

  @Test
  void hearsayThatIsSaidToHaveGoneIsNotListed() {
    Contact peer = peer(1, "192.0.2.9");
    view.heard(now, PUBLIC, List.of(peer.entry));
    view.gone(now, peer);
    assertThat(listed).isEmpty();
    assertThat(visits()).isEmpty();
  }

  /** It names eight nodes at the host, and for each that was visited in vain another one. */
  @Test
  void whoFillsThePlacesOfAHostDoesNotKeepOthersFromNamingThePeerThere() {
    InetAddress liar = ip("198.51.100.66");
    Peers.Entry bob = entry(1, "203.0.113.1", 7001);
    long end = now + 60 * MINUTE;
    boolean found = false;
    for (int lies = 100; !found; now += MINUTE) {
      assertThat(now).isLessThan(end);
      for (int i = 0; i < 8; i++, lies++) {
        view.heard(now, liar, List.of(entry(lies, "203.0.113.1", lies)));
      }
      view.heard(now, PUBLIC, List.of(bob));
      assertThat(listed).containsKey(Contact.id(bob));
      for (Contact visit : visits()) {
        found = visit.entry.equals(bob);
        view.failed(now, visit);
      }
      view.expire(now);
    }
  }

  @Test
  void whoNamesANodeAtFourAddressesDoesNotKeepOthersFromNamingItsOwn() {
    InetAddress liar = ip("198.51.100.66");
    for (int i = 0; i < 8; i++) {
      view.heard(now, liar, List.of(entry(1, "203.0.113." + (100 + i), 1)));
    }
    Peers.Entry bob = entry(1, "203.0.113.1", 7001);
    view.heard(now, PUBLIC, List.of(bob));
    view.heard(now, liar, List.of(entry(1, "203.0.113.99", 1)));
    assertThat(listed).hasSize(4).containsKey(Contact.id(bob));
  }

  @Test
  void peerThatLeavesIsNotListedOrNamedAndVisitedLater() {
    Contact peer = peer(1, "192.0.2.9");
    view.claimed(now, peer);
    assertThat(visits()).containsExactly(peer);
    view.answered(now, peer);
    view.left(now, peer.node(), peer.hint());
    assertThat(listed).isEmpty();
    assertThat(view.sample(now, PUBLIC, SELF)).isEmpty();
    assertThat(visits()).isEmpty();
    now += 10 * MINUTE - 1;
    view.expire(now);
    assertThat(visits()).isEmpty();
    now++;
    assertThat(visits()).containsExactly(peer);
  }

  @Test
  void hearsayDoesNotMoveAKnownPeerNorTellOfThisNode() {
    Contact peer = peer(1, "192.0.2.9");
    view.answered(now, peer);
    view.heard(now, PUBLIC, List.of(entry(1, "203.0.113.1", 9)));
    view.heard(
        now, PUBLIC, List.of(new Peers.Entry(SELF, null, new PeerAddress("203.0.113.2", 9))));
    assertThat(listed).containsOnlyKeys(peer.id);
    assertThat(visits()).isEmpty();
    // With another key it is somebody else, for whom the key decides when it is dialed.
    view.heard(
        now,
        PUBLIC,
        List.of(new Peers.Entry(peer.node(), "f".repeat(16), new PeerAddress("203.0.113.3", 9))));
    assertThat(listed).hasSize(2);
    assertThat(view.sample(now, PUBLIC, SELF)).containsExactly(peer.entry);
  }

  @Test
  void whoIsSeenNotToTakePartIsNotVisitedWhateverOthersSay() {
    view.heard(now, PUBLIC, List.of(entry(1, "203.0.113.1", 9)));
    view.leaveOut(RandomIds.node(1, 1), entry(1, "203.0.113.1", 9).hint());
    assertThat(listed).isEmpty();
    view.heard(now, PUBLIC, List.of(entry(1, "203.0.113.1", 9)));
    assertThat(listed).isEmpty();
    assertThat(visits()).isEmpty();
  }

  @Test
  void whoRepeatsANodeDoesNotKeepItOut() {
    Peers.Entry bob = entry(1, "203.0.113.1", 9);
    view.heard(now, PUBLIC, List.of(bob));
    view.leaveOut(bob.node(), "c".repeat(16));
    view.leaveOut(bob.node(), null);
    view.heard(now, PUBLIC, List.of(bob, new Peers.Entry(bob.node(), null, bob.address())));
    assertThat(listed.values()).extracting(Contact::hint).containsExactly(bob.hint());
  }

  @Test
  void linesAndVisitsHaveTheirPace() {
    ExchangeLimits limits = new ExchangeLimits();
    assertThat(limits.sendsLine("a", now)).isTrue();
    limits.sent("a", now);
    assertThat(limits.sendsLine("a", now + MINUTE - 1)).isFalse();
    assertThat(limits.sendsLine("b", now)).isTrue();
    assertThat(limits.sendsLine("a", now + MINUTE)).isTrue();
    int used = 0;
    for (int i = 0; i < 600; i++) {
      used += limits.usesLine("flood", now + i * SECOND / 2) ? 1 : 0;
    }
    assertThat(used).isEqualTo(10);
    int admitted = 0;
    for (int i = 0; i < 1000; i++) {
      admitted += limits.acceptsVisit(now) ? 1 : 0;
    }
    assertThat(admitted).isEqualTo(64);
    limits.expire(now + 10 * MINUTE);
    assertThat(limits.acceptsVisit(now + SECOND)).isTrue();
  }
}
