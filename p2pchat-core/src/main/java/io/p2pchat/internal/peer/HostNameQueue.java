package io.p2pchat.internal.peer;

import io.p2pchat.Delivery;
import io.p2pchat.NodeClosedException;
import io.p2pchat.NodeSettings;
import io.p2pchat.OutboundQueueFullException;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerUnreachableException;
import io.p2pchat.PeerUnreachableException.Reason;
import io.p2pchat.internal.net.HostResolver;
import io.p2pchat.internal.net.Unreachable;
import io.p2pchat.internal.protocol.EncodedText;
import io.p2pchat.internal.session.QueueLimits;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Queues messages to host names until the lookup ends, then passes them to the endpoint of the IP
 * address. So all messages to a peer have one order, by name or by address.
 *
 * <p>Thread-safe.
 */
public final class HostNameQueue {
  private final HostResolver resolver;
  private final PeerContext context;
  private final Runnable whenResolved;
  private final QueueLimits limits;
  private final OutboundBudget budget;
  private final Map<PeerAddress, Waiting> names = new HashMap<>();
  private final Set<Question> questions = new HashSet<>();
  private boolean stopped;

  /** Receives the queued messages of a name. Called on the event loop. */
  interface Destination {
    /** Sends a message whose address is now known. */
    void send(PeerAddress address, EncodedText message, CompletableFuture<Delivery> future);

    /** Completes when the queue for this address has room. */
    CompletableFuture<Void> whenWritable(PeerAddress address);
  }

  private record Item(PeerAddress name, EncodedText message, CompletableFuture<Delivery> future) {}

  /** The address of a name, and whether this node itself listens there. */
  private record Found(InetAddress ip, boolean isSelf) {}

  /** A pending {@link #whenWritable} call. */
  private record Question(PeerAddress name, CompletableFuture<Void> answer) {}

  /** The queue for one name, with the limits for one peer (PROTOCOL.md section 6). */
  private static final class Waiting {
    final List<Item> items = new ArrayList<>();
    private final QueueLimits limits;
    private final OutboundBudget.Share share;
    private long bytes;

    Waiting(QueueLimits limits, OutboundBudget.Share share) {
      this.limits = limits;
      this.share = share;
    }

    /** Adds a message. Fails it if there is no room. An empty queue always has room for one. */
    void add(Item item, NodeSettings settings) {
      int length = item.message.bytes().length;
      String problem = null;
      if (!limits.hasRoom(items.size(), bytes, length)) {
        problem = OutboundFlow.full(this, item.name, settings);
      } else if (!share.take(1, length)) {
        problem = "No room for a message to " + item.name + ": " + share;
      }
      if (problem == null) {
        items.add(item);
        bytes += length;
      } else {
        item.future.completeExceptionally(new OutboundQueueFullException(problem, item.name));
      }
    }

    /** Releases the room of all messages. They leave this queue. */
    void release() {
      share.release(items.size(), bytes);
    }

    /** Returns the queued messages and bytes, for exception messages. */
    @Override
    public String toString() {
      return items.size() + " messages with " + bytes + " bytes";
    }
  }

  /**
   * Creates an empty queue.
   *
   * @param budget the limit on the messages to all peers
   * @param whenResolved called on the event loop when no message is queued here any more
   */
  public HostNameQueue(
      HostResolver resolver, PeerContext context, OutboundBudget budget, Runnable whenResolved) {
    this.resolver = resolver;
    this.context = context;
    this.budget = budget;
    this.whenResolved = whenResolved;
    this.limits = OutboundFlow.limits(context.settings());
  }

  /** Looks up the name and sends the message, behind those queued for the same name. */
  void send(
      PeerAddress name,
      EncodedText message,
      CompletableFuture<Delivery> future,
      Destination destination) {
    boolean first;
    synchronized (names) {
      if (stopped) {
        future.completeExceptionally(closed(name));
        return;
      }
      first = !names.containsKey(name);
      names
          .computeIfAbsent(name, any -> new Waiting(limits, budget.ofUnknown()))
          .add(new Item(name, message, future), context.settings());
    }
    if (first) {
      resolve(name, destination);
    }
  }

  private void resolve(PeerAddress name, Destination destination) {
    context
        .executors()
        .onLoop(
            () ->
                resolver.resolve(
                    name,
                    ip -> new Found(ip, context.identity().isTarget(ip, name.port())),
                    (found, failure) -> resolved(name, found, failure, destination)));
  }

  private void resolved(
      PeerAddress name,
      @Nullable Found found,
      @Nullable PeerUnreachableException failure,
      Destination destination) {
    synchronized (names) {
      Waiting waiting = names.remove(name);
      if (waiting != null) {
        waiting.release();
      }
      if (waiting != null && found != null) {
        PeerAddress address = PeerAddress.of(new InetSocketAddress(found.ip, name.port()));
        waiting.items.forEach(item -> send(address, found.isSelf, item, destination));
      } else if (waiting != null) {
        context
            .executors()
            .complete(
                () ->
                    waiting.items.forEach(
                        item -> item.future.completeExceptionally(again(name, failure))));
      }
    }
    whenResolved.run();
  }

  private void send(PeerAddress address, boolean isSelf, Item item, Destination destination) {
    if (isSelf) {
      context.executors().fail(item.future, LocalIdentity.isSelf(address));
    } else {
      destination.send(address, item.message, item.future);
    }
  }

  private static PeerUnreachableException again(
      PeerAddress name, @Nullable PeerUnreachableException failure) {
    return failure == null
        ? new PeerUnreachableException(
            "The host name was not found", name, Reason.UNKNOWN_HOST, null)
        : Unreachable.again(failure);
  }

  /** Completes when less than half of the limits for the name's IP address is in use. */
  CompletableFuture<Void> whenWritable(PeerAddress name, Destination destination) {
    Question question = new Question(name, new CompletableFuture<>());
    synchronized (names) {
      if (stopped) {
        return CompletableFuture.failedFuture(closed(name));
      }
      questions.add(question);
    }
    context
        .executors()
        .onLoop(
            () ->
                resolver.resolve(
                    name,
                    ip -> ip,
                    (ip, failure) -> {
                      CompletableFuture<Void> found =
                          ip == null
                              ? CompletableFuture.completedFuture(null)
                              : destination.whenWritable(
                                  PeerAddress.of(new InetSocketAddress(ip, name.port())));
                      found.whenComplete((room, closed) -> answer(question));
                    }));
    return question.answer;
  }

  private void answer(Question question) {
    synchronized (names) {
      questions.remove(question);
    }
    context.executors().complete(() -> question.answer.complete(null));
  }

  boolean isEmpty() {
    synchronized (names) {
      return names.isEmpty();
    }
  }

  /** Fails all queued messages, and all later ones. */
  void stop() {
    synchronized (names) {
      stopped = true;
      List<Item> items = names.values().stream().flatMap(w -> w.items.stream()).toList();
      names.values().forEach(Waiting::release);
      names.clear();
      List<Question> unanswered = List.copyOf(questions);
      questions.clear();
      context
          .executors()
          .complete(
              () -> unanswered.forEach(one -> one.answer.completeExceptionally(closed(one.name))));
      String problem = "The node was closed before the message was sent";
      context
          .executors()
          .complete(
              () ->
                  items.forEach(
                      item ->
                          item.future.completeExceptionally(
                              new NodeClosedException(problem, item.name))));
    }
  }

  private static NodeClosedException closed(PeerAddress name) {
    return new NodeClosedException("The node is closed", name);
  }
}
