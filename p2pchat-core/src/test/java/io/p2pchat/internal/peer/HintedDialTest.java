package io.p2pchat.internal.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.Delivery;
import io.p2pchat.Fingerprint;
import io.p2pchat.KnownPeer;
import io.p2pchat.NodeSettings;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerUnreachableException;
import io.p2pchat.internal.discovery.Hints;
import io.p2pchat.internal.net.Unreachable;
import io.p2pchat.internal.net.handshake.SessionDial;
import io.p2pchat.internal.protocol.EncodedText;
import io.p2pchat.internal.protocol.RandomIds;
import io.p2pchat.testing.Eventually;
import io.p2pchat.testing.Fingerprints;
import java.net.ConnectException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Where a message for a known key is looked for, while discovery finds more, in virtual time. */
class HintedDialTest {
  private static final Fingerprint KEY = Fingerprints.random(new Random(1));
  private static final PeerAddress A = PeerAddress.parse("10.0.0.1:1");
  private static final PeerAddress B = PeerAddress.parse("10.0.0.2:1");
  private static final PeerAddress C = PeerAddress.parse("10.0.0.3:1");
  private static final PeerAddress LINK_LOCAL = PeerAddress.parse("[fe80::1]:1");
  private static final KnownPeer BOB = KnownPeer.of("Bob", A, KEY, Instant.EPOCH);
  private static final long TEN_MINUTES = TimeUnit.MINUTES.toMillis(10);

  /** A node that knows Bob's key, and when it has dialed where. */
  private static final class Node {
    final DialBench bench =
        new DialBench(NodeSettings.DEFAULTS, (team, address, fingerprint) -> true);
    final Map<PeerAddress, List<Long>> dials = new HashMap<>();
    final List<Long> times = new ArrayList<>();
    private final List<SessionDial> underWay = new ArrayList<>();

    CompletableFuture<Delivery> send() {
      CompletableFuture<Delivery> sent = bench.router.send(KEY, EncodedText.of("hi"));
      pass(0);
      return sent;
    }

    void found(int number, PeerAddress... addresses) {
      Hints.found(bench.discovered, BOB, RandomIds.node(number, 7), addresses);
      bench.table.hinted(Set.of(KEY));
    }

    /** Nobody listens at what was dialed. */
    void refuseAll() {
      for (SessionDial dial : List.copyOf(underWay)) {
        refuse(dial);
      }
    }

    void refuse(SessionDial dial) {
      underWay.remove(dial);
      dial.outcome()
          .failed(Unreachable.of(dial.peer(), "refused", new ConnectException("refused")));
      bench.loop.runTasks();
    }

    /** Lets time pass, and returns the dials that were begun. */
    List<SessionDial> pass(long millis) {
      bench.loop.pass(millis);
      bench.loop.runTasks();
      List<SessionDial> begun = List.copyOf(bench.dials);
      bench.dials.clear();
      long now = TimeUnit.NANOSECONDS.toMillis(bench.loop.now());
      underWay.addAll(begun);
      for (SessionDial dial : begun) {
        dials.computeIfAbsent(dial.peer(), any -> new ArrayList<>()).add(now);
        times.add(now);
      }
      return begun;
    }
  }

  private static void assertDialed(List<SessionDial> dials, PeerAddress... addresses) {
    assertThat(dials).extracting(SessionDial::peer).containsExactly(addresses);
  }

  @Test
  void whatIsFoundWhileAMessageWaitsIsDialedAtOnceFourASecond() {
    Node node = new Node();
    node.found(1, A);
    CompletableFuture<Delivery> sent = node.send();
    assertThat(node.dials).containsOnlyKeys(A);
    node.pass(100);
    node.found(2, B);
    assertDialed(node.pass(149));
    List<SessionDial> second = node.pass(1);
    assertDialed(second, B);
    node.pass(5_000);
    node.found(3, C);
    List<SessionDial> third = node.pass(0);
    assertDialed(third, C);
    assertThat(third.get(0).outcome().isOver()).isFalse();
    node.refuse(second.get(0));
    node.refuse(third.get(0));
    assertThat(sent).isNotDone();
  }

  @Test
  void linkLocalAddressIsDialedOnlyAfterTwoSecondsWithoutAnAnswer() {
    Node node = new Node();
    node.found(1, LINK_LOCAL, A);
    node.send();
    node.found(2, B);
    assertDialed(node.pass(250), B);
    assertDialed(node.pass(1_999));
    assertDialed(node.pass(1), LINK_LOCAL);
    assertThat(node.dials).containsOnlyKeys(A, B, LINK_LOCAL);
  }

  @Test
  void linkLocalAddressIsDialedWhenTheOthersHaveFailed() {
    Node node = new Node();
    node.found(1, LINK_LOCAL, A);
    node.send();
    node.refuseAll();
    assertDialed(node.pass(249));
    assertDialed(node.pass(1), LINK_LOCAL);
  }

  @Test
  void messageFailsOnlyWhenAllThatWasFoundMeanwhileHasFailed() {
    Node node = new Node();
    node.found(1, A);
    CompletableFuture<Delivery> sent = node.send();
    node.found(2, B);
    node.pass(250).forEach(node::refuse);
    assertThat(node.dials).containsOnlyKeys(A, B);
    assertThat(sent).isNotDone();
  }

  @Test
  void withoutAMessageThatWaitsNobodyIsDialed() {
    Node node = new Node();
    node.found(1, A, B);
    node.pass(60_000);
    assertThat(node.dials).isEmpty();
  }

  @Test
  void floodOfHintsForOneWaitingPeerIsDialedEightTimesFourASecond() {
    Node node = new Node();
    node.found(0, A);
    CompletableFuture<Delivery> sent = node.send();
    for (int i = 0; i < 4_000; i++) {
      node.found(1 + i, new PeerAddress("10.1." + i / 250 + "." + (1 + i % 250), 1));
      node.pass(5).forEach(node::refuse);
    }
    // A does not answer, so the attempt has not ended.
    assertThat(node.times).hasSize(Redialer.MOST_HINTS);
    assertThat(node.dials.values()).allMatch(times -> times.size() == 1);
    for (int i = 1; i < node.times.size(); i++) {
      assertThat(node.times.get(i) - node.times.get(i - 1)).isGreaterThanOrEqualTo(245);
    }
    assertThat(sent).isNotDone();
  }

  @Test
  void victimOfForgedHintsSeesOneDialInTenMinutesOfEachOf50Nodes() {
    for (int i = 0; i < 50; i++) {
      Node node = new Node();
      for (int round = 0; round < 100; round++) {
        node.found(round % 64, portsOfTheVictim(8 * round));
        CompletableFuture<Delivery> sent = node.send();
        node.pass(20_000);
        node.refuseAll();
        assertThat(Eventually.failure(sent)).isInstanceOf(PeerUnreachableException.class);
      }
      assertThat(node.times).hasSize(4);
      for (int dial = 1; dial < node.times.size(); dial++) {
        assertThat(node.times.get(dial) - node.times.get(dial - 1))
            .isGreaterThanOrEqualTo(TEN_MINUTES);
      }
    }
  }

  private static PeerAddress[] portsOfTheVictim(int first) {
    PeerAddress[] ports = new PeerAddress[8];
    for (int i = 0; i < ports.length; i++) {
      ports[i] = new PeerAddress("10.9.9.9", 1 + first + i);
    }
    return ports;
  }
}
