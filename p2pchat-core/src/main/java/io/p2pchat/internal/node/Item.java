package io.p2pchat.internal.node;

import io.p2pchat.Delivery;
import io.p2pchat.internal.message.ChatLine;
import java.util.concurrent.CompletableFuture;

/**
 * A message on its way out.
 *
 * @param line the message
 * @param bytes its encoded length
 * @param future told how the send ended
 */
record Item(ChatLine line, int bytes, CompletableFuture<Delivery> future) {
  void complete(SendResult result) {
    if (result.failure() != null) {
      future.completeExceptionally(result.failure());
    } else if (result.delivery() != null) {
      future.complete(result.delivery());
    }
  }
}
