package io.p2pchat.internal.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.DiscoveredPeer;
import io.p2pchat.Fingerprint;
import io.p2pchat.KnownPeer;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerEvent;
import io.p2pchat.discovery.PeerCandidate;
import io.p2pchat.internal.protocol.RandomIds;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The list of discovered peers: leases, peers that several sources know, and bounds. */
class DiscoveredPeersTest {
  private static final DiscoveredPeers.Source ONE = new DiscoveredPeers.Source(0, "one", false);
  private static final DiscoveredPeers.Source TWO = new DiscoveredPeers.Source(1, "two", false);
  private static final DiscoveredPeers.Source OTHERS =
      new DiscoveredPeers.Source(2, "others", true);
  private static final String NODE = RandomIds.node(1, 1);
  private static final String OWN_NODE = RandomIds.node(2, 2);
  private static final Fingerprint KEY = Fingerprint.parse("01234567".repeat(8));
  private static final KnownPeer BOB =
      KnownPeer.of("Bob", new PeerAddress("10.9.9.9", 7000), KEY, Instant.EPOCH);

  private final List<KnownPeer> pins = new ArrayList<>();
  private final DiscoveredPeers peers =
      new DiscoveredPeers(
          InstantSource.fixed(Instant.EPOCH),
          team -> team.equals("B0b") ? List.copyOf(pins) : List.of());

  private static PeerCandidate.Builder candidate(String id, String... addresses) {
    PeerCandidate.Builder candidate = PeerCandidate.builder(id);
    for (String address : addresses) {
      candidate.address(PeerAddress.parse(address));
    }
    return candidate;
  }

  private void take(DiscoveredPeers.Source source, PeerCandidate candidate) {
    take(source, candidate, null);
  }

  private void take(
      DiscoveredPeers.Source source, PeerCandidate candidate, @Nullable KnownPeer known) {
    HintCheck check =
        new HintCheck(candidate.node().orElse(null), candidate.keyHint().orElse(null));
    check.match = known == null ? null : known.fingerprint();
    peers.take(source, candidate, check, known, 100);
  }

  private List<String> events() {
    List<String> events = new ArrayList<>();
    for (PeerEvent event = peers.nextEvent(); event != null; event = peers.nextEvent()) {
      events.add(event.kind() + " " + event.peer().teamName());
    }
    return events;
  }

  private DiscoveredPeer only() {
    assertThat(peers.all()).hasSize(1);
    return peers.all().get(0);
  }

  @Test
  void aStrangerWhoseNameLooksLikeThatOfAKnownPeerHasAWarning() {
    take(ONE, candidate("a", "10.0.0.1:1").teamName("B0b").build());
    take(ONE, candidate("b", "10.0.0.2:2").teamName("Bob").build());
    assertThat(events()).containsExactly("PEER_DISCOVERED B0b", "PEER_DISCOVERED Bob");
    assertThat(peers.all()).allMatch(peer -> peer.lookAlikes().isEmpty());
    pins.add(BOB);
    peers.recognize((check, team) -> null);
    assertThat(events()).containsExactly("PEER_DISCOVERED B0b");
    assertThat(peers.all().get(0).lookAlikes()).containsExactly(BOB);
    assertThat(peers.all().get(1).lookAlikes()).isEmpty();
    take(ONE, candidate("c", "10.0.0.3:3").teamName("B0b").build(), BOB);
    assertThat(peers.all().get(2).lookAlikes()).isEmpty();
  }

  @Test
  void peerOfSeveralSourcesIsOneUntilItsLastLeaseEnds() {
    take(ONE, candidate("a", "10.0.0.1:1").node(NODE).teamName("Bob").build());
    take(TWO, candidate("b", "10.0.0.1:1", "10.0.0.2:2").node(NODE).level(1).build());
    assertThat(only().addresses())
        .containsExactly(PeerAddress.parse("10.0.0.1:1"), PeerAddress.parse("10.0.0.2:2"));
    assertThat(only().sources()).containsExactly("one", "two");
    assertThat(only().teamName()).contains("Bob");
    assertThat(only().level()).isEqualTo(1);
    assertThat(events()).containsExactly("PEER_DISCOVERED Bob");
    peers.lost(TWO, "b");
    assertThat(only().addresses()).hasSize(1);
    peers.lost(TWO, "b");
    assertThat(events()).isEmpty();
    peers.lost(ONE, "a");
    assertThat(peers.all()).isEmpty();
    assertThat(events()).containsExactly("PEER_VANISHED Bob");
  }

