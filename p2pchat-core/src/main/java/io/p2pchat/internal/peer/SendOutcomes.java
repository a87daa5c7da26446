package io.p2pchat.internal.peer;

import io.p2pchat.Delivery;
import io.p2pchat.Peer;
import io.p2pchat.PeerNodeException;
import io.p2pchat.PeerUnreachableException;
import io.p2pchat.SendOutcome;
import io.p2pchat.internal.net.Unreachable;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Collects the outcomes of several sends. */
public final class SendOutcomes {
  private SendOutcomes() {}

  public static CompletableFuture<List<SendOutcome>> of(
      List<Peer> peers, List<CompletableFuture<Delivery>> deliveries) {
    List<CompletableFuture<SendOutcome>> sends =
        IntStream.range(0, peers.size())
            .mapToObj(i -> outcome(peers.get(i), deliveries.get(i)))
            .toList();
    return CompletableFuture.allOf(sends.toArray(CompletableFuture[]::new))
        .thenApply(all -> sends.stream().map(CompletableFuture::join).toList());
  }

  private static CompletableFuture<SendOutcome> outcome(
      Peer peer, CompletableFuture<Delivery> delivery) {
    return delivery.handle((sent, failure) -> outcome(peer, sent, failure));
  }

  private static SendOutcome outcome(
      Peer peer, @Nullable Delivery delivery, @Nullable Throwable failure) {
    if (delivery != null) {
      return SendOutcome.delivered(peer, delivery);
    }
    if (failure instanceof PeerNodeException known) {
      return SendOutcome.failed(peer, known);
    }
    if (!(failure instanceof IllegalArgumentException)) {
      throw new IllegalStateException(failure);
    }
    // The address of a peer has become this node's own, so the peer is not there any more.
    String reason = "its address is now that of this node itself";
    return SendOutcome.failed(
        peer, Unreachable.of(peer.address(), PeerUnreachableException.Reason.OTHER, reason));
  }
}
