package io.p2pchat.internal.node;

import io.p2pchat.Delivery;
import io.p2pchat.MessageWithdrawnException;
import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerNodeException;
import io.p2pchat.PeerUnreachableException;
import io.p2pchat.SendOutcome;
import io.p2pchat.internal.event.ThrottledLogger;
import io.p2pchat.internal.net.Unreachable;
import io.p2pchat.internal.peer.NodeExecutors;
import io.p2pchat.internal.session.SendFuture;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** Collects the outcomes of several sends. */
final class SendOutcomes {
  // Throttled, because a consumer may fail at each of many outcomes.
  private static final ThrottledLogger FAILURES =
      new ThrottledLogger(LoggerFactory.getLogger(SendOutcomes.class));

  private SendOutcomes() {}

  /**
   * Collects all outcomes. Whoever completes the result before, as {@code cancel} does, withdraws
   * the messages that were not written yet.
   *
   * @param ends returns when the outcome of a message is known
   */
  static CompletableFuture<List<SendOutcome>> of(
      List<Peer> peers,
      List<SendFuture> deliveries,
      Function<SendFuture, CompletableFuture<Delivery>> ends) {
    return collect(peers, deliveries, ends, outcome -> outcome);
  }

  /**
   * Collects all outcomes as {@link #of(List, List, Function)}. Passes on each as it comes, one at
   * a time.
   *
   * @param executors runs {@code each} on the completion thread
   */
  static CompletableFuture<List<SendOutcome>> of(
      List<Peer> peers,
      List<SendFuture> deliveries,
      Function<SendFuture, CompletableFuture<Delivery>> ends,
      Consumer<? super SendOutcome> each,
      NodeExecutors executors) {
    return collect(
        peers,
        deliveries,
        ends,
        outcome -> outcome.thenApplyAsync(known -> tell(each, known), executors::complete));
  }

  private static CompletableFuture<List<SendOutcome>> collect(
      List<Peer> peers,
      List<SendFuture> deliveries,
      Function<SendFuture, CompletableFuture<Delivery>> ends,
      UnaryOperator<CompletableFuture<SendOutcome>> then) {
    List<CompletableFuture<SendOutcome>> sends =
        IntStream.range(0, peers.size())
            .mapToObj(i -> then.apply(outcome(peers.get(i), ends.apply(deliveries.get(i)))))
            .toList();
    CompletableFuture<List<SendOutcome>> all =
        CompletableFuture.allOf(sends.toArray(CompletableFuture[]::new))
            .thenApply(done -> sends.stream().map(CompletableFuture::join).toList());
    all.whenComplete(
        (outcomes, failure) -> {
          for (int i = 0; failure != null && i < peers.size(); i++) {
            withdraw(peers.get(i).address(), deliveries.get(i));
          }
        });
    return all;
  }

  /**
   * Completes when all messages were delivered, or fails with the first of them that failed.
   * Whoever completes the result before withdraws the messages that were not written yet.
   */
  static CompletableFuture<Delivery> all(List<SendFuture> deliveries) {
    if (deliveries.size() == 1) {
      return deliveries.get(0);
    }
    CompletableFuture<Delivery> all =
        CompletableFuture.allOf(deliveries.toArray(CompletableFuture[]::new))
            .thenApply(done -> deliveries.get(0).join());
    all.whenComplete((done, failure) -> deliveries.forEach(one -> one.cancel(false)));
    return all;
  }

  private static void withdraw(PeerAddress peer, SendFuture delivery) {
    if (!delivery.isDone() && delivery.abandon()) {
      delivery.completeExceptionally(
          new MessageWithdrawnException(
              "The message to " + peer + " was withdrawn with its broadcast", peer));
    }
  }

  private static SendOutcome tell(Consumer<? super SendOutcome> each, SendOutcome outcome) {
    try {
      each.accept(outcome);
    } catch (RuntimeException | Error e) {
      FAILURES.error("The consumer of the outcomes of a broadcast failed", e);
    }
    return outcome;
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
