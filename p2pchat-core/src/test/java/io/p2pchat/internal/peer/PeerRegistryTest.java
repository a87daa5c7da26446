package io.p2pchat.internal.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerEvent;
import io.p2pchat.PeerEvent.MessageReceived;
import io.p2pchat.PeerEvent.PeerActive;
import io.p2pchat.PeerEvent.PeerConnected;
import io.p2pchat.PeerEvent.PeerLeft;
import io.p2pchat.PeerEvent.PeerLeft.Reason;
import io.p2pchat.PeerEvent.PeerReachable;
import io.p2pchat.PeerEvent.PeerUnreachable;
import io.p2pchat.internal.protocol.ReservedText;
import io.p2pchat.internal.session.QueueLimits;
import io.p2pchat.internal.session.SendQueue;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PeerRegistryTest {
  private static final PeerAddress A = new PeerAddress("10.0.0.1", 7001);
  private static final PeerAddress B = new PeerAddress("10.0.0.2", 7002);
  private static final PeerAddress C = new PeerAddress("10.0.0.3", 7003);

  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final PeerRegistry registry = new PeerRegistry(2, 2, () -> now);

  private static Peer peer(String team, Optional<Instant> lastHeard) {
    return Peer.builder(A).teamName(team).lastHeard(lastHeard.orElse(null)).build();
  }

  private List<PeerEvent> hear(PeerAddress from, String text) {
    now = now.plusSeconds(1);
    return registry.received(from, "Team " + from.port(), text, ReservedText.of(text));
  }

  private List<PeerAddress> active() {
    return registry.active().stream().map(Peer::address).toList();
  }

  private List<PeerAddress> connected() {
    return registry.connected().stream().map(Peer::address).toList();
  }

  @Test
  void theLongestSilentIsFirstThoughTheClockIsSetBack() {
    hear(A, "a");
    now = now.minusSeconds(3600);
    hear(B, "b");
    assertThat(active()).containsExactly(A, B);
    hear(B, "connection message");
    hear(A, "connection message");
    assertThat(connected()).containsExactly(B, A);
  }

  @Test
  void aMessageMakesAnActivePeerThatIsNotConnected() {
    List<PeerEvent> events = hear(A, "hello");
    assertThat(events).hasSize(2);
    assertThat(events.get(0)).isInstanceOf(PeerActive.class);
    assertThat(events.get(1))
        .usingRecursiveComparison()
        .isEqualTo(MessageReceived.of(peer("Team 7001", Optional.of(now)), "hello", false, now));
    assertThat(active()).containsExactly(A);
    assertThat(connected()).isEmpty();
    assertThat(hear(A, "again")).hasOnlyElementsOfType(MessageReceived.class);
  }

  @Test
  void sendingMakesAnActivePeerOfUnknownTeam() {
    assertThat(registry.sending(A, null, null)).singleElement().isInstanceOf(PeerActive.class);
    assertThat(registry.active())
        .usingRecursiveComparison()
        .isEqualTo(List.of(Peer.builder(A).build()));
    assertThat(registry.sending(A, null, null)).isEmpty();
  }

  @Test
  void eitherConnectionMessageConnectsOnceAndIsNoMessage() {
    List<PeerEvent> events = hear(A, "manual connection message");
    assertThat(events).hasSize(2);
    assertThat(events.get(1))
        .isInstanceOfSatisfying(
            PeerConnected.class,
            event -> {
              assertThat(event.manual()).isTrue();
              assertThat(event.incoming()).isTrue();
              assertThat(event.peer().connected()).isTrue();
            });
    assertThat(hear(A, "connection message")).isEmpty();
    assertThat(registry.sending(B, ReservedText.CONNECTION, null).get(1))
        .isInstanceOfSatisfying(
            PeerConnected.class,
            event -> {
              assertThat(event.manual()).isFalse();
              assertThat(event.incoming()).isFalse();
            });
    assertThat(connected()).containsExactly(B, A);
    assertThat(active()).containsExactlyInAnyOrder(A, B);
  }

  @Test
  void exitRemovesFromBothLists() {
    hear(A, "connection message");
    assertThat(hear(A, " Exit "))
        .singleElement()
        .isInstanceOfSatisfying(
            PeerLeft.class,
            event -> {
              assertThat(event.reason()).isEqualTo(Reason.SAID_EXIT);
              assertThat(event.peer().teamName()).isEqualTo("Team 7001");
            });
    assertThat(active()).isEmpty();
    assertThat(connected()).isEmpty();
  }

  @Test
  void exitOfAStrangerIsNothing() {
    assertThat(hear(A, "exit")).isEmpty();
    assertThat(active()).isEmpty();
  }

  @Test
  void sayingExitRemovesThePeerWhetherOrNotItIsReached() {
    hear(A, "hello");
    hear(B, "hello");
    assertThat(registry.sending(A, ReservedText.EXIT, null))
        .singleElement()
        .isInstanceOfSatisfying(
            PeerLeft.class, event -> assertThat(event.reason()).isEqualTo(Reason.DISCONNECTED));
    assertThat(registry.unreachable(B, ReservedText.EXIT)).hasSize(1);
    assertThat(active()).isEmpty();
  }

  @Test
  void anUnreachablePeerStaysAndSaysSoOnceUntilItIsHeard() {
    hear(A, "connection message");
    assertThat(registry.unreachable(A, null)).hasOnlyElementsOfType(PeerUnreachable.class);
    assertThat(registry.unreachable(A, null)).isEmpty();
    assertThat(registry.unreachable(C, null)).isEmpty();
    assertThat(registry.connected().get(0).state()).isEqualTo(Peer.State.UNREACHABLE);
    assertThat(hear(A, "back").get(0)).isInstanceOf(PeerReachable.class);
    assertThat(registry.connected().get(0).state()).isEqualTo(Peer.State.REACHABLE);
  }

  @Test
  void theLatestTeamNameCounts() {
    hear(A, "hello");
    registry.received(A, "Renamed", "hello", null);
    assertThat(registry.active().get(0).teamName()).isEqualTo("Renamed");
  }

  @Test
  void aboveTheBoundTheLongestSilentThatIsNotConnectedIsForgotten() {
    hear(A, "hello");
    hear(B, "hello");
    hear(A, "again");
    assertThat(hear(C, "hello").get(0))
        .isInstanceOfSatisfying(
            PeerLeft.class,
            event -> {
              assertThat(event.reason()).isEqualTo(Reason.FORGOTTEN);
              assertThat(event.peer().address()).isEqualTo(B);
            });
    assertThat(active()).containsExactly(A, C);
  }

  @Test
  void connectedPeersAreNeverForgottenForANewcomer() {
    hear(A, "connection message");
    hear(B, "connection message");
    assertThat(hear(C, "hello")).hasOnlyElementsOfType(MessageReceived.class);
    assertThat(active()).containsExactly(A, B);
  }

  /** A peer of one of many hosts. */
  private static PeerAddress at(int host, int port) {
    return new PeerAddress("10.0." + host / 256 + "." + host % 256, port);
  }

  private static List<PeerAddress> left(List<PeerEvent> events) {
    return events.stream()
        .filter(PeerLeft.class::isInstance)
        .map(event -> event.peer().address())
        .toList();
  }

  private static void say(PeerRegistry registry, PeerAddress from, String text) {
    registry.received(from, "Team", text, ReservedText.of(text));
  }

  @Test
  void oneHostHasItsOwnBoundAndForgetsItsOwn() {
    PeerRegistry bounded = new PeerRegistry(1000, 3, () -> now);
    say(bounded, at(1, 1), "hello");
    for (int port = 1; port <= 3; port++) {
      say(bounded, at(2, port), "hello");
    }
    say(bounded, at(2, 1), "again");
    assertThat(left(bounded.received(at(2, 4), "Team", "hello", null))).containsExactly(at(2, 2));
    assertThat(bounded.active())
        .extracting(Peer::address)
        .containsExactlyInAnyOrder(at(1, 1), at(2, 1), at(2, 3), at(2, 4));
  }

  @Test
  void anIpv6NetworkIsOneHost() {
    PeerRegistry bounded = new PeerRegistry(1000, 3, () -> now);
    for (int i = 1; i <= 5; i++) {
      say(bounded, new PeerAddress("2001:db8::" + i, 1), "connection message");
      say(bounded, new PeerAddress("2001:db8:0:" + i + "::1", 1), "connection message");
    }
    // The first network is also the first of the others: 2001:db8:0:0.
    assertThat(bounded.connected()).hasSize(3 + 5);
  }

  @Test
  void strangersThatConnectDisplaceNoConnectedPeerOfTheirHost() {
    PeerRegistry bounded = new PeerRegistry(1000, 3, () -> now);
    for (int port = 1; port <= 100; port++) {
      say(bounded, at(1, port), "connection message");
    }
    assertThat(bounded.connected())
        .extracting(Peer::address)
        .containsExactlyInAnyOrder(at(1, 1), at(1, 2), at(1, 3));
    assertThat(bounded.active()).hasSize(3);
  }

  @Test
  void theApplicationConnectsInPlaceOfAStrangerOfTheSameHostUntilAllAreItsOwn() {
    PeerRegistry bounded = new PeerRegistry(1000, 2, () -> now);
    say(bounded, at(9, 1), "connection message");
    say(bounded, at(1, 1), "connection message");
    say(bounded, at(1, 2), "connection message");
    assertThat(bounded.hasRoomFor(at(1, 3))).isTrue();
    assertThat(left(bounded.sending(at(1, 3), ReservedText.MANUAL_CONNECTION, null)))
        .containsExactly(at(1, 1));
    // The application confirms a connection that the peer began, and says so.
    assertThat(bounded.sending(at(1, 2), ReservedText.MANUAL_CONNECTION, null)).isEmpty();
    assertThat(bounded.hasRoomFor(at(1, 4))).isFalse();
    assertThat(bounded.limitFor(at(1, 4))).isEqualTo("2 peers of its host (maxPeersPerHost)");
    assertThat(bounded.sending(at(1, 4), ReservedText.MANUAL_CONNECTION, null)).isEmpty();
    assertThat(bounded.hasRoomFor(at(1, 2))).isTrue();
    assertThat(bounded.connected())
        .extracting(Peer::address)
        .containsExactlyInAnyOrder(at(9, 1), at(1, 2), at(1, 3));
    bounded.received(at(1, 2), "Team", "exit", ReservedText.EXIT);
    assertThat(bounded.hasRoomFor(at(1, 4))).isTrue();
  }

  @Test
  void aboveTheBoundInAllTheLargestHostGives() {
    PeerRegistry bounded = new PeerRegistry(20, 8, () -> now);
    say(bounded, at(1, 1), "hello");
    say(bounded, at(2, 1), "connection message");
    for (int host = 10; host < 13; host++) {
      for (int port = 1; port <= 100; port++) {
        say(bounded, at(host, port), "connection message");
      }
    }
    // Two honest peers, and hosts with 8, 8 and 2: one of the large ones gives.
    assertThat(bounded.active()).hasSize(20);
    assertThat(left(bounded.received(at(3, 1), "Team", "hello", null)))
        .singleElement()
        .satisfies(forgotten -> assertThat(forgotten.host()).isIn("10.0.0.10", "10.0.0.11"));
    for (int port = 1; port <= 100; port++) {
      say(bounded, at(12, port), "connection message");
    }
    assertThat(bounded.active())
        .extracting(Peer::address)
        .hasSize(20)
        .contains(at(1, 1), at(2, 1), at(3, 1));
  }

  @Test
  void whomTheApplicationConnectedIsNeverForgotten() {
    PeerRegistry bounded = new PeerRegistry(4, 4, () -> now);
    for (int port = 1; port <= 3; port++) {
      bounded.sending(at(1, port), ReservedText.CONNECTION, null);
    }
    for (int host = 2; host < 100; host++) {
      say(bounded, at(host, 1), "connection message");
      say(bounded, at(host, 2), "hello");
    }
    assertThat(bounded.connected())
        .extracting(Peer::address)
        .contains(at(1, 1), at(1, 2), at(1, 3))
        .hasSize(4);
    assertThat(bounded.active()).hasSize(4);
  }

  @Test
  void whoIsGivenUpCanBeForgotten() {
    PeerRegistry bounded = new PeerRegistry(4, 1, () -> now);
    bounded.sending(at(1, 1), ReservedText.CONNECTION, null);
    assertThat(bounded.hasRoomFor(at(1, 2))).isFalse();
    assertThat(bounded.givenUp(at(1, 1))).hasSize(2);
    assertThat(bounded.hasRoomFor(at(1, 2))).isTrue();
    assertThat(left(bounded.received(at(1, 2), "Team", "hello", null))).containsExactly(at(1, 1));
  }

  @Test
  void snapshotsDoNotChange() {
    hear(A, "hello");
    List<Peer> before = registry.active();
    hear(B, "hello");
    assertThat(before).hasSize(1);
  }

  /** Who sends to a new address holds other locks then, for which a snapshot may wait. */
  @Test
  void attachingASessionWaitsForNoSnapshot() throws Exception {
    SessionStatus session = new SessionStatus(new SendQueue(new QueueLimits(1, 1), bytes -> {}));
    synchronized (registry) {
      CompletableFuture.runAsync(
              () -> {
                registry.attach(A, session);
                registry.detach(A, session);
              })
          .get(30, TimeUnit.SECONDS);
    }
    registry.received(A, "One", "hello", null);
    assertThat(registry.active()).hasSize(1);
  }
}