  /** Anybody can announce the NODE of a peer, and then say that it has gone. */
  @Test
  void peerThatHasGoneIsNotListedBecauseOthersNameItUnlessTheExchangeFindsIt() {
    PeerCandidate exchanged = candidate("c", "10.0.0.1:1").node(NODE).build();
    take(ONE, candidate("a", "10.0.0.1:1").node(NODE).teamName("Bob").build());
    take(TWO, candidate("b", "10.0.0.1:1").node(NODE).build());
    take(OTHERS, exchanged);
    peers.lost(ONE, "a");
    assertThat(only().sources()).containsExactly("two", "others");
    assertThat(peers.takeGone()).isEmpty();
    peers.lost(TWO, "b");
    assertThat(only().sources()).containsExactly("others");
    assertThat(peers.takeGone()).containsExactly(exchanged);
    assertThat(peers.takeGone()).isEmpty();
    peers.lost(OTHERS, "c");
    assertThat(peers.all()).isEmpty();
    take(OTHERS, candidate("c", "10.0.0.1:1").node(NODE).build());
    take(ONE, candidate("a", "10.0.0.1:1").node(NODE).build());
    peers.expire(0);
    assertThat(only().sources()).containsExactly("others", "one");
  }

  /** Who repeats the NODE of a peer elsewhere does not take the peer from the list. */
  @Test
  void whatOthersHaveSaidInVainDoesNotHideAPeer() {
    take(OTHERS, candidate("a", "10.0.0.1:1").node(NODE).keyHint("0".repeat(16)).build());
    take(OTHERS, candidate("b", "10.6.6.6:6").node(NODE).build());
    peers.lost(OTHERS, "b");
    assertThat(only().addresses()).containsExactly(PeerAddress.parse("10.0.0.1:1"));
    peers.lost(OTHERS, "a");
    assertThat(peers.all()).isEmpty();
  }

  @Test
  void whoeverIsNotRenewedExpires() {
    PeerCandidate candidate = candidate("a", "10.0.0.1:1").node(NODE).build();
    assertThat(peers.renew(ONE, candidate, 100)).isFalse();
    take(ONE, candidate);
    peers.expire(99);
    assertThat(peers.renew(ONE, candidate, 200)).isTrue();
    peers.expire(199);
    assertThat(peers.all()).hasSize(1);
    peers.expire(200);
    assertThat(peers.all()).isEmpty();
  }

  @Test
  void leaseIsBounded() {
    long day = Duration.ofDays(1).toNanos();
    assertThat(DiscoveredPeers.end(5, Duration.ofSeconds(Long.MAX_VALUE))).isEqualTo(day + 5);
    assertThat(DiscoveredPeers.end(5, Duration.ofNanos(1))).isEqualTo(6);
  }

  @Test
  void nodeThatNamesTwoKeysIsTwoPeers() {
    String hint = PeerCandidate.keyHint(KEY, NODE);
    take(ONE, candidate("a", "10.0.0.1:1").node(NODE).keyHint(hint).build(), BOB);
    take(ONE, candidate("m", "10.0.0.66:1").node(NODE).keyHint("0".repeat(16)).build());
    take(TWO, candidate("b", "10.0.0.2:2").node(NODE).build());
    assertThat(peers.all()).hasSize(2);
    assertThat(peers.all().get(0).known()).contains(BOB);
    assertThat(peers.all().get(0).addresses()).hasSize(2);
    assertThat(peers.all().get(1).known()).isEmpty();
    assertThat(peers.hints(KEY, 8, any -> true))
        .containsExactly(PeerAddress.parse("10.0.0.1:1"), PeerAddress.parse("10.0.0.2:2"));
  }

  @Test
  void candidateThatChangesItsNodeIsAnotherPeer() {
    take(ONE, candidate("a", "10.0.0.1:1").node(NODE).teamName("Old").build());
    assertThat(events()).containsExactly("PEER_DISCOVERED Old");
    take(ONE, candidate("a", "10.0.0.1:1").node(OWN_NODE).teamName("New").build());
    assertThat(only().node()).contains(OWN_NODE);
    assertThat(events()).containsExactly("PEER_VANISHED Old", "PEER_DISCOVERED New");
    take(ONE, candidate("a", "10.0.0.1:1").node(OWN_NODE).teamName("Newer").build());
    assertThat(events()).containsExactly("PEER_DISCOVERED Newer");
  }

