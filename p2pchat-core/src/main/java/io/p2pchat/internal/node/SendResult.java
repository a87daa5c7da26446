package io.p2pchat.internal.node;

import io.netty.channel.ConnectTimeoutException;
import io.p2pchat.Delivery;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * How a message left its outbox: delivered, failed, or, with neither, moved to another outbox.
 *
 * @param delivery what is known of one that was delivered
 * @param failure why one was not
 */
record SendResult(@Nullable Delivery delivery, @Nullable RuntimeException failure) {
  static final SendResult WRITTEN = new SendResult(Delivery.WRITTEN, null);
  static final SendResult MOVED = new SendResult(null, null);

  static SendResult failed(RuntimeException failure) {
    return new SendResult(null, failure);
  }

  /** Whether the peer did not answer at all, so that each further try would take as long again. */
  boolean timedOut() {
    Throwable cause = failure == null ? null : failure.getCause();
    return cause instanceof ConnectTimeoutException || cause instanceof TimeoutException;
  }
}
