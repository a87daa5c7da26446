package io.p2pchat.cli.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.Fingerprint;
import io.p2pchat.KnownPeer;
import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerEvent;
import io.p2pchat.cli.output.Events;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FloodGateTest {
  private final List<String> told = new ArrayList<>();
  private long now;
  private @Nullable Runnable task;
  private final FloodGate gate =
      new FloodGate(
          (peers, lines) ->
              told.add((peers.size() == 1 ? peers.get(0).teamName() : peers.size()) + " " + lines),
          () -> now,
          nanos ->
              command -> {
                assertThat(nanos).isEqualTo(Duration.ofSeconds(1).toNanos());
                assertThat(task).isNull();
                task = command;
              });

  private static Peer peer(String team, String host, int port, @Nullable Integer key) {
    Fingerprint fingerprint = key == null ? null : Fingerprint.parse("%08x%056x".formatted(key, 0));
    return Peer.builder(new PeerAddress(host, port))
        .teamName(team)
        .fingerprint(fingerprint)
        .build();
  }

  private static Peer bob() {
    return peer("Bob", "10.0.0.1", 7001, 1);
  }

  private int passed(Peer peer, int lines) {
    int passed = 0;
    for (int i = 0; i < lines; i++) {
      passed += gate.passes(peer) ? 1 : 0;
    }
    return passed;
  }

  private void second() {
    now += Duration.ofSeconds(1).toNanos();
    Runnable due = task;
    task = null;
    if (due != null) {
      due.run();
    }
  }

  @Test
  void aFloodIsOneLineASecondAndOthersPass() {
    assertThat(passed(bob(), 1200)).isEqualTo(200);
    assertThat(passed(peer("Carol", "10.0.0.2", 7001, 2), 10)).isEqualTo(10);
    assertThat(told).isEmpty();
    for (int i = 0; i < 10; i++) {
      now += Duration.ofMillis(900).toNanos();
      assertThat(passed(bob(), 6400)).isZero();
    }
    second();
    assertThat(told).containsExactly("Bob 65000");
    assertThat(passed(bob(), 20)).isEqualTo(20);
    second();
    assertThat(told).hasSize(1);
  }

  @Test
  void whoBecomesSlowIsShownAgain() {
    assertThat(passed(bob(), 1200)).isEqualTo(200);
    int passed = 0;
    for (int i = 0; i < 10; i++) {
      now += Duration.ofMillis(500).toNanos();
      passed += passed(bob(), 1);
    }
    assertThat(passed).isEqualTo(8);
  }

  @Test
  void aNewKeyIsOneOfTheLinesUnlessItIsWarnedOf() {
    Peer eve = peer("Eve", "10.0.0.1", 7001, 3);
    KnownPeer other = KnownPeer.of("Eve", eve.address(), Events.KEY, Events.TIME);
    assertThat(FloodGate.limits(Events.message("hi", false))).isTrue();
    assertThat(FloodGate.limits(pinned(eve, List.of()))).isTrue();
    assertThat(FloodGate.limits(pinned(eve, List.of(other)))).isFalse();
    assertThat(FloodGate.limits(Events.refused())).isFalse();
  }

  private static PeerEvent pinned(Peer peer, List<KnownPeer> others) {
    return PeerEvent.PeerPinned.of(peer, others, List.of(), false, false, Events.TIME);
  }

  @Test
  void newKeysOfOneHostShareItsLimit() {
    int passed = 0;
    for (int i = 0; i < 5000; i++) {
      passed += passed(peer("Key " + i, "10.0.0.1", 7001, i), 1);
    }
    assertThat(passed).isEqualTo(800);
    second();
    assertThat(told).hasSize(3);
    assertThat(told.get(2)).matches("\\d+ \\d+");
  }

  @Test
  void withoutKeysTheHostIsThePeer() {
    int passed = 0;
    for (int i = 1; i <= 5000; i++) {
      passed += passed(peer("Raw", "fd00::1:" + Integer.toHexString(i), i, null), 1);
    }
    assertThat(passed).isEqualTo(200);
    assertThat(passed(peer("Raw", "fd00:0:0:1::1", 1, null), 1)).isEqualTo(1);
  }
}
