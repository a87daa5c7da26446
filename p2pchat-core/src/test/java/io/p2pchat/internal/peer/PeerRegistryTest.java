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
  private final PeerRegistry registry = new PeerRegistry(2, () -> now);

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
        .isEqualTo(List.of(peer(Peer.UNKNOWN_TEAM, Optional.empty())));
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
    SessionStatus session = new SessionStatus(new SendQueue(new QueueLimits(1, 1)));
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