  @Test
  void hostHasAtMostSoManyPeers() {
    for (int i = 0; i < 10_000; i++) {
      take(ONE, candidate("c" + i, "10.0.0.1:" + (1 + i)).node(RandomIds.node(i, 7)).build());
    }
    assertThat(peers.all()).hasSize(DiscoveredPeers.MOST_OF_HOST);
    String hint = PeerCandidate.keyHint(KEY, NODE);
    take(ONE, candidate("bob", "10.0.0.1:9").node(NODE).keyHint(hint).build(), BOB);
    assertThat(peers.all()).hasSize(DiscoveredPeers.MOST_OF_HOST);
    assertThat(peers.hints(KEY, 8, any -> true)).containsExactly(PeerAddress.parse("10.0.0.1:9"));
  }

  @Test
  void listIsBoundedAndKnownPeersTakeThePlaceOfOthers() {
    String hint = PeerCandidate.keyHint(KEY, NODE);
    take(ONE, candidate("bob", "10.9.0.1:9").node(NODE).keyHint(hint).build(), BOB);
    for (int i = 0; i < 2 * DiscoveredPeers.MOST; i++) {
      String host = "10.0." + (i >> 8) + "." + (i & 0xFF);
      take(ONE, candidate("c" + i, host + ":1").node(RandomIds.node(i, 7)).build());
    }
    assertThat(peers.all()).hasSize(DiscoveredPeers.MOST);
    String other = RandomIds.node(9, 9);
    String otherHint = PeerCandidate.keyHint(KEY, other);
    take(ONE, candidate("bob2", "10.9.0.2:9").node(other).keyHint(otherHint).build(), BOB);
    assertThat(peers.all()).hasSize(DiscoveredPeers.MOST);
    assertThat(peers.hints(KEY, 8, any -> true))
        .containsExactly(PeerAddress.parse("10.9.0.2:9"), PeerAddress.parse("10.9.0.1:9"));
  }

  @Test
  void peerHasAtMostSoManyAddressesAndCandidates() {
    for (int i = 0; i < 100; i++) {
      take(ONE, candidate("c" + i, "10.0.0." + i + ":1").node(NODE).build());
    }
    assertThat(only().addresses()).hasSize(8).contains(PeerAddress.parse("10.0.0.1:1"));
    for (int i = 0; i < DiscoveredPeers.MOST_LEASES; i++) {
      peers.lost(ONE, "c" + i);
    }
    assertThat(peers.all()).isEmpty();
  }

  @Test
  void onlyOneAddressOfAnIpIsAHint() {
    String hint = PeerCandidate.keyHint(KEY, NODE);
    take(
        ONE,
        candidate("a", "10.0.0.1:1", "10.0.0.1:2", "127.0.0.1:1", "127.0.0.1:2", "name:1")
            .node(NODE)
            .keyHint(hint)
            .build(),
        BOB);
    assertThat(peers.hints(KEY, 8, any -> true).stream().map(PeerAddress::toString))
        .containsExactly("10.0.0.1:1", "127.0.0.1:1", "127.0.0.1:2");
  }

  @Test
  void linkLocalAddressesAreLastWhicheverSourceCameFirst() {
    String hint = PeerCandidate.keyHint(KEY, NODE);
    take(ONE, candidate("a", "[fe80::1]:1").node(NODE).keyHint(hint).build(), BOB);
    take(TWO, candidate("b", "10.0.0.1:1").node(NODE).keyHint(hint).build(), BOB);
    assertThat(only().addresses().stream().map(PeerAddress::toString))
        .containsExactly("10.0.0.1:1", "[fe80::1]:1");
    assertThat(peers.hints(KEY, 8, any -> true)).isEqualTo(only().addresses());
  }

  @Test
  void furtherAddressesOfANodeThatIsWhereItWasAreNoNews() {
    PeerAddress last = PeerAddress.parse("10.0.0.1:1");
    assertThat(peers.isElsewhere(KEY, List.of(last))).isFalse();
    takeBob("a", NODE, "10.0.0.1:1", "[fe80::1]:1");
    assertThat(peers.isElsewhere(KEY, List.of(last))).isFalse();
    takeBob("b", RandomIds.node(1, 9), "10.0.0.1:2", "[fe80::1]:2");
    assertThat(peers.isElsewhere(KEY, List.of(last))).isTrue();
  }

  private void takeBob(String id, String node, String... addresses) {
    String hint = PeerCandidate.keyHint(KEY, node);
    take(ONE, candidate(id, addresses).node(node).keyHint(hint).build(), BOB);
  }

