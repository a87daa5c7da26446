package io.p2pchat.cli.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.DiscoveredPeer;
import io.p2pchat.Fingerprint;
import io.p2pchat.KnownPeer;
import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerEvent.PeerDiscovered;
import io.p2pchat.PeerEvent.PeerLeft;
import io.p2pchat.PeerEvent.PeerVanished;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PresenceNoticesTest {
  private final List<String> lines = new ArrayList<>();
  private final Set<DiscoveredPeer> active = new HashSet<>();
  private final Set<DiscoveredPeer> inSession = new HashSet<>();
  private long now;
  private long due;
  private @Nullable Runnable task;
  private final PresenceNotices notices =
      new PresenceNotices(
          peer -> FoundPeers.asPeer(peer).teamName(),
          active::contains,
          inSession::contains,
          lines::add,
          () -> now,
          nanos ->
              command -> {
                assertThat(task).isNull();
                due = now + nanos;
                task = command;
              });

  private static DiscoveredPeer peer(@Nullable String team, int number) {
    String digits =
        Integer.toString(number, 6)
            .chars()
            .mapToObj(i -> "" + (char) (i + 2))
            .collect(Collectors.joining());
    String node = "a".repeat(26 - digits.length()) + digits;
    PeerAddress address = new PeerAddress("10.0.0.1", 7000 + number);
    return DiscoveredPeer.builder(List.of(address), Instant.EPOCH)
        .node(node)
        .teamName(team)
        .build();
  }

  /** Returns a node of Bob, whose key is known. */
  private static DiscoveredPeer bob(int number) {
    DiscoveredPeer peer = peer("Bob", number);
    KnownPeer bob =
        KnownPeer.of(
            "Bob", peer.addresses().get(0), Fingerprint.parse("ab".repeat(32)), Instant.EPOCH);
    return DiscoveredPeer.builder(peer.addresses(), Instant.EPOCH)
        .node(peer.node().orElseThrow())
        .teamName("Bob")
        .known(bob)
        .build();
  }

  private void discovered(DiscoveredPeer peer) {
    notices.take(PeerDiscovered.of(peer, Instant.EPOCH));
  }

  private void vanished(DiscoveredPeer peer) {
    notices.take(PeerVanished.of(peer, Instant.EPOCH));
  }

  /** Lets time pass until the next line is due. Returns how long that was. */
  private Duration await() {
    Runnable next = task;
    assertThat(next).isNotNull();
    Duration waited = Duration.ofNanos(due - now);
    now = due;
    task = null;
    if (next != null) {
      next.run();
    }
    return waited;
  }

  @Test
  void aLineNamesUpToThree() {
    discovered(peer("Bob", 2));
    assertThat(await()).isEqualTo(Duration.ofMillis(500));
    discovered(peer("Carol", 3));
    discovered(peer("Dave", 4));
    await();
    IntStream.range(5, 8).forEach(i -> vanished(peer("x", i)));
    vanished(peer("Carol", 3));
    vanished(peer("Bob", 2));
    vanished(peer("Dave", 4));
    await();
    assertThat(lines)
        .containsExactly(
            "Bob is here.",
            "Carol and Dave are here.",
            "Carol, Bob and Dave have left the network.");
  }

  @Test
  void aLineCountsTheOthersAboveThree() {
    for (int i = 2; i < 7; i++) {
      discovered(peer("P" + i, i));
    }
    await();
    assertThat(lines).containsExactly("P2, P3 and 3 others are here.");
  }

  @Test
  void aFloodIsAFewLines() {
    for (int round = 0; round < 10; round++) {
      for (int i = 0; i < 10_000; i++) {
        discovered(peer("P" + i, 22222 + i));
      }
      await();
      for (int i = 0; i < 10_000; i++) {
        vanished(peer("P" + i, 22222 + i));
      }
      if (task != null) {
        await();
      }
    }
    assertThat(lines).hasSizeLessThanOrEqualTo(20);
    assertThat(lines.get(0)).matches("P\\d+, P\\d+ and \\d+ others are here\\.");
    assertThat(Duration.ofNanos(now)).isGreaterThan(Duration.ofMinutes(1));
  }

  @Test
  void aFewLinesComeAtOnceAndMoreComeLater() {
    for (int i = 2; i < 7; i++) {
      discovered(peer("P" + i, i));
      assertThat(await()).isEqualTo(Duration.ofMillis(500));
    }
    discovered(peer("Late", 22));
    assertThat(await()).isEqualTo(Duration.ofSeconds(28));
    assertThat(lines).hasSize(6).last().isEqualTo("Late is here.");
  }

  @Test
  void whoeverIsShownAlreadyHasNoLine() {
    DiscoveredPeer bob = peer("Bob", 2);
    active.add(bob);
    discovered(bob);
    await();
    DiscoveredPeer carol = peer("Carol", 3);
    discovered(carol);
    await();
    // More is known about her, which is no news.
    discovered(
        DiscoveredPeer.builder(carol.addresses(), Instant.EPOCH)
            .node(carol.node().orElseThrow())
            .teamName("Carol")
            .level(1)
            .build());
    assertThat(task).isNull();
    discovered(peer(null, 4));
    assertThat(task).isNull();
    assertThat(lines).containsExactly("Carol is here.");
  }

  @Test
  void whoeverHasLeftHasNotGoneToo() {
    DiscoveredPeer bob = peer("Bob", 2);
    discovered(bob);
    await();
    Peer left = Peer.builder(bob.addresses().get(0)).teamName("Bob").build();
    notices.take(PeerLeft.of(left, PeerLeft.Reason.SAID_EXIT, Instant.EPOCH));
    vanished(bob);
    assertThat(task).isNull();
    assertThat(lines).containsExactly("Bob is here.");
  }

  @Test
  void whoeverIsBackAtOnceWasNeverGone() {
    DiscoveredPeer bob = peer("Bob", 2);
    discovered(bob);
    await();
    vanished(bob);
    discovered(bob);
    await();
    vanished(bob);
    discovered(peer("Bob", 3)); // restarted
    await();
    assertThat(lines).containsExactly("Bob is here.");
  }

  @Test
  void aKnownPeerHasLeftWithItsLastNode() {
    DiscoveredPeer chat = bob(2);
    DiscoveredPeer listen = bob(3);
    discovered(chat);
    await();
    discovered(listen);
    await();
    vanished(listen);
    await();
    assertThat(lines).containsExactly("Bob is here.");
    vanished(chat);
    await();
    assertThat(lines).containsExactly("Bob is here.", "Bob has left the network.");
  }

  @Test
  void theOtherNodeOfAPeerThatHasSaidExitIsStillHere() {
    DiscoveredPeer chat = bob(2);
    DiscoveredPeer listen = bob(3);
    discovered(chat);
    discovered(listen);
    await();
    Peer left = FoundPeers.asPeer(chat);
    assertThat(notices.elsewhere(left)).contains(listen);
    notices.take(PeerLeft.of(left, PeerLeft.Reason.SAID_EXIT, Instant.EPOCH));
    vanished(chat);
    assertThat(task).isNull();
    assertThat(notices.elsewhere(FoundPeers.asPeer(listen))).isEmpty();
    vanished(listen);
    await();
    assertThat(lines).containsExactly("Bob is here.", "Bob has left the network.");
  }

  @Test
  void aKilledNodeDoesNotVanishWhenItsPeerRunsAgain() {
    DiscoveredPeer killed = peer("Bob", 2);
    DiscoveredPeer again =
        DiscoveredPeer.builder(killed.addresses(), Instant.EPOCH)
            .node("b".repeat(26))
            .teamName("Bob")
            .build();
    discovered(killed);
    await();
    discovered(again);
    await();
    vanished(killed);
    await();
    assertThat(lines).containsExactly("Bob is here.");
  }

  @Test
  void whoeverHasASessionHasNotLeft() {
    DiscoveredPeer bob = peer("Bob", 2);
    discovered(bob);
    await();
    inSession.add(bob);
    vanished(bob);
    await();
    assertThat(lines).containsExactly("Bob is here.");
  }

  @Test
  void anotherOfThatNameIsNotTheSame() {
    discovered(bob(2));
    await();
    discovered(peer("Bob", 3));
    await();
    vanished(bob(2));
    await();
    assertThat(lines).last().isEqualTo("Bob has left the network.");
  }
}
