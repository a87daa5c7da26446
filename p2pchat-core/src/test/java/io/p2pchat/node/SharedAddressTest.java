package io.p2pchat.node;

import static io.p2pchat.testing.Eventually.eventually;
import static io.p2pchat.testing.Eventually.result;
import static io.p2pchat.testing.Eventually.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.Delivery;
import io.p2pchat.NodeSettings;
import io.p2pchat.Peer;
import io.p2pchat.PeerNodeBuilder;
import io.p2pchat.Security;
import io.p2pchat.Trust;
import io.p2pchat.testing.peers.BareSession;
import io.p2pchat.testing.peers.MovingNodes;
import io.p2pchat.testing.peers.TestNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two nodes with one port behind one address translation: to the others they have one address,
 * where only one of them can be dialed (PROTOCOL.md section 1).
 */
@Execution(ExecutionMode.CONCURRENT) // its tests mostly wait, each for nodes of its own
class SharedAddressTest {
  private static final int OUTSIDE = 0;
  private static final int SHARED = 1;
  private static final int ROUNDS = 5;
  private static final NodeSettings HASTY =
      NodeSettings.builder()
          .redialDelay(Duration.ofMillis(20))
          .silenceTimeout(Duration.ofSeconds(1))
          .build();

  @TempDir private Path directory;

  private MovingNodes network = MovingNodes.open(2);

  // Set before each test.
  @SuppressWarnings("NullAway.Init")
  private TestNode outside;

  @SuppressWarnings("NullAway.Init")
  private TestNode one;

  @SuppressWarnings("NullAway.Init")
  private TestNode two;

  @AfterEach
  void stop() {
    network.close();
  }

  @BeforeEach
  void start() {
    begin(true);
  }

  private void start(boolean pinned) {
    if (!pinned) {
      restart();
      begin(false);
    }
  }

  private void restart() {
    network.close();
    network = MovingNodes.open(2);
  }

  private void begin(boolean pinned) {
    outside = start("Outside", OUTSIDE, pinned);
    two = start("Two", SHARED, pinned);
    // What comes to the address goes to the node that was there last.
    one = start("One", SHARED, pinned);
  }

  private TestNode start(String team, int place, boolean pinned) {
    Trust trust = pinned ? Trust.pinned(directory.resolve(team)) : Trust.any();
    return network.start(
        team,
        place,
        builder -> builder.settings(HASTY).security(Security.opportunistic().with(trust)));
  }

  private Peer peer(TestNode node) {
    return outside.node().activePeers().stream()
        .filter(peer -> peer.teamName().equals(node.node().teamName()))
        .findFirst()
        .orElseThrow();
  }

