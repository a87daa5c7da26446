package io.p2pchat.internal.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.Fingerprint;
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
import io.p2pchat.internal.protocol.NodeInfo;
import io.p2pchat.internal.protocol.RandomIds;
import io.p2pchat.internal.protocol.ReservedText;
import io.p2pchat.internal.session.QueueLimits;
import io.p2pchat.internal.session.SendQueue;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
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
    return registry.received(
        PeerId.at(from), "Team " + from.port(), text, ReservedText.of(text), true);
  }

  /** An endpoint whose peer has shown no key. */
  private static SessionStatus node(PeerAddress address) {
    return node(PeerId.at(address));
  }

  private static SessionStatus node(PeerId peer) {
    return new SessionStatus(peer, new SendQueue(new QueueLimits(1, 1), (future, bytes) -> {}));
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
    assertThat(registry.sending(node(A), null, null))
        .singleElement()
        .isInstanceOf(PeerActive.class);
    assertThat(registry.active())
        .usingRecursiveComparison()
        .isEqualTo(List.of(Peer.builder(A).build()));
    assertThat(registry.sending(node(A), null, null)).isEmpty();
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
    assertThat(registry.sending(node(B), ReservedText.CONNECTION, null).get(1))
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
    assertThat(registry.sending(node(A), ReservedText.EXIT, null))
        .singleElement()
        .isInstanceOfSatisfying(
            PeerLeft.class, event -> assertThat(event.reason()).isEqualTo(Reason.DISCONNECTED));
    assertThat(registry.unreachable(PeerId.at(B), ReservedText.EXIT)).hasSize(1);
    assertThat(active()).isEmpty();
  }

  @Test
  void anUnreachablePeerStaysAndSaysSoOnceUntilItIsHeard() {
    hear(A, "connection message");
    assertThat(registry.unreachable(PeerId.at(A), null))
        .hasOnlyElementsOfType(PeerUnreachable.class);
    assertThat(registry.unreachable(PeerId.at(A), null)).isEmpty();
    assertThat(registry.unreachable(PeerId.at(C), null)).isEmpty();
    assertThat(registry.connected().get(0).state()).isEqualTo(Peer.State.UNREACHABLE);
    assertThat(hear(A, "back").get(0)).isInstanceOf(PeerReachable.class);
    assertThat(registry.connected().get(0).state()).isEqualTo(Peer.State.REACHABLE);
  }

  @Test
  void theLatestTeamNameCounts() {
    hear(A, "hello");
    registry.received(PeerId.at(A), "Renamed", "hello", null, true);
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
    registry.received(PeerId.at(from), "Team", text, ReservedText.of(text), true);
  }

  @Test
  void oneHostHasItsOwnBoundAndForgetsItsOwn() {
    PeerRegistry bounded = new PeerRegistry(1000, 3, () -> now);
    say(bounded, at(1, 1), "hello");
    for (int port = 1; port <= 3; port++) {
      say(bounded, at(2, port), "hello");
    }
    say(bounded, at(2, 1), "again");
    assertThat(left(bounded.received(PeerId.at(at(2, 4)), "Team", "hello", null, true)))
        .containsExactly(at(2, 2));
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
    assertThat(bounded.hasRoomFor(PeerId.at(at(1, 3)))).isTrue();
    assertThat(left(bounded.sending(node(at(1, 3)), ReservedText.MANUAL_CONNECTION, null)))
        .containsExactly(at(1, 1));
    // The application confirms a connection that the peer began, and says so.
    assertThat(bounded.sending(node(at(1, 2)), ReservedText.MANUAL_CONNECTION, null)).isEmpty();
    assertThat(bounded.hasRoomFor(PeerId.at(at(1, 4)))).isFalse();
    assertThat(bounded.limitFor(at(1, 4))).isEqualTo("2 peers of its host (maxPeersPerHost)");
    assertThat(bounded.sending(node(at(1, 4)), ReservedText.MANUAL_CONNECTION, null)).isEmpty();
    assertThat(bounded.hasRoomFor(PeerId.at(at(1, 2)))).isTrue();
    assertThat(bounded.connected())
        .extracting(Peer::address)
        .containsExactlyInAnyOrder(at(9, 1), at(1, 2), at(1, 3));
    bounded.received(PeerId.at(at(1, 2)), "Team", "exit", ReservedText.EXIT, true);
    assertThat(bounded.hasRoomFor(PeerId.at(at(1, 4)))).isTrue();
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
    assertThat(left(bounded.received(PeerId.at(at(3, 1)), "Team", "hello", null, true)))
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
      bounded.sending(node(at(1, port)), ReservedText.CONNECTION, null);
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
    bounded.sending(node(at(1, 1)), ReservedText.CONNECTION, null);
    assertThat(bounded.hasRoomFor(PeerId.at(at(1, 2)))).isFalse();
    assertThat(bounded.givenUp(PeerId.at(at(1, 1)))).hasSize(2);
    assertThat(bounded.hasRoomFor(PeerId.at(at(1, 2)))).isTrue();
    assertThat(left(bounded.received(PeerId.at(at(1, 2)), "Team", "hello", null, true)))
        .containsExactly(at(1, 1));
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
    SessionStatus session = node(A);
    synchronized (registry) {
      CompletableFuture.runAsync(
              () -> {
                registry.attach(session);
                registry.detach(session);
              })
          .get(30, TimeUnit.SECONDS);
    }
    registry.received(PeerId.at(A), "One", "hello", null, true);
    assertThat(registry.active()).hasSize(1);
  }

  // ---- peers with a key

  private static final Fingerprint KEY = Fingerprint.parse("01234567".repeat(8));
  private static final Fingerprint OTHER_KEY = Fingerprint.parse("89abcdef".repeat(8));

  private static NodeInfo says(int node, String team, boolean brief) {
    Set<NodeInfo.Feature> features = EnumSet.of(NodeInfo.Feature.EXACT);
    if (brief) {
      features.add(NodeInfo.Feature.BRIEF);
    }
    return new NodeInfo(RandomIds.node(node, node), 65_536, 7001, team, features);
  }

  private PeerRegistry.Opened open(SessionStatus node, PeerId id, int number) {
    return registry.opened(node, id, says(number, id.team(), false), true, false);
  }

  @Test
  void plainPeerThatShowsAKeyKeepsItsPlaceInTheLists() {
    hear(A, "connection message");
    SessionStatus node = node(A);
    registry.attach(node);
    assertThat(open(node, new PeerId(A, KEY, "Team 7001"), 1).events()).isEmpty();
    assertThat(registry.connected())
        .singleElement()
        .satisfies(peer -> assertThat(peer.fingerprint()).contains(KEY));
    assertThat(registry.active()).hasSize(1);
  }

  @Test
  void otherTeamDoesNotInheritThatAPlainPeerWasConnected() {
    hear(A, "connection message");
    SessionStatus node = node(A);
    registry.attach(node);
    assertThat(open(node, new PeerId(A, KEY, "Another"), 1).events())
        .singleElement()
        .isInstanceOfSatisfying(
            PeerLeft.class, left -> assertThat(left.reason()).isEqualTo(Reason.RESTARTED));
    assertThat(registry.connected()).isEmpty();
    assertThat(registry.active()).singleElement().matches(Peer::encrypted);
    hear(B, "connection message");
    assertThat(registry.received(PeerId.at(B), "Another", "hi", null, true).get(0))
        .isInstanceOf(PeerLeft.class);
    assertThat(registry.connected()).isEmpty();
  }

  @Test
  void forgedPlainWordDoesNotConnectAKnownKey() {
    PeerId id = new PeerId(B, KEY, "Team 7001");
    SessionStatus node = node(B);
    open(node, id, 1);
    registry.heard(node, "Team 7001");
    hear(A, "connection message");
    open(node, new PeerId(A, KEY, "Team 7001"), 1);
    assertThat(registry.active()).singleElement().matches(Peer::encrypted);
    assertThat(registry.connected()).isEmpty();
  }

  @Test
  void applicationThatConnectedToTheAddressIsConnectedToTheKeyThere() {
    PeerId id = new PeerId(B, KEY, "Team 7001");
    SessionStatus node = node(B);
    open(node, id, 1);
    registry.heard(node, "Team 7001");
    registry.sending(node(A), ReservedText.CONNECTION, "Team 7001");
    open(node, new PeerId(A, KEY, "Team 7001"), 1);
    assertThat(registry.connected()).singleElement().matches(Peer::encrypted);
  }

  @Test
  void plainPeerStaysWhereAKeyThatIsNotTheHolderIsShown() {
    hear(A, "hello");
    SessionStatus node = node(A);
    registry.attach(node);
    PeerId id = new PeerId(A, KEY, "Team 7001");
    registry.opened(node, id, says(1, "Team 7001", false), false, false);
    registry.heard(node, "Team 7001");
    assertThat(registry.active()).extracting(Peer::encrypted).containsExactly(false, true);
  }

  @Test
  void whoOnlyClaimsAnAddressIsNotTheOneThere() {
    SessionStatus first = node(A);
    open(first, new PeerId(A, KEY, "One"), 1);
    registry.heard(first, "One");
    PeerId claimer = new PeerId(A, OTHER_KEY, "Two");
    SessionStatus second = node(A);
    registry.attach(second);
    registry.opened(second, claimer, says(2, "Two", false), false, false);
    registry.heard(second, "Two");
    registry.received(claimer, "Two", "", ReservedText.CONNECTION, true);
    assertThat(registry.unreachable(PeerId.at(A), ReservedText.EXIT))
        .singleElement()
        .satisfies(left -> assertThat(left.peer().fingerprint()).contains(KEY));
    assertThat(registry.connected())
        .singleElement()
        .satisfies(peer -> assertThat(peer.fingerprint()).contains(OTHER_KEY));
  }

  @Test
  void peerIsUnreachableOnlyWhenNoneOfItsNodesIsConnected() {
    PeerId id = new PeerId(A, KEY, "One");
    SessionStatus first = node(A);
    SessionStatus second = node(B);
    open(first, id, 1);
    open(second, new PeerId(B, KEY, "One"), 2);
    registry.heard(first, "One");
    assertThat(registry.active()).hasSize(1);
    first.closed();
    assertThat(registry.lost(first)).isEmpty();
    assertThat(registry.unreachable(PeerId.at(A), null)).isEmpty();
    second.closed();
    assertThat(registry.lost(second))
        .singleElement()
        .isInstanceOf(PeerEvent.ConnectionLost.class)
        .satisfies(lost -> assertThat(lost.peer().level()).isEqualTo(Peer.Level.SESSION));
    assertThat(open(first, id, 1).events())
        .singleElement()
        .isInstanceOf(PeerEvent.ConnectionRestored.class);
  }

  @Test
  void peerWhoseSessionHasEndedIsReachedAgainAndHasNoConnectionRestored() {
    PeerId id = new PeerId(A, KEY, "One");
    SessionStatus first = node(A);
    open(first, id, 1);
    registry.heard(first, "One");
    first.closed();
    assertThat(registry.lost(first)).singleElement().isInstanceOf(PeerEvent.ConnectionLost.class);
    assertThat(registry.withoutSession(id)).isNull();
    first.ended();
    assertThat(registry.withoutSession(id)).isEqualTo(id);
    assertThat(open(node(A), id, 2).events()).singleElement().isInstanceOf(PeerReachable.class);
  }

  /** Somebody without a key was in a session at its address. */
  @Test
  void sessionOfAnotherThatIsGivenUpAtItsAddressDoesNotMakeAPeerUnreachable() {
    PeerId bob = new PeerId(A, KEY, "Bob");
    SessionStatus first = node(A);
    open(first, bob, 1);
    registry.received(bob, "Bob", "", ReservedText.CONNECTION, true);
    first.ended();
    SessionStatus other = node(A);
    registry.attach(other);
    registry.opened(other, PeerId.at(A), says(2, "Zed", false), false, false);
    other.ended();
    assertThat(registry.givenUp(PeerId.at(A))).isEmpty();
    assertThat(registry.connected())
        .singleElement()
        .satisfies(peer -> assertThat(peer.state()).isEqualTo(Peer.State.REACHABLE));
  }

  @Test
  void addressesAreTheNewestFirstWithoutThoseOfBriefNodes() {
    for (int port = 1; port <= 10; port++) {
      SessionStatus node = node(at(1, port));
      open(node, new PeerId(at(1, port), KEY, "One"), port);
      registry.heard(node, "One");
    }
    SessionStatus brief = node(B);
    registry.opened(brief, new PeerId(B, KEY, "One"), says(99, "One", true), true, false);
    registry.heard(brief, "One");
    List<PeerAddress> newest = IntStream.rangeClosed(3, 10).mapToObj(i -> at(1, 13 - i)).toList();
    assertThat(registry.active())
        .singleElement()
        .satisfies(peer -> assertThat(peer.addresses()).isEqualTo(newest));
    assertThat(registry.dialable(KEY, false)).isEqualTo(newest);
    SessionStatus only = node(C);
    registry.opened(only, new PeerId(C, OTHER_KEY, "Two"), says(7, "Two", true), true, false);
    registry.heard(only, "Two");
    assertThat(registry.dialable(OTHER_KEY, false)).isEmpty();
    assertThat(registry.active().get(1).address()).isEqualTo(C);
  }

  @Test
  void whenANodeLeavesThePeerIsAtANodeThatStays() {
    SessionStatus brief = node(B);
    registry.attach(brief);
    registry.opened(brief, new PeerId(B, KEY, "One"), says(9, "One", true), true, false);
    SessionStatus lost = node(at(1, 4));
    SessionStatus stays = node(C);
    SessionStatus leaves = node(A);
    int number = 1;
    for (SessionStatus node : List.of(lost, stays, leaves)) {
      registry.attach(node);
      open(node, new PeerId(node.id().address(), KEY, "One"), number++);
      registry.heard(node, "One");
    }
    lost.closed();
    assertThat(registry.active().get(0).address()).isEqualTo(A);
    assertThat(registry.commanded(leaves, "One", ReservedText.EXIT)).isEmpty();
    assertThat(registry.active().get(0).address()).isEqualTo(C);
  }

  @Test
  void chatIsNotRestartedByABriefNodeOfItsKey() {
    PeerId id = new PeerId(A, KEY, "One");
    SessionStatus chat = node(A);
    open(chat, id, 1);
    registry.received(id, "One", "", ReservedText.CONNECTION, true);
    chat.ended();
    registry.detach(chat);
    SessionStatus brief = node(B);
    PeerId there = new PeerId(B, KEY, "One");
    assertThat(registry.opened(brief, there, says(9, "One", true), true, false).events()).isEmpty();
    brief.ended();
    assertThat(open(brief, id, 1).events()).isEmpty();
    assertThat(registry.connected()).hasSize(1);
    assertThat(open(node(A), id, 1).events()).isEmpty();
    assertThat(registry.connected()).hasSize(1);
  }

  @Test
  void claimsTakeNoPlaceOfAnAddressThatAnswered() {
    SessionStatus node = node(A);
    node.setAnswered(true);
    open(node, new PeerId(A, KEY, "One"), 1);
    registry.heard(node, "One");
    node.setAnswered(false);
    for (int port = 1; port <= 9; port++) {
      open(node, new PeerId(at(1, port), KEY, "One"), 1);
    }
    assertThat(registry.dialable(KEY, true)).containsExactly(A);
    assertThat(registry.dialable(KEY, false))
        .isEqualTo(IntStream.rangeClosed(3, 9).mapToObj(i -> at(1, 12 - i)).toList());
    assertThat(registry.active().get(0).address()).isEqualTo(at(1, 9));
  }

  @Test
  void acknowledgementCountsAsHeard() {
    hear(A, "a");
    hear(B, "b");
    SessionStatus node = node(A);
    registry.attach(node);
    now = now.plusSeconds(9);
    registry.acknowledged(node);
    assertThat(active()).containsExactly(B, A);
    assertThat(registry.active().get(1).lastHeard()).contains(now);
  }
}
