package io.p2pchat.internal.peer;

import io.p2pchat.Delivery;
import io.p2pchat.DeliveryUnknownException;
import io.p2pchat.Fingerprint;
import io.p2pchat.MessageTooLargeException;
import io.p2pchat.NodeSettings;
import io.p2pchat.OutboundQueueFullException;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerNodeException;
import io.p2pchat.PeerUnreachableException.Reason;
import io.p2pchat.ReservedTextException;
import io.p2pchat.StoreException;
import io.p2pchat.internal.keep.MessageKeeper;
import io.p2pchat.internal.net.Unreachable;
import io.p2pchat.internal.net.session.SessionChannelHandler;
import io.p2pchat.internal.protocol.EncodedText;
import io.p2pchat.internal.protocol.NodeInfo;
import io.p2pchat.internal.protocol.ReservedText;
import io.p2pchat.internal.registry.PeerId;
import io.p2pchat.internal.registry.SessionStatus;
import io.p2pchat.internal.session.CompletedSends;
import io.p2pchat.internal.session.KeptSend;
import io.p2pchat.internal.session.QueueLimits;
import io.p2pchat.internal.session.SendFuture;
import io.p2pchat.internal.session.SendQueue;
import io.p2pchat.internal.session.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The messages to one peer and their outcomes. Completes their futures, fails those too long for
 * the peer, releases their room, and signals when there is room again. Thread-safe.
 */
final class OutboundFlow {
  private static final long MOST_AHEAD = 64 * 1024;

  final SendQueue queue;
  final SessionStatus status;
  private final PeerContext context;
  private final OutboundBudget.Share share;
  private final OutboundBudget.Kept kept;
  private final Runnable whenEmpty;
  private volatile int limit = Integer.MAX_VALUE;
  private volatile boolean exact = true;
  private @Nullable CompletableFuture<Void> writable;
  private boolean left;

  /** How much room is taken at once for later messages. Taking it for each would be slow. */
  private final long ahead;

  /** The room that is taken and that no message needs yet. Guarded by {@link #queue}. */
  private long unused;

  /**
   * Creates an empty flow.
   *
   * @param peer the peer, as far as it is known
   * @param share what the peer's host may hold; left when the flow is dropped
   * @param kept what may be kept for all peers that are away
   * @param whenEmpty called each time that no message holds room
   */
  OutboundFlow(
      PeerId peer,
      PeerContext context,
      OutboundBudget.Share share,
      OutboundBudget.Kept kept,
      Runnable whenEmpty) {
    this.queue = new SendQueue(limits(context.settings()), share.spares(), this::withdrawn);
    this.status = new SessionStatus(peer, queue);
    this.context = context;
    this.share = share;
    this.kept = kept;
    this.ahead = Math.min(MOST_AHEAD, context.settings().outboundBytesInAll() / 1024);
    this.whenEmpty = whenEmpty;
  }

  private PeerAddress address() {
    return status.id().address();
  }

  /** Returns the queue limits for one peer. */
  static QueueLimits limits(NodeSettings settings) {
    return new QueueLimits(settings.outboundLinesPerPeer(), settings.outboundBytesPerPeer());
  }

  /**
   * Sets what the peer takes.
   *
   * @param bytes the longest line
   * @param takesExact whether it takes exact texts
   * @param lacksStore whether it has a store, and learned nothing of the one of this node
   */
  void setPeer(int bytes, boolean takesExact, boolean lacksStore) {
    limit = bytes;
    exact = takesExact;
    queue.setPeer(bytes, takesExact, lacksStore);
  }

  /**
   * A session is open. Fails the messages that are for another peer: they came for the one before.
   *
   * @param key the key of the peer, or null without encryption
   */
  void opened(@Nullable Fingerprint key, String team) {
    for (SendQueue.RemovedLine line : queue.opened(key, team)) {
      context.executors().fail(line.future(), elsewhere());
    }
  }

  /** Creates the failure of a message for another peer than the one that is there now. */
  PeerNodeException elsewhere() {
    return Unreachable.of(address(), Reason.CLOSED, "another peer answers at its address");
  }

  /** Queues a message, if there is room for it among those to this peer and among all. */
  SendQueue.Offer offer(byte[] header, EncodedText text, SendFuture future) {
    long cost = OutboundBudget.cost(1, header.length + text.bytes().length + 1);
    // With a local variable the JVM knows that its offer locks the same monitor, and skips that.
    SendQueue lines = queue;
    synchronized (lines) {
      if (isKept(future) && !status.isOpen()) {
        return offerAway(header, text, (KeptSend) future, cost);
      }
      if (cost > unused && future instanceof KeptSend kept && kept.isNumbered()) {
        share.force(cost);
        unused += cost;
      } else if (cost > unused && !takeRoom(cost)) {
        return lines.isClosed() ? SendQueue.Offer.CLOSED : SendQueue.Offer.FULL_IN_ALL;
      }
      // Before the offer: a message that was withdrawn already gives its room back there.
      unused -= cost;
      SendQueue.Offer offer = lines.offer(header, text, future);
      if (offer != SendQueue.Offer.TAKEN) {
        unused += cost;
        giveBackUnused();
      }
      return offer;
    }
  }

