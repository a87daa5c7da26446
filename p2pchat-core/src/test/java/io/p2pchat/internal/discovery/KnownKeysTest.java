package io.p2pchat.internal.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.Fingerprint;
import io.p2pchat.KnownPeer;
import io.p2pchat.PeerAddress;
import io.p2pchat.discovery.PeerCandidate;
import io.p2pchat.internal.protocol.RandomIds;
import io.p2pchat.internal.security.KnownPeerSet;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The comparison of hints with the known keys. */
class KnownKeysTest {
  private static final String NODE = RandomIds.node(1, 1);

  private KnownPeerSet known = KnownPeerSet.NONE;
  private int resets;

  private static Fingerprint key(int number) {
    return Fingerprint.parse(String.format("%08x", number).repeat(8));
  }

  private static KnownPeer peer(String team, int port, Fingerprint key) {
    return KnownPeer.of(team, new PeerAddress("10.0.0.1", port), key, Instant.EPOCH);
  }

  private HintCheck check(Fingerprint key) {
    return new HintCheck(NODE, PeerCandidate.keyHint(key, NODE));
  }

  private boolean refresh(KnownKeys keys) {
    return keys.refresh(() -> resets++);
  }

  @Test
  void findsTheKeyOfAHintAndItsTeam() {
    known = known.with(peer("Bob", 1, key(1))).with(peer("Robert", 2, key(1)));
    known = known.with(peer("Carol", 3, key(2)));
    KnownKeys keys = new KnownKeys(() -> known, 0);
    assertThat(refresh(keys)).isTrue();
    assertThat(refresh(keys)).isFalse();
    HintCheck bob = check(key(1));
    assertThat(keys.compare(bob, 0)).isTrue();
    assertThat(bob.match).isEqualTo(key(1));
    assertThat(keys.peer(bob, "Bob")).isEqualTo(peer("Bob", 1, key(1)));
    assertThat(keys.peer(bob, null)).isEqualTo(peer("Robert", 2, key(1)));
    HintCheck stranger = check(key(3));
    assertThat(keys.compare(stranger, 0)).isTrue();
    assertThat(keys.peer(stranger, "Bob")).isNull();
  }

  @Test
  void comparesOnlyNewKeysWhenMoreAreKnown() {
    known = known.with(peer("Bob", 1, key(1)));
    KnownKeys keys = new KnownKeys(() -> known, 0);
    refresh(keys);
    HintCheck carol = check(key(2));
    keys.compare(carol, 0);
    assertThat(carol.compared).isEqualTo(1);
    known = known.with(peer("Carol", 3, key(2)));
    refresh(keys);
    assertThat(keys.compare(carol, 0)).isTrue();
    assertThat(carol.match).isEqualTo(key(2));
    assertThat(carol.compared).isEqualTo(1);
    known = known.without("Carol", new PeerAddress("10.0.0.1", 3));
    refresh(keys);
    assertThat(keys.peer(carol, null)).isNull();
    assertThat(resets).isZero();
  }

  @Test
  void floodOfHintsTakesOnlyAFractionOfACore() {
    known = KnownPeerSet.NONE;
    for (int i = 0; i < 500; i++) {
      known = known.with(peer("Team" + i, 1 + i, key(i)));
    }
    KnownKeys keys = new KnownKeys(() -> known, 0);
    refresh(keys);
    List<HintCheck> flood = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      flood.add(new HintCheck(NODE, String.format("%016x", i)));
    }
    assertThat(flood.stream().filter(check -> keys.compare(check, 0)).count())
        .isEqualTo(KnownKeys.BURST / known.keys().size());
    long second = Duration.ofSeconds(1).toNanos();
    flood.removeIf(check -> check.compared == known.keys().size());
    assertThat(flood.stream().filter(check -> keys.compare(check, second)).count())
        .isBetween(
            KnownKeys.PER_SECOND / known.keys().size() - 1,
            KnownKeys.PER_SECOND / known.keys().size() + 1);
  }
}
