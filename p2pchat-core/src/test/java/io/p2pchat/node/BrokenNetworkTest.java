package io.p2pchat.node;

import static io.p2pchat.testing.Eventually.eventually;
import static io.p2pchat.testing.Eventually.result;
import static io.p2pchat.testing.Eventually.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.Delivery;
import io.p2pchat.NodeSettings;
import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerEvent.ConnectionLost;
import io.p2pchat.PeerEvent.ConnectionRestored;
import io.p2pchat.testing.faultproxy.FaultProxy;
import io.p2pchat.testing.peers.TestNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two nodes hold a session over a network that breaks (PROTOCOL.md section 5). */
class BrokenNetworkTest {
  private static final NodeSettings QUICK =
      NodeSettings.builder()
          .redialDelay(Duration.ofMillis(2))
          // There is one for each cut.
          .greetingDelay(Duration.ofMillis(1))
          .silenceTimeout(Duration.ofMillis(300))
          // What waits is written, and encrypted, again after each cut.
          .outboundLinesPerPeer(12_000)
          .build();

  private final TestNode one = TestNode.start("One", QUICK);
  private final TestNode two = TestNode.start("Two", QUICK);
  private FaultProxy proxy;

  @BeforeEach
  void connectThroughTheProxy() throws IOException {
    proxy = FaultProxy.to(two.port());
    assertThat(result(one.node().send(proxy.address(), "first"))).isEqualTo(Delivery.ACKNOWLEDGED);
  }

  @AfterEach
  void close() throws IOException {
    one.close();
    two.close();
    proxy.close();
  }

  @Test
  void aHundredThousandMessagesCrossTwoHundredCutsOnceAndInOrder() {
    long seed = Long.getLong("p2pchat.seed", System.nanoTime());
    int messages = 100_000;
    int cuts = 200;
    proxy.cutRandomly(new Random(seed), 40_000, cuts);
    List<CompletableFuture<Delivery>> sends = new ArrayList<>();
    for (int i = 0; i < messages || proxy.cuts() < cuts; i++) {
      result(one.node().whenWritable(proxy.address()));
      sends.add(one.node().send(proxy.address(), "" + i));
    }
    assertThat(sends)
        .as("seed " + seed)
        .allSatisfy(send -> assertThat(result(send)).isEqualTo(Delivery.ACKNOWLEDGED));
    assertThat(two.log().awaitTexts(sends.size() + 1))
        .as("seed " + seed)
        .isEqualTo(
            IntStream.range(-1, sends.size()).mapToObj(i -> i < 0 ? "first" : "" + i).toList());
    assertThat(one.node().metrics().reconnects()).isGreaterThan(cuts / 2);
  }

  @Test
  void bothWaysGoOnThroughCuts() {
    long seed = Long.getLong("p2pchat.seed", System.nanoTime());
    PeerAddress back = two.node().activePeers().get(0).address();
    proxy.cutRandomly(new Random(seed), 20_000, 30);
    List<CompletableFuture<Delivery>> sends = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      sends.add(one.node().send(proxy.address(), "" + i));
      sends.add(two.node().send(back, "" + i));
    }
    assertThat(sends)
        .as("seed " + seed)
        .allSatisfy(send -> assertThat(result(send)).isEqualTo(Delivery.ACKNOWLEDGED));
    List<String> texts = IntStream.range(0, 10_000).mapToObj(i -> "" + i).toList();
    assertThat(one.log().awaitTexts(10_000)).as("seed " + seed).isEqualTo(texts);
    List<String> withFirst = two.log().awaitTexts(10_001);
    assertThat(withFirst.subList(1, 10_001)).as("seed " + seed).isEqualTo(texts);
  }

  @Test
  void aStalledConnectionLosesNothing() {
    proxy.stall();
    CompletableFuture<Delivery> send = one.node().send(proxy.address(), "stalled");
    one.log().awaitFirst(ConnectionLost.class);
    assertThat(send).isNotDone();
    proxy.resume();
    assertThat(result(send)).isEqualTo(Delivery.ACKNOWLEDGED);
    assertThat(two.log().awaitTexts(2)).containsExactly("first", "stalled");
  }

  @Test
  void aHalfOpenConnectionIsFoundDeadAndReplaced() {
    proxy.dropSilently();
    CompletableFuture<Delivery> send = one.node().send(proxy.address(), "lost at first");
    assertThat(result(send)).isEqualTo(Delivery.ACKNOWLEDGED);
    assertThat(one.log().awaitFirst(ConnectionLost.class).peer().state())
        .isEqualTo(Peer.State.UNREACHABLE);
    one.log().awaitFirst(ConnectionRestored.class);
    assertThat(two.log().awaitTexts(2)).containsExactly("first", "lost at first");
  }

  @Test
  void refusedDialsAreTriedAgain() {
    proxy.refuse(true);
    proxy.cutNow();
    CompletableFuture<Delivery> send = one.node().send(proxy.address(), "refused at first");
    until("some refusals", () -> proxy.refusedDials() > 3);
    assertThat(send).isNotDone();
    proxy.refuse(false);
    assertThat(result(send)).isEqualTo(Delivery.ACKNOWLEDGED);
    assertThat(two.log().awaitTexts(2)).containsExactly("first", "refused at first");
    eventually(
        () -> assertThat(one.node().activePeers().get(0).state()).isEqualTo(Peer.State.REACHABLE));
  }

  @Test
  void dialsThatArriveInAnotherOrderDoNoHarm() {
    proxy.holdDials();
    proxy.cutNow();
    PeerAddress back = two.node().activePeers().get(0).address();
    CompletableFuture<Delivery> there = one.node().send(proxy.address(), "there");
    CompletableFuture<Delivery> andBack = two.node().send(back, "and back");
    until("a held dial", () -> proxy.heldDials() > 0);
    proxy.releaseDials(Comparator.reverseOrder());
    assertThat(result(there)).isEqualTo(Delivery.ACKNOWLEDGED);
    assertThat(result(andBack)).isEqualTo(Delivery.ACKNOWLEDGED);
    assertThat(two.log().awaitTexts(2)).containsExactly("first", "there");
    assertThat(one.log().awaitTexts(1)).containsExactly("and back");
  }
}