  /** Queues a message for an offline peer. It counts to a limit of its own. */
  private SendQueue.Offer offerAway(byte[] header, EncodedText text, KeptSend future, long cost) {
    if (!kept.take(cost, future.isNumbered())) {
      return queue.isClosed() ? SendQueue.Offer.CLOSED : SendQueue.Offer.FULL_OF_KEPT;
    }
    // Before the offer, as above.
    future.setAwayRoom(cost);
    SendQueue.Offer offer = queue.offer(header, text, future);
    if (offer != SendQueue.Offer.TAKEN) {
      future.setAwayRoom(0);
      kept.release(cost);
    }
    return offer;
  }

  /**
   * Gives back the room of messages.
   *
   * @param cost all of it
   * @param away what of it is taken among what is kept for peers that are away
   */
  private void free(long cost, long away) {
    if (away > 0) {
      kept.release(away);
    }
    share.release(cost - away);
  }

  /** Returns how many bytes a message uses of the limit for offline peers, and sets that to 0. */
  private static long leaveAway(SendFuture future) {
    if (!(future instanceof KeptSend kept)) {
      return 0;
    }
    long room = kept.awayRoom();
    kept.setAwayRoom(0);
    return room;
  }

  /** Takes more room than needed, if there is much: other threads change what is free too. */
  private boolean takeRoom(long cost) {
    long missing = cost - unused;
    long taken = share.takeAhead(missing + ahead) ? missing + ahead : missing;
    if (taken == missing && !share.take(missing)) {
      giveBackUnused();
      return false;
    }
    unused += taken;
    return true;
  }

  private void giveBackUnused() {
    if (unused > 0) {
      share.release(unused);
      unused = 0;
    }
  }

  /** Fails a message that the peer cannot take. Returns whether it did. */
  boolean failsUnsendable(byte[] header, EncodedText text, CompletableFuture<Delivery> future) {
    int plain = exact ? EncodedText.SAME : text.plainLength(header.length);
    int length = plain == EncodedText.SAME ? header.length + text.bytes().length + 1 : plain;
    if (length != EncodedText.NONE && length <= limit) {
      return false;
    }
    context.executors().fail(future, unsendable(length));
    return true;
  }

  /** Fails the next lines that the peer cannot take. They were queued before that was known. */
  void failUnsendable() {
    // A kept message of an earlier start can have another header, with another team or port.
    boolean possible =
        !exact || limit < context.settings().maxFrameBytes() || context.keeper() != null;
    SendQueue.UnsendableLine line = possible ? queue.takeUnsendable() : null;
    while (line != null) {
      int length = line.length();
      finish(line.settled(), future -> failUnsendable(future, length));
      line = queue.takeUnsendable();
    }
  }

  private void failUnsendable(SendFuture future, int length) {
    PeerNodeException failure = unsendable(length);
    future.completeExceptionally(failure);
  }

  private PeerNodeException unsendable(int length) {
    return length == EncodedText.NONE ? reserved() : tooLarge(length);
  }

  /** Creates the failure of a reserved text that was to be a message to a plain program. */
  PeerNodeException reserved() {
    return new ReservedTextException(
        "The text is a command to "
            + address()
            + ", which does not take exact texts. Send another text, or the command with send",
        address());
  }

  /** Fails a message for which there is no room, as the offer says. */
  void failFull(
      SendQueue.Offer offer, @Nullable ReservedText reserved, CompletableFuture<Delivery> future) {
    String problem =
        switch (offer) {
          case FULL_IN_ALL -> "No room for a message to " + address() + ": " + share;
          case FULL_OF_KEPT -> "No room for a message to " + address() + ": " + kept;
          default -> full(queue, address(), context.settings());
        };
    context.executors().fail(future, new OutboundQueueFullException(problem, address()));
    if (reserved == ReservedText.EXIT) {
      context.executors().onLoop(() -> context.publisher().exitFailed(status));
    }
  }

  /** Returns why there is no room in the queue for one peer. */
  static String full(Object queue, PeerAddress address, NodeSettings settings) {
    return queue
        + " wait for "
        + address
        + " already (outboundLinesPerPeer is "
        + settings.outboundLinesPerPeer()
        + ", outboundBytesPerPeer "
        + settings.outboundBytesPerPeer()
        + ")";
  }

