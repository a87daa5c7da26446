package io.p2pchat.faults;

import io.p2pchat.Delivery;
import io.p2pchat.DeliveryUnknownException;
import io.p2pchat.OutboundQueueFullException;
import io.p2pchat.PeerUnreachableException;
import org.jspecify.annotations.Nullable;

/** How the future of a send has ended. */
enum Fate {
  /** The peer's listener has returned from the message. */
  ACKNOWLEDGED,
  /** It was written to a program of the plain format, for which a peer was taken. */
  WRITTEN,
  /** It was not taken: the queue was full. */
  REFUSED,
  /** Nothing of it reached the peer. */
  UNREACHABLE,
  /** It may have reached the peer. */
  UNKNOWN,
  /** It failed in a way that no scenario has a place for. */
  FAILED;

  static Fate of(@Nullable Delivery delivery, @Nullable Throwable failure) {
    if (failure == null) {
      return delivery == Delivery.ACKNOWLEDGED ? ACKNOWLEDGED : WRITTEN;
    } else if (failure instanceof OutboundQueueFullException) {
      return REFUSED;
    } else if (failure instanceof PeerUnreachableException) {
      return UNREACHABLE;
    } else {
      return failure instanceof DeliveryUnknownException ? UNKNOWN : FAILED;
    }
  }
}
