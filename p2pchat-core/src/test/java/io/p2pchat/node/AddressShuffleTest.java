package io.p2pchat.node;

import static io.p2pchat.testing.Eventually.eventually;
import static io.p2pchat.testing.Eventually.result;
import static io.p2pchat.testing.Eventually.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.Delivery;
import io.p2pchat.DeliveryUnknownException;
import io.p2pchat.Fingerprint;
import io.p2pchat.NodeSettings;
import io.p2pchat.Peer;
import io.p2pchat.PeerEvent.MessageReceived;
import io.p2pchat.PeerEvent.PeerRefused;
import io.p2pchat.PeerNodeException;
import io.p2pchat.Security;
import io.p2pchat.SendOutcome;
import io.p2pchat.Trust;
import io.p2pchat.testing.peers.MovingNodes;
import io.p2pchat.testing.peers.TestNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Ten nodes that all use one port swap their addresses in random order while everybody writes to
 * everybody, as after DHCP has given out addresses anew (PROTOCOL.md sections 1, 5 and 7).
 *
 * <p>{@code -Dp2pchat.shuffles=100} runs it at full length, {@code -Dp2pchat.shuffles.seed} in
 * another order.
 */
class AddressShuffleTest {
  private static final int NODES = 10;
  private static final int SHUFFLES = Integer.getInteger("p2pchat.shuffles", 12);
  private static final long SEED = Long.getLong("p2pchat.shuffles.seed", 7001);
  private static final int AT_ONCE = 3;
  private static final NodeSettings SETTINGS =
      NodeSettings.builder().redialDelay(Duration.ofMillis(20)).build();

  @TempDir private Path directory;

  private final MovingNodes network = MovingNodes.open(NODES);
  private final List<TestNode> nodes = new ArrayList<>();
  private final List<Fingerprint> keys = new ArrayList<>();
  private final List<Integer> places = new ArrayList<>();
  private final Random random = new Random(SEED);

  /** Every text by who is to get it, until it is acknowledged. */
  private final Set<String> written = ConcurrentHashMap.newKeySet();

  private final List<CompletableFuture<List<SendOutcome>>> connecting = new ArrayList<>();
  private final Set<String> unsure = ConcurrentHashMap.newKeySet();
  private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
  private final AtomicInteger underWay = new AtomicInteger();
  private int letters;

  @AfterEach
  void stop() {
    network.close();
  }

  @Test
  void nodesThatSwapTheirAddressesAreNeverTakenForEachOther() {
    for (int i = 0; i < NODES; i++) {
      String name = name(i);
      Trust trust = Trust.pinned(directory.resolve(name));
      TestNode node =
          network.start(
              name,
              i,
              builder -> builder.settings(SETTINGS).security(Security.opportunistic().with(trust)));
      nodes.add(node);
      keys.add(node.node().fingerprint().orElseThrow());
      places.add(i);
    }
    everybodyGreetsEveryPlace();
    for (int i = 0; i < SHUFFLES; i++) {
      for (int writer = 0; writer < NODES; writer++) {
        writeToSomebody(writer);
      }
      List<CompletableFuture<List<SendOutcome>>> connects =
          nodes.stream().map(node -> node.node().connectAll()).toList();
      swap(random.nextInt(NODES), random.nextInt(NODES));
      connecting.addAll(connects);
      // Somebody always writes while nodes move: the moves do not wait for the messages.
      awaitLetters(AT_ONCE * NODES);
    }
    awaitLetters(0);
    eventually(() -> assertThat(missing()).isEmpty());
    assertThat(wrong).isEmpty();
    for (TestNode node : nodes) {
      assertThat(node.log().of(PeerRefused.class)).isEmpty();
    }
    nodes.forEach(node -> assertEachTextIsForIt(node));
    // Each of them says what has become of each peer, and does not fail as a whole.
    connecting.forEach(each -> assertThat(result(each)).hasSizeLessThan(NODES));
    nodes.forEach(this::assertListsNameItsPeers);
  }