  @Test
  void floodOfHintsKeepsNoneFromItsTurn() {
    for (int i = 0; i < 1000; i++) {
      String node = RandomIds.node(i, 9);
      take(
          ONE,
          candidate("c" + i, "10.0." + i / 250 + "." + (1 + i % 250) + ":1")
              .node(node)
              .keyHint(PeerCandidate.keyHint(KEY, node))
              .build(),
          BOB);
    }
    assertThat(peers.hints(KEY, 4, any -> true).stream().map(PeerAddress::host))
        .containsExactly("10.0.3.250", "10.0.0.1", "10.0.3.249", "10.0.0.2");
    assertThat(
            peers.hints(KEY, 2, address -> address.host().startsWith("10.0.1.")).stream()
                .map(PeerAddress::host))
        .containsExactly("10.0.1.250", "10.0.1.1");
  }

  @Test
  void keysOfWhichSomethingNewWasFoundAreToldOnce() {
    take(ONE, candidate("a", "10.0.0.1:1").node(NODE).build());
    assertThat(peers.takeHinted()).isEmpty();
    PeerCandidate.Builder bob =
        candidate("b", "10.0.0.2:1").node(NODE).keyHint(PeerCandidate.keyHint(KEY, NODE));
    take(ONE, bob.build(), BOB);
    assertThat(peers.takeHinted()).containsExactly(KEY);
    take(ONE, bob.build(), BOB);
    assertThat(peers.takeHinted()).isEmpty();
    take(ONE, bob.address(PeerAddress.parse("10.0.0.3:1")).build(), BOB);
    assertThat(peers.takeHinted()).containsExactly(KEY);
  }

  @Test
  void chosenAddressThatAnsweredHasItsNameAndKey() {
    take(ONE, candidate("a", "10.0.0.1:1").chosen().build());
    take(TWO, candidate("b", "10.0.0.2:1").build());
    assertThat(peers.chosen()).containsExactly(PeerAddress.parse("10.0.0.1:1"));
    peers.answered(PeerAddress.parse("10.0.0.1:1"), NODE, "Bob", KEY);
    peers.applyAnswers((check, team) -> KEY.equals(check.match) ? BOB : null);
    assertThat(peers.all()).hasSize(2);
    DiscoveredPeer bob = peers.all().get(1);
    assertThat(bob.teamName()).contains("Bob");
    assertThat(bob.keyHint()).contains(PeerCandidate.keyHint(KEY, NODE));
    assertThat(bob.known()).contains(BOB);
    assertThat(peers.chosen()).hasSize(1);
    // The source does not know it, and renews what it has.
    assertThat(peers.renew(ONE, candidate("a", "10.0.0.1:1").chosen().build(), 500)).isTrue();
    peers.expire(400);
    assertThat(only().teamName()).contains("Bob");
  }

  @Test
  void chosenAddressThatIsThisNodeIsNotListed() {
    take(ONE, candidate("a", "10.0.0.1:1").chosen().build());
    peers.isSelf(PeerAddress.parse("10.0.0.1:1"));
    assertThat(peers.all()).isEmpty();
    take(ONE, candidate("a", "10.0.0.1:1").chosen().build());
    assertThat(peers.all()).isEmpty();
  }

  @Test
  void eventsOfAPeerThatCameAndWentAreLeftOut() {
    take(ONE, candidate("a", "10.0.0.1:1").node(NODE).teamName("Bob").build());
    peers.lost(ONE, "a");
    assertThat(events()).isEmpty();
  }

  /** Eight forged hints would keep a peer from being found otherwise. */
  @Test
  void hintsThatMayNotBeDialedLeaveTheirPlaceToOthers() {
    String hint = PeerCandidate.keyHint(KEY, NODE);
    take(ONE, candidate("bob", "10.0.0.1:1", "10.0.0.9:2").node(NODE).keyHint(hint).build(), BOB);
    for (int i = 0; i < 20; i++) {
      String node = RandomIds.node(i, 7);
      PeerCandidate.Builder forged = candidate("m" + i, "10.0.1." + (i + 1) + ":1", "10.0.0.9:1");
      take(ONE, forged.node(node).keyHint(PeerCandidate.keyHint(KEY, node)).build(), BOB);
    }
    assertThat(peers.hints(KEY, 8, address -> !address.host().startsWith("10.0.1.")))
        .containsExactly(PeerAddress.parse("10.0.0.9:1"), PeerAddress.parse("10.0.0.1:1"));
  }
}
