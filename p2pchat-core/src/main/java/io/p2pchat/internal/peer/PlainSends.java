package io.p2pchat.internal.peer;

import io.p2pchat.Delivery;
import io.p2pchat.DeliveryUnknownException;
import io.p2pchat.PeerNodeException;
import io.p2pchat.PeerUnreachableException;
import io.p2pchat.internal.net.plain.PlainDial;
import io.p2pchat.internal.session.SendQueue;
import org.jspecify.annotations.Nullable;

/**
 * The messages of one contact that go at level 0: one at a time, in order (PROTOCOL.md section 2).
 * When an attempt timed out, what had waited for it meanwhile fails with it rather than wait as
 * long again. Used on the event loop.
 */
final class PlainSends {
  private final PeerEndpoint contact;
  private @Nullable PlainSend sending;

  PlainSends(PeerEndpoint contact) {
    this.contact = contact;
  }

  /** Whether a message is on its way. */
  boolean isBusy() {
    return sending != null;
  }

  /** Dials with the next message, if there is one. */
  void sendNext() {
    PlainSend next = take();
    if (next != null) {
      next.dial();
    }
  }

  /** The next message, to go on a connection that is there; null if none waits or one is sent. */
  @Nullable PlainDial next() {
    PlainSend next = isBusy() ? null : take();
    return next == null ? null : next.next();
  }

  /** Fails what is under way, and of which nobody will tell any more how it ended. */
  void close() {
    if (sending != null) {
      String problem = "The node was closed while the message was sent";
      ended(sending, new DeliveryUnknownException(problem, null));
    }
  }

  private @Nullable PlainSend take() {
    SendQueue.DequeuedLine message = contact.outbox.queue.take();
    if (message == null) {
      return null;
    }
    sending =
        new PlainSend(message, contact.address, contact.target, contact.contacts, this::ended);
    return sending;
  }

  private void ended(PlainSend send, @Nullable PeerNodeException failure) {
    if (send != sending) {
      return;
    }
    sending = null;
    contact.outbox.finish(
        send.message.settled(),
        future -> {
          if (failure == null) {
            future.complete(Delivery.WRITTEN);
          } else {
            future.completeExceptionally(failure);
          }
        });
    if (failure instanceof PeerUnreachableException reason
        && PlainSend.isTimeout(reason)
        && !contact.session.exists()) {
      contact.attempts.notReached(reason);
    }
    contact.plainEnded();
  }
}