  private void assertListsNameItsPeers(TestNode node) {
    for (List<Peer> list : List.of(node.node().activePeers(), node.node().connectedPeers())) {
      assertThat(list).hasSizeLessThan(NODES);
      for (Peer peer : list) {
        int other = keys.indexOf(peer.fingerprint().orElseThrow());
        assertThat(peer.teamName()).isEqualTo(name(other));
      }
    }
  }

  /** Two that have both moved find each other only if they are told, as discovery does. */
  private void awaitLetters(int most) {
    until(
        "letters",
        () -> {
          if (underWay.get() > most) {
            everybodyGreetsEveryPlace();
          }
          return underWay.get() <= most;
        });
  }

  private static String name(int node) {
    return "Node" + node;
  }

  private void swap(int one, int other) {
    int place = places.get(one);
    places.set(one, places.get(other));
    places.set(other, place);
    network.move(nodes.get(one), places.get(one));
    network.move(nodes.get(other), places.get(other));
    // A node that finds its address gone does the same.
    greet(one);
    greet(other);
  }

  /** A bare message may fail: the address changes hands. It must never end at somebody else. */
  private void everybodyGreetsEveryPlace() {
    List<CompletableFuture<?>> all = new ArrayList<>();
    for (int from = 0; from < NODES; from++) {
      all.addAll(greet(from));
    }
    until("greetings", () -> all.stream().allMatch(CompletableFuture::isDone));
  }

  private List<CompletableFuture<?>> greet(int from) {
    List<CompletableFuture<?>> all = new ArrayList<>();
    for (int place = 0; place < NODES; place++) {
      if (places.get(from) != place) {
        all.add(
            nodes
                .get(from)
                .node()
                .send(network.place(place), "hello " + place)
                .exceptionally(failure -> Delivery.WRITTEN));
      }
    }
    return all;
  }

  private void writeToSomebody(int from) {
    int to = (from + 1 + random.nextInt(NODES - 1)) % NODES;
    String text = "letter " + letters++ + " from " + from + " to " + to;
    underWay.incrementAndGet();
    written.add(text);
    write(from, to, text);
  }

  /** Writes until the letter is acknowledged. */
  private void write(int from, int to, String text) {
    nodes
        .get(from)
        .node()
        .send(keys.get(to), text)
        .whenComplete(
            (delivery, failure) -> {
              if (failure == null) {
                underWay.decrementAndGet();
              } else {
                failed(text, failure);
                CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS)
                    .execute(() -> write(from, to, text));
              }
            });
  }

  private void failed(String text, Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof DeliveryUnknownException) {
      unsure.add(text);
    } else if (!(cause instanceof PeerNodeException)) {
      wrong.add(text + ": " + failure);
    }
  }

  private Set<String> missing() {
    Set<String> missing = new HashSet<>(written);
    nodes.forEach(node -> missing.removeAll(node.log().texts()));
    return missing;
  }

  private void assertEachTextIsForIt(TestNode node) {
    int own = nodes.indexOf(node);
    for (MessageReceived message : node.log().messages()) {
      assertThat(message.raw()).isFalse();
      if (message.text().startsWith("letter")) {
        assertThat(message.text()).endsWith(" to " + own);
        int from = Integer.parseInt(message.text().replaceAll(".* from (\\d+) to .*", "$1"));
        assertThat(message.peer().fingerprint()).contains(keys.get(from));
        assertThat(message.peer().teamName()).isEqualTo(name(from));
      }
    }
    Map<String, Long> counts =
        node.log().texts().stream()
            .filter(text -> text.startsWith("letter"))
            .collect(Collectors.groupingBy(text -> text, Collectors.counting()));
    counts.forEach(
        (text, count) -> assertThat(count == 1 || unsure.contains(text)).as(text).isTrue());
    assertThat(Collections.frequency(node.log().kinds(), "ProtocolViolation")).isZero();
  }
}
