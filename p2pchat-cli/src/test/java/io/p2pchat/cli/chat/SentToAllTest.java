package io.p2pchat.cli.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.p2pchat.Delivery;
import io.p2pchat.MessageTooLargeException;
import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerUnreachableException;
import io.p2pchat.PeerUnreachableException.Reason;
import io.p2pchat.SendOutcome;
import io.p2pchat.cli.output.TrustNotices;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SentToAllTest {
  private static final long LATER = TimeUnit.HOURS.toNanos(1);

  private final List<String> shown = new CopyOnWriteArrayList<>();
  private final OutputQueue output = new OutputQueue(shown::addAll);
  private final Map<Peer, Boolean> away = new HashMap<>();
  private final List<Peer> peers =
      IntStream.rangeClosed(1, 35)
          .mapToObj(
              i ->
                  Peer.builder(new PeerAddress("10.0.0." + i, 7001))
                      .teamName("Team%02d".formatted(i))
                      .build())
          .toList();

  @AfterEach
  void close() {
    output.close();
  }

  private SentToAll message() {
    return message(peers);
  }

  private SentToAll message(List<Peer> to) {
    return new SentToAll(
        new ChatFormat(false, true, new PeerNames(List::of)),
        output,
        new TrustNotices(Optional.empty())::failure,
        "hello",
        to,
        Peer::teamName,
        () -> Map.copyOf(away));
  }

  private void deliver(SentToAll message, Delivery how, int from, int to) {
    peers.subList(from - 1, to).forEach(peer -> message.take(SendOutcome.delivered(peer, how)));
  }

  private void fail(SentToAll message, int number) {
    Peer peer = peers.get(number - 1);
    message.take(
        SendOutcome.failed(
            peer, new PeerUnreachableException("gone", peer.address(), Reason.TIMED_OUT, null)));
  }

  private static List<String> lines(SentToAll message, long later) {
    return Objects.requireNonNull(message.lines(System.nanoTime() + later));
  }

  @Test
  void thoseThatAreAwayDelayNothing() {
    SentToAll message = message();
    peers.subList(32, 35).forEach(peer -> away.put(peer, false));
    deliver(message, Delivery.ACKNOWLEDGED, 1, 30);
    deliver(message, Delivery.WRITTEN, 31, 31);
    assertThat(message.lines(System.nanoTime() - LATER)).isNull();
    deliver(message, Delivery.WRITTEN, 32, 32);
    List<String> lines = lines(message, -LATER);
    assertThat(lines.get(0)).endsWith(" ✓  you → 32 of 35 connected peers: hello");
    assertThat(lines.subList(1, lines.size()))
        .containsExactly(
            "         ✓✓ 30, ✓ 2, ✗ Team33, Team34 and Team35 (unreachable)",
            "         Peers that return within two minutes still get it.");
    deliver(message, Delivery.ACKNOWLEDGED, 33, 33);
    fail(message, 34);
    fail(message, 35);
    message.end(null);
    await().untilAsserted(() -> assertThat(shown).hasSize(2));
    assertThat(shown.get(0)).containsPattern(" ✓✓ delivered to Team33: hello \\(from\u00a0\\d\\d:");
    assertThat(shown.get(1))
        .containsPattern(
            " ✗  NOT SENT to Team34 and Team35 \\(unreachable\\): hello \\(from\u00a0");
  }

  @Test
  void oneLineIsEnoughIfAllHaveIt() {
    SentToAll message = message();
    deliver(message, Delivery.ACKNOWLEDGED, 1, 35);
    message.end(null);
    assertThat(lines(message, -LATER))
        .singleElement()
        .asString()
        .endsWith(" ✓✓ you → all 35 connected peers: hello");
  }

  @Test
  void oneOrTwoPeersAreNoCrowd() {
    SentToAll toOne = message(peers.subList(0, 1));
    deliver(toOne, Delivery.ACKNOWLEDGED, 1, 1);
    assertThat(lines(toOne, -LATER)).singleElement().asString().endsWith(" → Team01: hello");
    SentToAll toTwo = message(peers.subList(0, 2));
    deliver(toTwo, Delivery.ACKNOWLEDGED, 1, 2);
    assertThat(lines(toTwo, -LATER))
        .singleElement()
        .asString()
        .endsWith(" → both connected peers: hello");
  }

  @Test
  void whoComesOrGoesWhileItBeginsIsCountedAsItWasSent() {
    SentToAll message = message();
    Peer newcomer = Peer.builder(new PeerAddress("10.0.0.99", 7001)).teamName("New").build();
    message.take(SendOutcome.delivered(newcomer, Delivery.ACKNOWLEDGED));
    deliver(message, Delivery.ACKNOWLEDGED, 1, 35);
    assertThat(lines(message, -LATER))
        .singleElement()
        .asString()
        .endsWith(" ✓✓ you → all 36 connected peers: hello");
    SentToAll withoutLast = message();
    deliver(withoutLast, Delivery.ACKNOWLEDGED, 1, 34);
    withoutLast.end(null);
    assertThat(lines(withoutLast, -LATER))
        .singleElement()
        .asString()
        .endsWith(" ✓✓ you → all 34 connected peers: hello");
  }

  @Test
  void aPeerThatIsSlowDelaysTheOthersForSecondsAtMost() {
    SentToAll message = message();
    deliver(message, Delivery.ACKNOWLEDGED, 1, 34);
    assertThat(lines(message, LATER))
        .singleElement()
        .asString()
        .endsWith(" …  you → all 35 connected peers: hello (not yet delivered)");
    await().untilAsserted(() -> assertThat(shown).hasSize(1));
    assertThat(shown.get(0))
        .containsPattern(" ✓✓ 34, … Team35: hello \\(from\u00a0\\d\\d:\\d\\d\\)$");
  }

  @Test
  void whoIsFoundToBeUnreachableLaterIsNamedOnce() {
    SentToAll message = message();
    deliver(message, Delivery.ACKNOWLEDGED, 1, 34);
    lines(message, LATER);
    await().untilAsserted(() -> assertThat(shown).hasSize(1));
    message.recheck();
    away.put(peers.get(34), false);
    message.recheck();
    message.recheck();
    output.add(List.of("end"));
    await().untilAsserted(() -> assertThat(shown).endsWith("end"));
    assertThat(shown).hasSize(4);
    assertThat(shown.get(1)).containsPattern(" ✗ Team35 \\(unreachable\\): hello \\(from\u00a0");
    assertThat(shown.get(2)).endsWith("Peers that return within two minutes still get it.");
  }

  @Test
  void whatIsKeptForTheOnlyPeerIsOneLineAndThenItsDelivery() {
    away.put(peers.get(0), true);
    SentToAll message = message(peers.subList(0, 1));
    assertThat(lines(message, -LATER))
        .singleElement()
        .asString()
        .endsWith(" …  you → Team01: hello (kept until Team01 is back)");
    away.clear();
    deliver(message, Delivery.ACKNOWLEDGED, 1, 1);
    message.end(null);
    await().untilAsserted(() -> assertThat(shown).hasSize(1));
    assertThat(shown.get(0)).containsPattern(" ✓✓ delivered to Team01: hello \\(from\u00a0\\d\\d:");
  }

  @Test
  void thoseForWhomItIsKeptAreNamedOnce() {
    SentToAll message = message();
    away.put(peers.get(33), true);
    away.put(peers.get(34), true);
    deliver(message, Delivery.ACKNOWLEDGED, 1, 33);
    assertThat(lines(message, -LATER))
        .hasSize(2)
        .element(1)
        .isEqualTo("         ✓✓ 33, … Team34 and Team35 (kept until they are back)");
    deliver(message, Delivery.KEPT, 34, 35); // The chat ends.
    message.end(null);
    output.add(List.of("end"));
    await().untilAsserted(() -> assertThat(shown).containsExactly("end"));
  }

  @Test
  void whatTurnsOutToBeKeptLaterSaysSo() {
    SentToAll message = message(peers.subList(0, 2));
    deliver(message, Delivery.ACKNOWLEDGED, 1, 1);
    lines(message, LATER);
    await().untilAsserted(() -> assertThat(shown).hasSize(1));
    away.put(peers.get(1), true);
    message.recheck();
    await().untilAsserted(() -> assertThat(shown).hasSize(2));
    assertThat(shown.get(1))
        .containsPattern(" … Team02 \\(kept until Team02 is back\\): hello \\(from\u00a0");
  }

  @Test
  void manyNamesAreCounted() {
    SentToAll message = message();
    IntStream.rangeClosed(1, 35).forEach(number -> fail(message, number));
    message.end(null);
    List<String> lines = lines(message, -LATER);
    assertThat(lines).hasSize(2);
    assertThat(lines.get(0)).endsWith(" ✗  you → all 35 connected peers: hello");
    assertThat(lines.get(1)).endsWith("Team06, Team07 and 28 others (unreachable)");
  }

  @Test
  void whatIsNotSentAtAllSaysWhy() {
    SentToAll message = message();
    message.end(new MessageTooLargeException("too long: 70000 bytes", null, 70_000, 65_536));
    List<String> lines = lines(message, -LATER);
    assertThat(lines.get(0)).endsWith(" ✗  you → all 35 connected peers: hello");
    assertThat(lines.get(1)).contains("Message not sent: Too long: 70000 bytes.");
  }
}
