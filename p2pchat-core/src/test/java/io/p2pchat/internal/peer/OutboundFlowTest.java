package io.p2pchat.internal.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.Delivery;
import io.p2pchat.Fingerprint;
import io.p2pchat.NodeSettings;
import io.p2pchat.OutboundQueueFullException;
import io.p2pchat.PeerAddress;
import io.p2pchat.internal.net.plain.PlainDial;
import io.p2pchat.internal.protocol.EncodedText;
import io.p2pchat.internal.registry.PeerId;
import io.p2pchat.internal.security.HostPrefix;
import io.p2pchat.internal.session.KeptSend;
import io.p2pchat.internal.session.SendFuture;
import io.p2pchat.testing.Eventually;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The room for messages, and what is left when they have ended. */
class OutboundFlowTest {
  private static final PeerAddress PEER = new PeerAddress("10.0.0.2", 7000);
  private static final PeerAddress NEIGHBOR = new PeerAddress("10.0.0.2", 7001);
  private static final PeerAddress NAME = new PeerAddress("host.example", 7000);

  private final DialBench bench =
      new DialBench(NodeSettings.builder().outboundBytesInAll(10_000).build());

  /** Sends to a peer that takes nothing, until there is no more room. */
  private List<CompletableFuture<Delivery>> fill(PeerAddress peer) {
    List<CompletableFuture<Delivery>> sends = new ArrayList<>();
    do {
      sends.add(bench.send(peer, "x"));
    } while (!sends.get(sends.size() - 1).isDone());
    return sends;
  }

  private void assertNothingIsHeld() {
    assertThat(bench.table.budget().ofUnknown())
        .hasToString(
            "messages to its host hold 0 bytes, and those to all peers 0"
                + " (outboundBytesInAll is 10000)");
  }

  @Test
  void aMessageWithoutRoomLeavesNoPeer() {
    List<CompletableFuture<Delivery>> sends = fill(PEER);
    assertThat(Eventually.failure(bench.send(NEIGHBOR, "x")))
        .isInstanceOf(OutboundQueueFullException.class);
    bench.loop.runTasks();
    assertThat(bench.table.at(NEIGHBOR)).isNull();
    CompletableFuture<Void> writable = bench.router.whenWritable(NEIGHBOR);
    assertThat(writable).isNotDone();
    sends.forEach(send -> send.cancel(false));
    assertThat(writable).isDone();
    assertThat(bench.send(NEIGHBOR, "x")).isNotDone();
  }

  /** Many hosts with one message each take what is kept for newcomers. */
  @Test
  void aNameIsWritableWhenThereIsRoomAmongAll() throws UnknownHostException {
    bench.addresses = new InetAddress[] {InetAddress.getByName("10.0.0.2")};
    List<CompletableFuture<Delivery>> sends = new ArrayList<>();
    for (int host = 1; bench.router.whenWritable(NAME).isDone(); host++) {
      sends.addAll(fill(new PeerAddress("10.0.1." + host, 1)));
    }
    assertThat(Eventually.failure(bench.send(NAME, "x")))
        .isInstanceOf(OutboundQueueFullException.class);
    CompletableFuture<Void> writable = bench.router.whenWritable(NAME);
    assertThat(writable).isNotDone();
    sends.forEach(send -> send.cancel(false));
    Eventually.until(
        "room",
        () -> {
          bench.loop.runTasks();
          return writable.isDone();
        });
  }

  @Test
  void aMessageWithdrawnDuringTheLookupHoldsNothing() throws UnknownHostException {
    bench.addresses = new InetAddress[] {InetAddress.getByName("10.0.0.2")};
    assertThat(bench.send(NAME, "x").cancel(false)).isTrue();
    Eventually.until(
        "the end of the lookup",
        () -> {
          bench.loop.runTasks();
          return bench.names.isEmpty();
        });
    bench.loop.runTasks();
    assertThat(bench.table.at(PEER)).isNull();
    assertNothingIsHeld();
  }

  /** What was sent since its peer is back, it has taken nothing of that room. */
  @Test
  void whatIsKeptForAPeerThatIsAwayKeepsItsRoomWhenALaterMessageIsWithdrawn() {
    OutboundBudget budget = bench.table.budget();
    Fingerprint key = Fingerprint.parse("ab".repeat(32));
    OutboundFlow flow =
        new OutboundFlow(
            PeerId.at(PEER),
            bench.context,
            budget.of(HostPrefix.of(PEER)),
            budget.kept(),
            () -> {});
    byte[] header = bench.context.identity().header();
    KeptSend away = kept(key);
    flow.offer(header, EncodedText.of("away"), away);
    String room = budget.kept().toString();
    assertThat(room).doesNotContain("hold 0 bytes");
    flow.status.opened(bench.context.identity().info(), key, true);
    KeptSend later = kept(key);
    flow.offer(header, EncodedText.of("later"), later);
    assertThat(later.cancel(false)).isTrue();
    assertThat(budget.kept()).hasToString(room);
    assertThat(away.cancel(false)).isTrue();
    assertThat(budget.kept().toString()).contains("hold 0 bytes");
    assertNothingIsHeld();
  }

  private static KeptSend kept(Fingerprint key) {
    return new KeptSend("id", new KeptSend.Wanted(key, null, null, null), true, 0);
  }

  /** It is completed by the code that withdrew it, a moment later. */
  @Test
  void aWithdrawnMessageIsNotReportedAsWritten() {
    SendFuture message = (SendFuture) bench.send(PEER, "x");
    bench.loop.runTasks();
    PlainDial dial = Objects.requireNonNull(bench.dials.remove().outcome().plain(false));
    assertThat(message.abandon()).isTrue();
    assertThat(dial.beforeWrite().getAsBoolean()).isFalse();
    dial.done().accept(null);
    assertThat(message).isNotDone();
    assertThat(message.cancel(false)).isTrue();
    bench.loop.runTasks();
    assertNothingIsHeld();
  }
}
