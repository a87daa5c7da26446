package io.p2pchat.internal.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.p2pchat.Delivery;
import io.p2pchat.DiscoveredPeer;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerUnreachableException;
import io.p2pchat.discovery.PeerCandidate;
import io.p2pchat.internal.net.Unreachable;
import io.p2pchat.internal.net.handshake.SessionDial;
import io.p2pchat.internal.protocol.EncodedText;
import io.p2pchat.internal.protocol.Greeting;
import io.p2pchat.internal.protocol.RandomIds;
import io.p2pchat.testing.Eventually;
import io.p2pchat.testing.Fingerprints;
import java.net.ConnectException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The dials of one discovered peer, in virtual time. */
class DiscoveredRaceTest {
  private static final String NODE = RandomIds.node(1, 1);
  private static final PeerAddress A = PeerAddress.parse("10.0.0.1:1");
  private static final PeerAddress B = PeerAddress.parse("10.0.0.2:1");
  private static final PeerAddress C = PeerAddress.parse("[2001:db8::1]:1");

  private final DialBench bench = new DialBench();

  private CompletableFuture<Delivery> send(DiscoveredPeer.Builder peer) {
    CompletableFuture<Delivery> sent = bench.router.send(peer.build(), EncodedText.of("hi"));
    bench.loop.runTasks();
    return sent;
  }

  private static DiscoveredPeer.Builder peer(PeerAddress... addresses) {
    return DiscoveredPeer.builder(List.of(addresses), Instant.EPOCH).node(NODE);
  }

  private List<SessionDial> dialed(PeerAddress... addresses) {
    List<SessionDial> dials = new ArrayList<>(bench.dials);
    assertThat(dials).extracting(SessionDial::peer).containsExactly(addresses);
    return dials;
  }

  private static void refuse(SessionDial dial) {
    dial.outcome().failed(Unreachable.of(dial.peer(), "refused", new ConnectException("refused")));
  }

  private static Greeting greeting(String node) {
    return new Greeting(1, Greeting.Tls.NO, node);
  }

  @Test
  void addressesAreDialedInParallelFourASecond() {
    CompletableFuture<Delivery> sent = send(peer(A, B, C));
    dialed(A);
    bench.loop.pass(249);
    dialed(A);
    bench.loop.pass(1);
    List<SessionDial> two = dialed(A, B);
    // A failure does not make the next dial earlier.
    refuse(two.get(1));
    dialed(A, B);
    bench.loop.pass(250);
    List<SessionDial> all = dialed(A, B, C);
    refuse(all.get(2));
    assertThat(sent).isNotDone();
    refuse(all.get(0));
    bench.loop.runTasks();
    assertThat(Eventually.failure(sent)).isInstanceOf(PeerUnreachableException.class);
    assertThat(all).allMatch(dial -> dial.outcome().isOver());
    assertThat(bench.table.waiting()).containsExactly(0, 0);
  }

  @Test
  void otherNodeIsSkippedAndSilenceIsNoReasonToWriteInPlain() {
    CompletableFuture<Delivery> sent = send(peer(A, B));
    SessionDial first = dialed(A).get(0);
    assertThatThrownBy(() -> first.outcome().encrypts(greeting(RandomIds.node(2, 2))))
        .isInstanceOf(PeerUnreachableException.class)
        .hasMessageContaining("another node");
    refuse(first);
    bench.loop.pass(250);
    SessionDial second = dialed(A, B).get(1);
    assertThat(second.outcome().encrypts(greeting(NODE))).isFalse();
    assertThatThrownBy(() -> second.outcome().plain(true))
        .isInstanceOf(PeerUnreachableException.class);
    refuse(second);
    bench.loop.runTasks();
    assertThat(Eventually.failure(sent)).isInstanceOf(PeerUnreachableException.class);
    assertThat(bench.plainDials).isEmpty();
  }

  @Test
  void keyOfTheHintIsWantedBeforeAnythingIsShown() {
    var key = Fingerprints.random(new Random(1));
    var other = Fingerprints.random(new Random(2));
    send(peer(A, B).keyHint(PeerCandidate.keyHint(key, NODE)));
    SessionDial dial = dialed(A).get(0);
    assertThat(dial.outcome().wanted(greeting(NODE))).accepts(key).rejects(other);
    assertThatThrownBy(() -> dial.outcome().encrypts(greeting(NODE)))
        .isInstanceOf(PeerUnreachableException.class)
        .hasMessageContaining("does not encrypt");
  }

  @Test
  void messagesToOnePeerShareItsDials() {
    send(peer(A, B));
    send(peer(B, A));
    bench.loop.pass(1000);
    dialed(A, B);
  }
}