  private MessageTooLargeException tooLarge(long bytes) {
    return new MessageTooLargeException(
        "The line has " + bytes + " bytes with its end; " + address() + " takes " + limit,
        address(),
        bytes,
        limit);
  }

  /** Completes when less than half of the limits is in use. */
  CompletableFuture<Void> whenWritable() {
    synchronized (queue) {
      if (!queue.isBelowHalf()) {
        if (writable == null) {
          writable = new CompletableFuture<>();
        }
        return writable.thenCompose(below -> whenRoom());
      }
    }
    return whenRoom();
  }

  private CompletableFuture<Void> whenRoom() {
    return context.keeper() == null || status.isOpen()
        ? share.whenWritable()
        : share.whenWritable().thenCompose(room -> kept.whenWritable());
  }

  /** Takes the next message out of the queue, for another one. Releases its room. */
  SendQueue.@Nullable DequeuedLine remove() {
    SendQueue.DequeuedLine line = queue.take();
    if (line != null) {
      release(line.settled());
    }
    return line;
  }

  private void release(CompletedSends lines) {
    queue.release(lines);
    synchronized (queue) {
      long[] away = {0};
      if (context.keeper() != null) {
        lines.forEach(future -> away[0] += leaveAway(future));
      }
      free(OutboundBudget.cost(lines.lines(), lines.bytes()), away[0]);
      if (queue.heldLines() == 0) {
        giveBackUnused();
      }
    }
  }

  // ---- on the event loop

  /** The endpoint is dropped. */
  void leave() {
    if (!left) {
      left = true;
      share.leave();
    }
  }

  /** Writes the queued lines, as many as the session's connection takes. */
  void writeTo(SessionChannelHandler channel, Session session) {
    for (SendQueue.Slice next = channel.nextLines(); next != null; next = channel.nextLines()) {
      long to = channel.writtenTo();
      sending(session, to - next.lines(), to);
      channel.writeLines(next);
    }
  }

  /** The lines from one number to before another are about to be written. */
  private void sending(Session session, long from, long to) {
    NodeInfo peer = session.peer();
    String team = peer == null ? null : peer.team();
    PeerEventPublisher publisher = context.publisher();
    long next = from;
    for (SendQueue.ReservedLine line : queue.reservedBelow(to)) {
      if (line.number() > next) {
        publisher.sending(status, null, team);
      }
      next = line.number() + 1;
      if (!publisher.sending(status, line.reserved(), team)) {
        SendFuture future = queue.future(line.number());
        if (future != null) {
          failNotListed(future);
        }
      }
      if (line.reserved() == ReservedText.EXIT) {
        session.leave(context.executors().now(), line.number());
      }
    }
    if (next < to) {
      publisher.sending(status, null, team);
    }
  }

  /** Fails a connect of the application for which the lists have no room. */
  void failNotListed(CompletableFuture<Delivery> future) {
    context.executors().fail(future, context.publisher().notListed(address()));
  }

  /** Completes all messages below this number as acknowledged. */
  void acknowledged(long number) {
    CompletedSends lines = queue.settle(number);
    MessageKeeper keeper = context.keeper();
    if (keeper != null) {
      List<SendFuture> settled = new ArrayList<>(lines.lines());
      lines.forEach(settled::add);
      keeper.delivered(settled);
    }
    finish(lines, future -> future.deliver(Delivery.ACKNOWLEDGED));
  }

  /** The peer's store has these messages, which are not in the queue any more. */
  void delivered(List<SendQueue.RemovedLine> lines) {
    MessageKeeper keeper = context.keeper();
    List<SendFuture> futures = lines.stream().map(SendQueue.RemovedLine::future).toList();
    if (keeper != null) {
      keeper.delivered(futures);
    }
    context
        .executors()
        .complete(() -> futures.forEach(future -> future.deliver(Delivery.ACKNOWLEDGED)));
  }

  /** Removes the kept messages, for another endpoint. Also written ones. Only without a session. */
  List<SendQueue.RemovedLine> takeKept() {
    return queue.takeOut((future, reserved) -> isKept(future));
  }

  /** The node closes. What is kept goes on at its next start, unless its file was damaged. */
  void keepForLater(boolean written) {
    List<SendFuture> kept =
        written
            ? takeKept().stream().map(SendQueue.RemovedLine::future).toList()
            : queue.remove((future, reserved) -> isKept(future)).stream()
                .map(SendQueue.RemovedLine::future)
                .toList();
    // Else it has failed to be stored, which fails its future.
    context
        .executors()
        .complete(
            () ->
                kept.stream()
                    .map(KeptSend.class::cast)
                    .forEach(future -> future.kept().thenRun(() -> isLeft(future))));
  }

