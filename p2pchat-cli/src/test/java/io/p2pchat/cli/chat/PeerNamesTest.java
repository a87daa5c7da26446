package io.p2pchat.cli.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.DiscoveredPeer;
import io.p2pchat.Fingerprint;
import io.p2pchat.KnownPeer;
import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerEvent.PeerPinned;
import io.p2pchat.TrustException.Refusal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PeerNamesTest {
  private static final PeerAddress ADDRESS = PeerAddress.parse("10.0.0.1:7001");

  private final List<KnownPeer> known = new ArrayList<>();
  private final PeerNames names = new PeerNames(() -> known);

  /** A key that begins with these eight digits. */
  private static Fingerprint key(String begin) {
    return Fingerprint.parse(begin + "0".repeat(56));
  }

  private static Peer peer(String team, Fingerprint key) {
    return Peer.builder(ADDRESS).teamName(team).fingerprint(key).build();
  }

  private static KnownPeer known(String team, Fingerprint key, int second) {
    return KnownPeer.of(team, ADDRESS, key, Instant.ofEpochSecond(second));
  }

  private void learn(String team, Fingerprint key, boolean temporary) {
    names.learn(PeerPinned.of(peer(team, key), List.of(), temporary, Instant.EPOCH));
  }

  @Test
  void theKeyThatWasKnownFirstHasTheNameAndOthersAreMarked() {
    known.add(known("Bob", key("22222222"), 2));
    known.add(known("Bob", key("11111111"), 1));
    assertThat(names.of(peer("Bob", key("33333333")))).isEqualTo("Bob|33333333");
    assertThat(names.of(peer("Bob", key("22222222")))).isEqualTo("Bob|22222222");
    assertThat(names.of(peer("Bob", key("11111111")))).isEqualTo("Bob");
    assertThat(names.of("Bob", key("22222222"))).isEqualTo("Bob|22222222");
    assertThat(names.of(peer("Cid", key("33333333")))).isEqualTo("Cid");
  }

  @Test
  void aKnownPeerIsAtTheAddressRecordedLastThatIsNotLinkLocal() {
    for (String address :
        List.of("[fe80::1]:7001", "10.0.0.1:7001", "10.0.0.2:7001", "[fe80::2]:7001")) {
      known.add(KnownPeer.of("Bob", PeerAddress.parse(address), key("11111111"), Instant.EPOCH));
    }
    assertThat(names.known())
        .extracting(Peer::address)
        .containsExactly(PeerAddress.parse("10.0.0.2:7001"));
  }

  @Test
  void aDiscoveredNameThatLooksLikeThatOfAKnownPeerHasAWarning() {
    known.add(known("Bob", key("11111111"), 1));
    DiscoveredPeer.Builder found =
        DiscoveredPeer.builder(List.of(ADDRESS), Instant.EPOCH).teamName("B0b");
    ChatFormat format = new ChatFormat(false, false, names);
    assertThat(names.of(found.build(), false)).isEqualTo("B0b");
    assertThat(format.discovered(found.build())).isEqualTo("new");
    DiscoveredPeer like = found.lookAlikes(known).build();
    assertThat(names.of(like, false)).isEqualTo("B0b (looks like Bob)");
    assertThat(names.of(like, true)).isEqualTo("10.0.0.1:7001 (B0b) (looks like Bob)");
    assertThat(format.discovered(like)).isEqualTo("new, looks like Bob");
  }

  @Test
  void aNameIsTypedOnlyIfItMeansNothingElse() {
    for (String name : List.of("Bob", "Bob-2", "Zoë", "ALL", "7a")) {
      assertThat(names.typed(peer(name, key("11111111")))).isEqualTo(name);
    }
    for (String name :
        List.of(
            "7", "10.0.0.2:7001", "10.0.0.2", "all", "Bob B", "Bob, or /all x", "a\"b", "B\u3164"))
      assertThat(names.typed(peer(name, key("11111111")))).as(name).isEqualTo("10.0.0.1:7001");
    assertThat(names.typed(Peer.builder(ADDRESS).build())).isEqualTo("10.0.0.1:7001");
    assertThat(names.typed(peer("Bob", key("22222222")))).isEqualTo("Bob|22222222");
  }

  @Test
  void newcomersHaveTheirNamesInTheOrderInWhichTheyCome() {
    learn("Bob", key("11111111"), true);
    learn("Bob", key("22222222"), false);
    assertThat(names.of(peer("Bob", key("22222222")))).isEqualTo("Bob|22222222");
    assertThat(names.of(peer("Bob", key("11111111")))).isEqualTo("Bob");
  }

  @Test
  void namesThatDifferInCaseOrFormOnlyAreTheSame() {
    learn("Bob", key("11111111"), false);
    for (String same : new String[] {"BOB", "bob ", "Ｂｏｂ"}) {
      assertThat(names.of(peer(same, key("22222222")))).isEqualTo(same + "|22222222");
    }
  }

  @Test
  void aKeyMadeToHaveTheDigitsOfAnotherShowsMoreOfThem() {
    learn("Bob", key("11111111"), false);
    assertThat(names.of(peer("Bob", key("22222222")))).isEqualTo("Bob|22222222");
    Fingerprint made = Fingerprint.parse("22222222" + "3".repeat(56));
    assertThat(names.of(peer("Bob", made))).isEqualTo("Bob|2222222233333333");
    assertThat(names.of(peer("Bob", key("22222222")))).isEqualTo("Bob|22222222");
  }

  @Test
  void aNameThatLooksLikeAMarkStandsInQuotes() {
    learn("Bob", key("11111111"), false);
    names.of(peer("Bob", key("22222222")));
    for (String bar : new String[] {"\u01C0", "\u2223", "\u2502", "\uFF5C", "\uFFE8"}) {
      assertThat(names.of(peer("Bob" + bar + "22222222", key("33333333"))))
          .startsWith("\"Bob" + bar + "22222222\"");
    }
    assertThat(names.of(peer("Bob\uFF5C22222222", key("33333333"))))
        .isEqualTo("\"Bob\uFF5C22222222\"|33333333");
  }

  /** Whoever has many keys must not take the name of a known peer. */
  @Test
  void strangersAreForgottenAndKnownPeersAreNot() {
    learn("Bob", key("11111111"), false);
    for (int i = 0; i < 10_000; i++) {
      names.of(peer("Bob", Fingerprint.parse("%08x".formatted(0x40000000 + i).repeat(8))));
    }
    assertThat(names.of(peer("Bob", key("22222222")))).isEqualTo("Bob|22222222");
    assertThat(names.of(peer("Bob", key("11111111")))).isEqualTo("Bob");
  }

  @Test
  void aPeerWithoutAKeyHasItsTeamName() {
    learn("Bob", key("11111111"), false);
    assertThat(names.of(Peer.builder(ADDRESS).teamName("Bob").build())).isEqualTo("Bob");
    assertThat(names.of(Peer.builder(ADDRESS).teamName("unknown_team").build()))
        .isEqualTo("\"unknown_team\"");
  }

  @Test
  void whatWasKnownBeforeTheChatIsTold() {
    known.add(known("Bob", key("11111111"), 1));
    known.add(KnownPeer.of("Cid", ADDRESS, key("22222222"), Instant.MAX));
    assertThat(names.isKnownAtStart(key("11111111"))).isTrue();
    assertThat(names.isKnownAtStart(key("22222222"))).isFalse();
  }

  /** A message to the name must not go to the key that the user has replaced. */
  @Test
  void anAcceptedKeyTakesThePlaceOfTheOneBefore() {
    Fingerprint before = key("11111111");
    Fingerprint now = key("22222222");
    known.add(known("Bob", before, 1));
    known.add(known("Robert", before, 2));
    assertThat(names.isNamedAtStart(peer("BOB", before))).isTrue();
    assertThat(names.isNamedAtStart(peer("Bob", now))).isFalse();
    known.remove(0);
    names.accepted(Refusal.of(ADDRESS, Optional.of("Bob"), Optional.of(before), Optional.of(now)));
    assertThat(names.isNamedAtStart(peer("Bob", before))).isFalse();
    assertThat(names.isNamedAtStart(peer("Bob", now))).isTrue();
    assertThat(names.isNamedAtStart(peer("Robert", before))).isTrue();
  }

  @Test
  void typedDigitsAreTheBeginningOfTheKey() {
    Peer bob = peer("Bob", key("1a2b3c4d"));
    assertThat(List.of("Bob", "bob", "Bob|1a2b3c4d", "BOB|1A2B", "Bob|1a2b3c4d0000"))
        .allMatch(typed -> PeerNames.isNamed(bob, typed));
    assertThat(List.of("Bo", "Bob|", "Bob|2", "Bob|1a2b3c4d1", "|1a2b3c4d"))
        .filteredOn(typed -> PeerNames.isNamed(bob, typed))
        .containsExactly("Bob|");
    assertThat(PeerNames.isNamed(Peer.builder(ADDRESS).teamName("Bob").build(), "Bob|1")).isFalse();
  }
}
