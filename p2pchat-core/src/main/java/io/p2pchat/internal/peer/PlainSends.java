package io.p2pchat.internal.peer;

import io.p2pchat.Delivery;
import io.p2pchat.DeliveryUnknownException;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerNodeException;
import io.p2pchat.PeerUnreachableException;
import io.p2pchat.TrustException;
import io.p2pchat.internal.net.plain.PlainDial;
import io.p2pchat.internal.net.plain.PlainListener;
import io.p2pchat.internal.protocol.ChatLine;
import io.p2pchat.internal.session.SendFuture;
import io.p2pchat.internal.session.SendQueue;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sends the messages of one endpoint at level 0, one at a time and in order. Each line has a
 * connection of its own. A long text takes several lines, one after the other (PROTOCOL.md section
 * 2, Sending). Used on the event loop.
 */
final class PlainSends {
  private final PeerContext context;
  private final OutboundFlow outbound;
  private final PlainListener receiver;
  private final Consumer<@Nullable PeerNodeException> whenEnded;
  private @Nullable Send sending;

  /**
   * Creates an idle sender.
   *
   * @param receiver receives the peer's messages on the connections
   * @param whenEnded receives the failure of the last line of each message, or null if it succeeded
   */
  PlainSends(
      PeerContext context,
      OutboundFlow outbound,
      PlainListener receiver,
      Consumer<@Nullable PeerNodeException> whenEnded) {
    this.context = context;
    this.outbound = outbound;
    this.receiver = receiver;
    this.whenEnded = whenEnded;
  }

  private PeerAddress peer() {
    return outbound.status.id().address();
  }

  /** Returns whether a message is being sent. */
  boolean isBusy() {
    return sending != null;
  }

  /** Dials for the next message, if there is one. */
  void sendNext() {
    Send next = take();
    if (next != null) {
      next.dial();
    }
  }

  /**
   * Dials for the next message if it is {@code exit}. Returns whether it is. The next message can
   * change at any time, because the application withdraws messages.
   */
  boolean sendExit() {
    SendQueue.DequeuedLine exit = outbound.queue.takeExit();
    if (exit == null) {
      return false;
    }
    begin(exit).dial();
    return true;
  }

  /**
   * Returns the next message, to send on an existing connection. Returns null if none is queued or
   * one is being sent.
   */
  @Nullable PlainDial next() {
    Send next = isBusy() ? null : take();
    return next == null ? null : next.nextLine();
  }

  /** Fails the message in progress. Its outcome stays unknown. */
  void close() {
    if (sending != null) {
      String problem = "The node was closed while the message was sent";
      ended(sending, new DeliveryUnknownException(problem, peer(), null));
    }
  }

  private @Nullable Send take() {
    SendQueue.DequeuedLine message = outbound.queue.take();
    while (message != null && !message.text().hasPlain()) {
      outbound.finish(
          message.settled(), future -> future.completeExceptionally(outbound.reserved()));
      message = outbound.queue.take();
    }
    return message == null ? null : begin(message);
  }

  private Send begin(SendQueue.DequeuedLine message) {
    Send next = new Send(message);
    sending = next;
    message.settled().forEach(future -> future.moveTo(next));
    return next;
  }

  private void ended(Send send, @Nullable PeerNodeException failure) {
    ended(send, failure, failure);
  }

  private void ended(
      Send send, @Nullable PeerNodeException failure, @Nullable PeerNodeException lineFailure) {
    if (send != sending) {
      return;
    }
    sending = null;
    outbound.finish(
        send.message.settled(),
        future -> {
          if (send.isWithdrawn()) {
            return; // Whoever has withdrawn the message completes it.
          }
          if (failure == null) {
            future.complete(Delivery.WRITTEN);
          } else {
            future.completeExceptionally(failure);
          }
        });
    whenEnded.accept(lineFailure);
  }

  /** A message being sent. */
  private final class Send implements SendFuture.Place {
    final SendQueue.DequeuedLine message;
    private int written;

    // Both guarded by the monitor of this object.
    private boolean begun;
    private boolean givenUp;

    Send(SendQueue.DequeuedLine message) {
      this.message = message;
    }

    private List<ChatLine> lines() {
      return message.text().plainLines(message.header());
    }

    @Override
    public synchronized boolean withdraw(SendFuture future) {
      givenUp = true;
      return !begun;
    }

    /** Begins to write, unless the message was withdrawn. Returns whether it did. */
    private synchronized boolean begin() {
      begun |= !givenUp;
      return begun;
    }

    private synchronized boolean isGivenUp() {
      return givenUp;
    }

    private synchronized boolean isWithdrawn() {
      return givenUp && !begun;
    }

    /** Dials for the next line. */
    void dial() {
      if (isGivenUp()) {
        ended(this, written == 0 ? null : partly(null), null);
        return;
      }
      context
          .authenticator()
          .trust()
          .whenFresh(
              () -> {
                TrustException refusal =
                    context.authenticator().trust().changedHands(peer(), null, null);
                if (refusal == null) {
                  context.dialer().dial(nextLine());
                } else {
                  lineEnded(refusal);
                }
              });
    }

    /** Returns the next line, to send on a connection of its own. */
    PlainDial nextLine() {
      ChatLine line = lines().get(written);
      PeerAddress peer = peer();
      return new PlainDial(
          peer, PeerAddresses.target(peer), line::format, receiver, this::writing, this::lineEnded);
    }

    private boolean writing() {
      if (!begin() || (written > 0 && isGivenUp())) {
        return false;
      }
      if (written == 0) {
        context.counters().linesSent.increment();
      }
      if (!context.publisher().sending(outbound.status, message.text().reserved(), null)) {
        message.settled().forEach(outbound::failNotListed);
      }
      return true;
    }

    private void lineEnded(@Nullable PeerNodeException failure) {
      if (failure instanceof PeerUnreachableException || failure instanceof TrustException) {
        context
            .publisher()
            .notReached(outbound.status.id(), isWithdrawn() ? null : message.text().reserved());
      }
      if (failure == null && written + 1 < lines().size()) {
        written++;
        dial();
      } else {
        ended(this, failure == null || written == 0 ? failure : partly(failure), failure);
      }
    }

    private PeerNodeException partly(@Nullable PeerNodeException failure) {
      return new DeliveryUnknownException(
          "Only the first " + written + " lines of the message were written", peer(), failure);
    }
  }
}