  private void isLeft(KeptSend future) {
    MessageKeeper keeper = context.keeper();
    StoreException lost = keeper == null ? null : keeper.lost(future);
    if (lost == null) {
      future.deliver(Delivery.KEPT);
    } else {
      future.completeExceptionally(
          future.mayBeWritten()
              ? new DeliveryUnknownException(
                  "The node was closed before the message was acknowledged, and its store has lost"
                      + " the message",
                  address(),
                  lost)
              : lost);
    }
  }

  private static boolean isKept(SendFuture future) {
    return future instanceof KeptSend kept && kept.isBound();
  }

  /** Returns whether messages are queued or not settled. */
  boolean hasLines() {
    return queue.accepted() != queue.settled();
  }

  /** Fails all messages below this number. An {@code exit} among them takes effect all the same. */
  void fail(long number, Supplier<PeerNodeException> reason) {
    for (SendQueue.ReservedLine line : queue.reservedBelow(number)) {
      if (line.reserved() == ReservedText.EXIT) {
        context.publisher().exitFailed(status);
      }
    }
    if (queue.hasKept()) {
      List<SendQueue.RemovedLine> failed =
          queue.drop(number, (future, reserved) -> !isKept(future));
      context
          .executors()
          .complete(
              () -> failed.forEach(line -> line.future().completeExceptionally(reason.get())));
    } else {
      finish(queue.settle(number), future -> future.completeExceptionally(reason.get()));
    }
  }

  /** Fails all messages below this number, also those that a store keeps. */
  void failKept(long number, Supplier<PeerNodeException> reason) {
    finish(queue.settle(number), future -> future.completeExceptionally(reason.get()));
  }

  /**
   * Fails the messages that were never written and are for whoever is at the address. An {@code
   * exit} among them takes effect all the same.
   */
  void failBare(Supplier<PeerNodeException> reason) {
    failUnwritten(future -> !future.isForPeer(), reason);
  }

  /**
   * Fails the messages that were never written and are for one peer, as {@link #failBare} does.
   * What a store keeps is not among them.
   */
  void failForPeer(Supplier<PeerNodeException> reason) {
    failUnwritten(future -> future.isForPeer() && !isKept(future), reason);
  }

  /**
   * Fails the kept messages that were sent to an address or, if that is null, to the peer itself.
   * Those that may have been written stay.
   */
  void failSentTo(@Nullable PeerAddress address, Supplier<PeerNodeException> reason) {
    failUnwritten(
        future ->
            future instanceof KeptSend kept
                && kept.isBound()
                && Objects.equals(address, kept.sentTo())
                && !kept.mayBeWritten(),
        reason);
  }

  private void failUnwritten(Predicate<SendFuture> which, Supplier<PeerNodeException> reason) {
    for (SendQueue.RemovedLine line : queue.remove((future, reserved) -> which.test(future))) {
      if (line.text().reserved() == ReservedText.EXIT) {
        context.publisher().exitFailed(status);
      }
      context.executors().complete(() -> line.future().completeExceptionally(reason.get()));
    }
  }

  // Room is released only here, which bounds the pending completions too.
  /** Completes the futures of messages that were removed from the queue. */
  void finish(CompletedSends lines, Consumer<SendFuture> how) {
    if (lines.lines() == 0) {
      return;
    }
    context
        .executors()
        .complete(
            () -> {
              release(lines);
              lines.forEach(how);
              becomeWritable();
              if (queue.heldLines() == 0) {
                whenEmpty.run();
              }
            });
  }

  /** A message was withdrawn, and its room is free. Runs on the thread that withdrew it. */
  private void withdrawn(SendFuture future, int bytes) {
    synchronized (queue) {
      free(OutboundBudget.cost(1, bytes), leaveAway(future));
      if (queue.heldLines() == 0) {
        giveBackUnused();
      }
    }
    CompletableFuture<Void> waited = takeWritable();
    if (waited != null) {
      context.executors().complete(() -> waited.complete(null));
    }
    if (queue.heldLines() == 0) {
      whenEmpty.run();
    }
  }

  /** Completes the {@link #whenWritable} futures if there is room. */
  void becomeWritable() {
    CompletableFuture<Void> waited = takeWritable();
    if (waited != null) {
      waited.complete(null);
    }
  }

  private @Nullable CompletableFuture<Void> takeWritable() {
    synchronized (queue) {
      CompletableFuture<Void> waited = queue.isBelowHalf() ? writable : null;
      writable = waited == null ? writable : null;
      return waited;
    }
  }
}
