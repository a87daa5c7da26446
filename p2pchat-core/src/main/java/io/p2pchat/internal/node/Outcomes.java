package io.p2pchat.internal.node;

import io.p2pchat.Delivery;
import io.p2pchat.Peer;
import io.p2pchat.PeerNodeException;
import io.p2pchat.SendOutcome;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Sends to several peers and gathers how each send ended. */
final class Outcomes {
  private Outcomes() {}

  static CompletableFuture<List<SendOutcome>> of(
      List<Peer> peers, Function<Peer, CompletableFuture<Delivery>> send) {
    List<CompletableFuture<SendOutcome>> sends =
        peers.stream()
            .map(peer -> send.apply(peer).handle((sent, failure) -> outcome(peer, sent, failure)))
            .toList();
    return CompletableFuture.allOf(sends.toArray(CompletableFuture[]::new))
        .thenApply(all -> sends.stream().map(CompletableFuture::join).toList());
  }

  private static SendOutcome outcome(
      Peer peer, @Nullable Delivery delivery, @Nullable Throwable failure) {
    if (failure != null && !(failure instanceof PeerNodeException)) {
      // The node never enters itself among its peers, so no other failure is possible.
      throw new IllegalStateException(failure);
    }
    return new SendOutcome(
        peer, Optional.ofNullable(delivery), Optional.ofNullable((PeerNodeException) failure));
  }
}