  private static void assertOnlyOwn(TestNode node) {
    assertThat(node.log().texts()).allMatch(text -> text.endsWith(node.node().teamName()));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void eachGetsWhatIsForItAndNothingOfTheOther(boolean pinned) {
    start(pinned);
    result(two.node().connect(network.place(OUTSIDE)));
    result(one.node().connect(network.place(OUTSIDE)));
    result(two.node().send(network.place(OUTSIDE), "from Two"));
    result(one.node().send(network.place(OUTSIDE), "from One"));
    assertThat(outside.node().connectedPeers()).hasSize(2);
    for (int i = 1; i <= ROUNDS; i++) {
      List<CompletableFuture<Delivery>> sent =
          List.of(
              outside.node().send(peer(one), i + " for One"),
              outside.node().send(peer(two), i + " for Two"),
              outside.node().send(two.node().fingerprint().orElseThrow(), i + " by key for Two"),
              outside.node().send(one.node().fingerprint().orElseThrow(), i + " by key for One"));
      network.cut(i % 2 == 0 ? one : two);
      if (i == ROUNDS) {
        network.cut(outside);
      }
      sent.forEach(each -> assertThat(result(each)).isEqualTo(Delivery.ACKNOWLEDGED));
    }
    assertOnlyOwn(one);
    assertOnlyOwn(two);
    assertThat(one.log().awaitTexts(2 * ROUNDS)).hasSize(2 * ROUNDS);
    assertThat(two.log().awaitTexts(2 * ROUNDS)).hasSize(2 * ROUNDS);
    String[] disturbed = {"SessionReset", "PeerLeft", "PeerRefused", "ProtocolViolation"};
    for (TestNode node : List.of(outside, one, two)) {
      assertThat(node.log().kinds()).doesNotContain(disturbed);
    }
    assertThat(outside.node().connectedPeers()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void broadcastReachesBoth(boolean pinned) {
    start(pinned);
    result(two.node().connect(network.place(OUTSIDE)));
    result(one.node().connect(network.place(OUTSIDE)));
    eventually(() -> assertThat(outside.node().connectedPeers()).hasSize(2));
    assertThat(result(outside.node().broadcast("to both"))).hasSize(2);
    assertThat(one.log().awaitTexts(1)).containsExactly("to both");
    assertThat(two.log().awaitTexts(1)).containsExactly("to both");
  }

  @Test
  void nodeThatLeavesLeavesTheOtherAlone() {
    result(two.node().connect(network.place(OUTSIDE)));
    result(one.node().connect(network.place(OUTSIDE)));
    eventually(() -> assertThat(outside.node().connectedPeers()).hasSize(2));
    two.close();
    eventually(() -> assertThat(outside.node().connectedPeers()).hasSize(1));
    assertThat(result(outside.node().send(peer(one), "for One"))).isEqualTo(Delivery.ACKNOWLEDGED);
    assertThat(one.log().awaitTexts(1)).containsExactly("for One");
    assertThat(one.log().kinds()).doesNotContain("ConnectionLost", "PeerLeft");
  }

  // ---- in plain

  private TestNode plain(String team, int place) {
    return network.start(
        team, place, builder -> builder.settings(HASTY).security(Security.plaintext()));
  }

  private void startPlain() {
    restart();
    outside = plain("Outside", OUTSIDE);
    two = plain("Two", SHARED);
    one = plain("One", SHARED);
  }

  @Test
  void inPlainOneAtATimeIsThereAndTheLiveOneStays() {
    startPlain();
    result(one.node().connect(network.place(OUTSIDE)));
    result(one.node().send(network.place(OUTSIDE), "from One"));
    CompletableFuture<Delivery> other = two.node().send(network.place(OUTSIDE), "from Two");
    Peer known = peer(one);
    for (int i = 1; i <= ROUNDS; i++) {
      result(outside.node().send(known, i + " for One"));
      result(outside.node().broadcast(i + " to all, for One"));
    }
    assertOnlyOwn(one);
    assertThat(two.log().messages()).isEmpty();
    assertThat(outside.log().kinds()).doesNotContain("ConnectionLost", "SessionReset", "PeerLeft");
    assertThat(outside.node().connectedPeers()).containsExactly(known);
    assertThat(other).isNotCompletedExceptionally();
  }

  @Test
  void inPlainAnotherTakesThePlaceOfOneThatIsGoneButIsNotConnected() {
    startPlain();
    result(one.node().connect(network.place(OUTSIDE)));
    eventually(() -> assertThat(outside.node().connectedPeers()).hasSize(1));
    network.dropSilently(one);
    // Its network is gone for good.
    CompletableFuture<Delivery> sent = two.node().send(network.place(OUTSIDE), "from Two");
    until(
        "the place",
        () -> {
          network.dropSilently(one);
          return outside.log().texts().contains("from Two");
        });
    assertThat(result(sent)).isEqualTo(Delivery.ACKNOWLEDGED);
    eventually(
        () ->
            assertThat(outside.node().connectedPeers())
                .noneMatch(peer -> peer.teamName().equals("Two")));
    assertThat(two.log().messages()).isEmpty();
  }

  /** Everybody who can dial a node learns its {@code NODE}. */
  @Test
  void inPlainTheLiveSessionIsNotGivenToWhoRepeatsItsNode() {
    UnaryOperator<PeerNodeBuilder> inPlain = builder -> builder.security(Security.plaintext());
    try (TestNode alice = TestNode.start("Alice", inPlain);
        TestNode bob = TestNode.start("Bob", inPlain)) {
      result(bob.node().connect(alice.address()));
      eventually(() -> assertThat(alice.connected()).containsExactly(bob.address()));
      String node;
      try (BareSession probe = BareSession.dial(bob.port())) {
        node = probe.read().replaceAll(".*NODE:", "");
      }
      String asMallory = "|LISTENING_PORT:9|TEAM_NAME:Mallory";
      String asBob = "|LISTENING_PORT:" + bob.port() + "|TEAM_NAME:Bob";
      for (String who : List.of(asMallory, asBob)) {
        try (BareSession mallory = BareSession.dial(alice.port())) {
          mallory.say("HELLO:1|NODE:" + node + "|LIMIT:65536" + who);
          assertThat(mallory.readToEnd()).containsExactly("BYE:busy");
        }
      }
      result(alice.node().broadcast("for Bob"));
      assertThat(bob.log().awaitTexts(1)).containsExactly("for Bob");
      assertThat(alice.log().kinds()).doesNotContain("PeerLeft", "ConnectionLost");
      assertThat(bob.log().kinds()).doesNotContain("ConnectionLost");
      assertThat(alice.active()).containsExactly(bob.address());
    }
  }
}
