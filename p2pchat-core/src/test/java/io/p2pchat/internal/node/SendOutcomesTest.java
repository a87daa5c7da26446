package io.p2pchat.internal.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2pchat.Delivery;
import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerUnreachableException;
import io.p2pchat.SendOutcome;
import io.p2pchat.internal.net.LocalIdentity;
import io.p2pchat.internal.protocol.EncodedText;
import io.p2pchat.internal.session.QueueLimits;
import io.p2pchat.internal.session.SendFuture;
import io.p2pchat.internal.session.SendQueue;
import io.p2pchat.testing.Eventually;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class SendOutcomesTest {
  private static final PeerAddress OTHER = new PeerAddress("10.0.0.2", 7000);
  private static final PeerAddress OWN = new PeerAddress("10.0.0.3", 7000);

  /** This machine has got the address of a peer that was listed before. */
  @Test
  void addressThatHasBecomeThisNodesOwnFailsForItselfOnly() {
    SendFuture written = new SendFuture();
    written.deliver(Delivery.WRITTEN);
    SendFuture refused = new SendFuture();
    refused.completeExceptionally(LocalIdentity.isSelf(OWN));
    List<Peer> peers = List.of(Peer.builder(OTHER).build(), Peer.builder(OWN).build());
    List<SendOutcome> outcomes =
        Eventually.result(SendOutcomes.of(peers, List.of(written, refused), sent -> sent));
    assertThat(outcomes.get(0)).isInstanceOf(SendOutcome.Delivered.class);
    assertThat(outcomes.get(1))
        .isInstanceOfSatisfying(
            SendOutcome.Failed.class,
            failed ->
                assertThat(failed.failure())
                    .isInstanceOf(PeerUnreachableException.class)
                    .hasMessageContaining("this node itself"));
  }

  /** An exit to two nodes of a peer, in queues that cannot be written yet. */
  @Test
  void whoeverCompletesTheResultOfSeveralWithdrawsEach() {
    List<SendFuture> exits = List.of(new SendFuture(), new SendFuture());
    List<SendQueue> queues = exits.stream().map(SendOutcomesTest::queued).toList();
    assertThat(SendOutcomes.all(exits).cancel(false)).isTrue();
    assertThat(exits).allMatch(SendFuture::isCancelled);
    assertThat(queues).allMatch(queue -> queue.heldLines() == 0);
  }

  @Test
  void resultOfSeveralWaitsForAll() {
    List<SendFuture> exits = List.of(new SendFuture(), new SendFuture());
    CompletableFuture<Delivery> all = SendOutcomes.all(exits);
    exits.get(1).completeExceptionally(new IllegalStateException("the second"));
    assertThat(all).isNotDone();
    exits.get(0).deliver(Delivery.ACKNOWLEDGED);
    assertThat(Eventually.failure(all)).hasMessage("the second");
  }

  private static SendQueue queued(SendFuture future) {
    SendQueue queue = new SendQueue(new QueueLimits(9, 9999), (any, bytes) -> {});
    assertThat(queue.offer(new byte[0], EncodedText.of("exit"), future))
        .isEqualTo(SendQueue.Offer.TAKEN);
    return queue;
  }
}
