package io.p2pchat.node;

import static io.p2pchat.testing.Eventually.eventually;
import static io.p2pchat.testing.Eventually.result;
import static io.p2pchat.testing.Eventually.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.Delivery;
import io.p2pchat.DiscoveredPeer;
import io.p2pchat.Fingerprint;
import io.p2pchat.NodeSettings;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerEvent;
import io.p2pchat.PeerEvent.PeerDiscovered;
import io.p2pchat.PeerEvent.PeerVanished;
import io.p2pchat.Security;
import io.p2pchat.Trust;
import io.p2pchat.TrustStore;
import io.p2pchat.discovery.Advertisement;
import io.p2pchat.discovery.DiscoveryException;
import io.p2pchat.discovery.PeerCandidate;
import io.p2pchat.discovery.PeerDiscovery;
import io.p2pchat.discovery.Sink;
import io.p2pchat.internal.protocol.RandomIds;
import io.p2pchat.testing.Blocking;
import io.p2pchat.testing.peers.EventLog;
import io.p2pchat.testing.peers.Gate;
import io.p2pchat.testing.peers.ScriptedSource;
import io.p2pchat.testing.peers.TestNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A node with sources of discovery: what it tells them, and what it lists. */
@Execution(ExecutionMode.CONCURRENT) // its tests mostly wait, each for nodes of its own
class DiscoverySourcesTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final String NODE = RandomIds.node(1, 1);
  private static final PeerAddress THERE = PeerAddress.parse("192.0.2.1:7001");

  @TempDir private Path directory;

  private static TestNode start(PeerDiscovery... sources) {
    return TestNode.start("One", builder -> builder.discovery(sources));
  }

  private static PeerCandidate candidate(String id) {
    return PeerCandidate.builder(id).address(THERE).node(NODE).teamName("Bob").level(1).build();
  }

  @Test
  void sourceLearnsWhatItMayAnnounceAndIsClosedWithTheNode() {
    ScriptedSource source = new ScriptedSource("a");
    try (TestNode node = start(source)) {
      Advertisement self = source.awaitStart();
      assertThat(self.teamName()).isEqualTo("One");
      assertThat(self.port()).isEqualTo(node.port());
      assertThat(self.addresses()).contains(node.address());
      assertThat(self.level()).isEqualTo(1);
      assertThat(self.announces()).isTrue();
      Fingerprint key = node.node().fingerprint().orElseThrow();
      assertThat(self.keyHint()).contains(PeerCandidate.keyHint(key, self.node()));
    }
    assertThat(source.closed()).isEqualTo(1);
  }

  @Test
  void briefNodeAnnouncesNothing() {
    ScriptedSource source = new ScriptedSource("a");
    try (TestNode node = TestNode.start("One", builder -> builder.brief().discovery(source))) {
      assertThat(source.awaitStart().announces()).isFalse();
      assertThat(node.node().discoveredPeers()).isEmpty();
    }
  }

  @Test
  void peersAreListedAndToldUntilTheyAreLost() {
    ScriptedSource one = new ScriptedSource("one");
    ScriptedSource two = new ScriptedSource("two");
    try (TestNode node = start(one, two)) {
      one.awaitStart();
      two.awaitStart();
      one.found(candidate("x"), HOUR);
      DiscoveredPeer found = node.log().awaitFirst(PeerDiscovered.class).discovered();
      assertThat(found.teamName()).contains("Bob");
      assertThat(found.addresses()).containsExactly(THERE);
      assertThat(found.node()).contains(NODE);
      two.found(candidate("x"), HOUR);
      eventually(
          () ->
              assertThat(node.node().discoveredPeers())
                  .singleElement()
                  .extracting(DiscoveredPeer::sources)
                  .isEqualTo(List.of("one", "two")));
      one.lost("x");
      two.lost("x");
      node.log().awaitFirst(PeerVanished.class);
      assertThat(node.node().discoveredPeers()).isEmpty();
      assertThat(node.log().of(PeerDiscovered.class)).hasSize(1);
      assertThat(node.active()).isEmpty();
    }
  }

  @Test
  void ownNodeAndOwnAddressAreIgnored() {
    ScriptedSource source = new ScriptedSource("a");
    try (TestNode node = start(source)) {
      Advertisement self = source.awaitStart();
      source.found(PeerCandidate.builder("n").address(THERE).node(self.node()).build(), HOUR);
      source.found(PeerCandidate.builder("a").address(node.address()).build(), HOUR);
      source.found(candidate("other"), HOUR);
      node.log().awaitFirst(PeerDiscovered.class);
      assertThat(node.node().discoveredPeers()).hasSize(1);
    }
  }

  @Test
  void keyThatIsKnownIsRecognizedAlsoIfItBecomesKnownLater() {
    Fingerprint bob = Fingerprint.parse("89abcdef".repeat(8));
    Fingerprint carol = Fingerprint.parse("01234567".repeat(8));
    TrustStore store = TrustStore.open(directory);
    store.accept("Robert", PeerAddress.parse("192.0.2.9:1"), bob);
    ScriptedSource source = new ScriptedSource("a");
    try (TestNode node =
        TestNode.start(
            "One",
            builder ->
                builder
                    .discovery(source)
                    .security(Security.opportunistic().with(Trust.pinned(directory))))) {
      source.awaitStart();
      source.found(
          PeerCandidate.builder("b")
              .address(THERE)
              .node(NODE)
              .keyHint(PeerCandidate.keyHint(bob, NODE))
              .build(),
          HOUR);
      String other = RandomIds.node(3, 3);
      source.found(
          PeerCandidate.builder("c")
              .address(PeerAddress.parse("192.0.2.2:1"))
              .node(other)
              .keyHint(PeerCandidate.keyHint(carol, other))
              .build(),
          HOUR);
      eventually(() -> assertThat(node.log().of(PeerDiscovered.class)).hasSize(2));
      List<DiscoveredPeer> found = node.node().discoveredPeers();
      assertThat(found.get(0).known().orElseThrow().teamName()).isEqualTo("Robert");
      assertThat(found.get(1).known()).isEmpty();
      store.accept("Carol", PeerAddress.parse("192.0.2.8:1"), carol);
      eventually(
          () ->
              assertThat(node.node().discoveredPeers().get(1).known())
                  .map(known -> known.teamName())
                  .contains("Carol"));
      eventually(() -> assertThat(node.log().of(PeerDiscovered.class)).hasSize(3));
    }
  }

  @Test
  void sourceThatFailsDoesNotHurtTheOthers() {
    PeerDiscovery broken =
        new PeerDiscovery() {
          @Override
          public void start(Advertisement self, Sink sink) {
            throw new DiscoveryException("no network");
          }

          @Override
          public void close() {
            throw new AssertionError("it was not started");
          }
        };
    PeerDiscovery error =
        new PeerDiscovery() {
          @Override
          public String name() {
            throw new IllegalStateException("no name");
          }

          @Override
          public void start(Advertisement self, Sink sink) {
            throw new NoClassDefFoundError("org/jgroups/JChannel");
          }

          @Override
          public void close() {}
        };
    ScriptedSource source = new ScriptedSource("a");
    try (TestNode node = start(broken, error, source)) {
      source.awaitStart();
      source.found(candidate("x"), HOUR);
      node.log().awaitFirst(PeerDiscovered.class);
    }
  }

  @Test
  void sourceThatHangsDoesNotKeepTheNodeFromClosing() {
    CountDownLatch end = new CountDownLatch(1);
    PeerDiscovery hanging =
        new PeerDiscovery() {
          @Override
          public void start(Advertisement self, Sink sink) {
            Blocking.until(end, new CountDownLatch(1));
          }

          @Override
          public void close() {
            Blocking.until(end, new CountDownLatch(1));
          }
        };
    TestNode node = start(hanging);
    node.close();
    end.countDown();
  }

  @Test
  void tenThousandNamesOfOneHostLeaveTheNodeUsable() {
    ScriptedSource source = new ScriptedSource("a");
    try (TestNode node = start(source);
        TestNode other = TestNode.start("Two")) {
      source.awaitStart();
      for (int i = 0; i < 10_000; i++) {
        source.found(
            PeerCandidate.builder("id" + i)
                .address(new PeerAddress("192.0.2.7", 1 + i))
                .node(RandomIds.node(i, 5))
                .teamName("Team" + i)
                .build(),
            HOUR);
        if (i % 1000 == 0) {
          assertThat(result(node.send(other, "number " + i))).isEqualTo(Delivery.ACKNOWLEDGED);
          assertThat(node.node().discoveredPeers()).hasSizeLessThanOrEqualTo(64);
        }
      }
      source.found(candidate("other"), HOUR);
      eventually(
          () ->
              assertThat(node.node().discoveredPeers())
                  .anyMatch(peer -> peer.teamName().equals(Optional.of("Bob"))));
      assertThat(node.node().discoveredPeers()).hasSizeLessThanOrEqualTo(65);
      assertThat(node.log().of(PeerDiscovered.class)).hasSizeLessThanOrEqualTo(65);
      assertThat(node.active()).containsExactly(other.address());
    }
  }

  @Test
  void manyNamesLeaveTheListAndTheQueueOfEventsBounded() {
    Gate gate = new Gate();
    EventLog log = new EventLog();
    ScriptedSource source = new ScriptedSource("a");
    NodeSettings small = NodeSettings.builder().inboundBytesPerSource(64 * 1024).build();
    try (TestNode node =
        TestNode.start(
            "One",
            builder ->
                builder
                    .settings(small)
                    .discovery(source)
                    .listener(
                        event -> {
                          gate.onEvent(event);
                          log.onEvent(event);
                        }))) {
      source.awaitStart();
      for (int i = 0; i < 10_000; i++) {
        source.found(
            PeerCandidate.builder("id" + i)
                .address(new PeerAddress("192.0.2." + i % 250, 1 + i))
                .node(RandomIds.node(i, 5))
                .teamName("Team" + i)
                .build(),
            HOUR);
        if (i % 1000 == 0) {
          until("some were taken", () -> !node.node().discoveredPeers().isEmpty());
        }
      }
      assertThat(node.node().discoveredPeers()).hasSizeLessThanOrEqualTo(4096);
      assertThat(node.node().metrics().inboundBytes()).isLessThan(128 * 1024);
      IntStream.range(0, 10_000).forEach(i -> source.lost("id" + i));
      gate.open();
      eventually(
          () ->
              assertThat(log.of(PeerVanished.class).stream().map(PeerEvent::peer).toList())
                  .hasSameSizeAs(log.of(PeerDiscovered.class)));
      eventually(() -> assertThat(node.node().discoveredPeers()).isEmpty());
    }
  }
}
