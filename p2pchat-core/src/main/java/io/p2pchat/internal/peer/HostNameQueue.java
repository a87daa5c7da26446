package io.p2pchat.internal.peer;

import io.p2pchat.Delivery;
import io.p2pchat.Fingerprint;
import io.p2pchat.KnownPeer;
import io.p2pchat.NodeClosedException;
import io.p2pchat.NodeSettings;
import io.p2pchat.OutboundQueueFullException;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerUnreachableException;
import io.p2pchat.PeerUnreachableException.Reason;
import io.p2pchat.internal.net.HostResolver;
import io.p2pchat.internal.net.LocalIdentity;
import io.p2pchat.internal.net.Unreachable;
import io.p2pchat.internal.protocol.EncodedText;
import io.p2pchat.internal.security.TrustService;
import io.p2pchat.internal.session.KeptSend;
import io.p2pchat.internal.session.QueueLimits;
import io.p2pchat.internal.session.SendFuture;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Queues messages to host names until the lookup ends, then passes them to the endpoint of the IP
 * address. So all messages to a peer have one order, by name or by address.
 *
 * <p>If a name has several addresses, the messages go to one of them as long as it can be reached.
 * Otherwise they go to the next, in the same order, until all were tried. If a known peer holds one
 * of them, only those that it holds count.
 *
 * <p>Thread-safe.
 */
public final class HostNameQueue {
  private static final int MOST_ROUTES = 1024;
  private static final int MOST_ADDRESSES = 1024;

  /**
   * Before a message has an address. Its future has a place from the start: the application knows
   * it, and can withdraw it while it moves on.
   */
  private static final SendFuture.Place LOOKUP = future -> true;

  private final HostResolver resolver;
  private final PeerContext context;
  private final Runnable whenResolved;
  private final QueueLimits limits;
  private final OutboundBudget budget;
  private final Map<PeerAddress, Waiting> names = new HashMap<>();
  // In the order of the first use.
  private final Map<PeerAddress, Route> routes = new LinkedHashMap<>();
  // The address in use of each name, the least used name first.
  private final Map<PeerAddress, PeerAddress> lastAddresses = new LinkedHashMap<>(16, 0.75f, true);
  private boolean stopped;

  /** Receives the queued messages of a name. Called on the event loop. */
  interface Destination {
    /** Sends a message whose address is now known. */
    void send(PeerAddress address, EncodedText message, SendFuture future);

    /** A message was not queued. */
    void refused(PeerAddress name, EncodedText message);

    /** Completes when the queue for this address has room. */
    CompletableFuture<Void> whenWritable(PeerAddress address);
  }

  private record Item(PeerAddress name, EncodedText message, SendFuture future) {}

  /** The address of a name, and whether this node itself listens there. */
  private record Found(InetAddress ip, boolean isSelf) {}

  /** The queue for one name, with the limits for one peer (PROTOCOL.md section 6). */
  private static final class Waiting {
    final List<Item> items = new ArrayList<>();
    private final QueueLimits limits;
    private final OutboundBudget.Share share;
    private @Nullable CompletableFuture<Void> writable;
    private long bytes;

    Waiting(QueueLimits limits, OutboundBudget.Share share) {
      this.limits = limits;
      this.share = share;
    }

    /**
     * Puts messages back that were not sent, before the others.
     *
     * @return those for which there is no room any more
     */
    List<Item> putBack(List<Item> failed) {
      List<Item> kept = new ArrayList<>(failed);
      List<Item> dropped = new ArrayList<>();
      kept.removeIf(
          item ->
              !share.take(OutboundBudget.cost(1, item.message.bytes().length))
                  && dropped.add(item));
      items.addAll(0, kept);
      kept.forEach(item -> bytes += item.message.bytes().length);
      return dropped;
    }

    /**
     * Adds a message. Fails it if there is no room. An empty queue always has room for one. Returns
     * whether there is room.
     */
    boolean add(Item item, NodeSettings settings) {
      int length = item.message.bytes().length;
      String problem = null;
      if (!limits.hasRoom(items.size(), bytes, length)) {
        problem = OutboundFlow.full(this, item.name, settings);
      } else if (!share.take(OutboundBudget.cost(1, length))) {
        problem = "No room for a message to " + item.name + ": " + share;
      }
      if (problem == null) {
        item.future.moveTo(LOOKUP);
        items.add(item);
        bytes += length;
      } else {
        item.future.completeExceptionally(new OutboundQueueFullException(problem, item.name));
      }
      return problem == null;
    }

    /** Releases the room of all messages. They leave this queue. */
    void release() {
      share.release(OutboundBudget.cost(items.size(), bytes));
    }

    /**
     * Returns a future that completes when there is room after the lookup, or null if there is now.
     */
    @Nullable CompletableFuture<Void> whenWritable() {
      if (limits.isBelowHalf(items.size(), bytes) && share.isWritable()) {
        return null;
      }
      if (writable == null) {
        writable = new CompletableFuture<>();
      }
      return writable.copy();
    }

    /** Returns the queued messages and bytes, for exception messages. */
    @Override
    public String toString() {
      return items.size() + " messages with " + bytes + " bytes";
    }
  }

  /** The way to a name with several addresses. */
  private static final class Route {
    final List<InetAddress> tried = new ArrayList<>();
    final List<Item> failed = new ArrayList<>();
    @Nullable InetAddress choice;

    /** Why the first address was not reached. Reported if all fail. */
    @Nullable PeerUnreachableException failure;

    int underWay;

    /** Returns whether messages wait until all others have failed too, for the next address. */
    boolean isChanging() {
      return !failed.isEmpty();
    }

    /** Chooses the address in use, or the next one if that was tried. Null if all were tried. */
    @Nullable Found choose(List<Found> all) {
      List<Found> left = all.stream().filter(each -> !tried.contains(each.ip)).toList();
      Found next = left.isEmpty() ? null : left.get(0);
      for (Found each : left) {
        next = each.ip.equals(choice) ? each : next;
      }
      choice = next == null ? null : next.ip;
      return next;
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
  void send(PeerAddress name, EncodedText message, SendFuture future, Destination destination) {
    boolean first;
    boolean added;
    synchronized (names) {
      if (stopped) {
        future.completeExceptionally(closed(name));
        return;
      }
      Route route = routes.get(name);
      first = !names.containsKey(name) && (route == null || !route.isChanging());
      added = waiting(name).add(new Item(name, message, future), context.settings());
    }
    if (!added) {
      destination.refused(name, message);
    }
    if (first) {
      resolve(name, destination);
    }
  }

  private Waiting waiting(PeerAddress name) {
    return names.computeIfAbsent(name, any -> new Waiting(limits, budget.ofUnknown()));
  }

  private void resolve(PeerAddress name, Destination destination) {
    context
        .executors()
        .onLoop(
            () ->
                resolver.resolve(
                    name,
                    ip -> new Found(ip, context.identity().isTarget(ip, name.port())),
                    (found, failure) ->
                        resolved(
                            name,
                            found == null ? null : known(name, found),
                            failure,
                            destination)));
  }

  /**
   * Returns the addresses that a known peer holds, the first in their order, or all if nobody holds
   * any. A program at another address of the name gets no messages for that peer.
   */
  private List<Found> known(PeerAddress name, List<Found> all) {
    TrustService trust = context.authenticator().trust();
    Fingerprint key =
        all.stream()
            .flatMap(each -> trust.holder(address(name, each)).stream())
            .findFirst()
            .map(KnownPeer::fingerprint)
            .orElse(null);
    return key == null
        ? all
        : all.stream()
            .filter(
                each ->
                    trust
                        .holder(address(name, each))
                        .filter(peer -> peer.fingerprint().equals(key))
                        .isPresent())
            .toList();
  }

  private static PeerAddress address(PeerAddress name, Found found) {
    return PeerAddress.of(new InetSocketAddress(found.ip, name.port()));
  }

  private void resolved(
      PeerAddress name,
      @Nullable List<Found> found,
      @Nullable PeerUnreachableException failure,
      Destination destination) {
    CompletableFuture<Void> asked;
    PeerAddress address = null;
    synchronized (names) {
      Route route = routes.get(name);
      if (route != null && route.isChanging()) {
        return; // The messages are sent behind those that fail now.
      }
      Waiting waiting = names.remove(name);
      if (waiting != null) {
        waiting.release();
      }
      asked = waiting == null ? null : waiting.writable;
      List<Item> items = waiting == null ? List.of() : waiting.items;
      if (found == null) {
        fail(name, items, failure);
      } else if (found.size() == 1 && route == null) {
        Found only = found.get(0);
        items.forEach(item -> send(only, item, item.future, destination));
      } else {
        send(name, found, items, destination);
      }
      if (found != null) {
        address = inUse(name, found);
        lastAddresses.put(name, address);
        if (lastAddresses.size() > MOST_ADDRESSES) {
          lastAddresses.remove(lastAddresses.keySet().iterator().next());
        }
      }
    }
    if (asked != null) {
      answer(asked, address, destination);
    }
    whenResolved.run();
  }

  private void fail(
      PeerAddress name, List<Item> items, @Nullable PeerUnreachableException failure) {
    context
        .executors()
        .complete(
            () -> items.forEach(item -> item.future.completeExceptionally(again(name, failure))));
  }

  private void send(Found found, Item item, SendFuture future, Destination destination) {
    PeerAddress address = address(item.name, found);
    if (found.isSelf) {
      context.executors().fail(future, LocalIdentity.isSelf(address));
    } else {
      destination.send(address, item.message, future);
    }
  }

  // ---- names with several addresses

  /** Sends to the chosen address. What does not reach it goes to the next one. */
  private void send(PeerAddress name, List<Found> all, List<Item> items, Destination destination) {
    Route route = route(name);
    Found next = route.choose(all);
    if (next == null) {
      routes.remove(name);
      fail(name, items, route.failure);
      return;
    }
    route.underWay += items.size();
    for (Item item : items) {
      SendFuture attempt = item.future instanceof KeptSend kept ? kept.attempt() : new SendFuture();
      attempt.moveTo(LOOKUP);
      AtomicBoolean counts = new AtomicBoolean(true);
      attempt.whenComplete(
          (delivery, failure) -> ended(route, counts, item, delivery, failure, destination));
      if (attempt instanceof KeptSend kept) {
        // It goes to its peer, wherever that is, and may wait for days.
        kept.kept().thenRun(() -> leave(route, counts, name, destination));
        item.future.whenComplete(
            (delivery, failure) -> {
              if (!kept.isDone()) {
                kept.cancel(false);
              }
            });
      }
      item.future.moveTo(future -> withdraw(attempt));
      send(next, item, attempt, destination);
    }
  }

  /**
   * Withdraws a message with its attempt. One that a store keeps ends when that is stored, or with
   * the message. Returns whether it was not written.
   */
  private static boolean withdraw(SendFuture attempt) {
    boolean withdrawn = attempt.abandon();
    if (withdrawn && !(attempt instanceof KeptSend kept && kept.isNumbered())) {
      attempt.cancel(false);
    }
    return withdrawn;
  }

  /**
   * A message does not count as under way any more. If none does, what did not reach the address
   * goes to the next one.
   */
  private void leave(Route route, AtomicBoolean counts, PeerAddress name, Destination destination) {
    synchronized (names) {
      route.underWay -= counts.getAndSet(false) ? 1 : 0;
      if (route.underWay == 0 && route.isChanging() && !stopped) {
        tryNext(route, name, destination);
      }
    }
  }

  private Route route(PeerAddress name) {
    if (routes.size() >= MOST_ROUTES && !routes.containsKey(name)) {
      routes.values().stream()
          .filter(route -> route.underWay == 0 && !route.isChanging())
          .findFirst()
          .ifPresent(routes.values()::remove);
    }
    return routes.computeIfAbsent(name, any -> new Route());
  }

  private void ended(
      Route route,
      AtomicBoolean counts,
      Item item,
      @Nullable Delivery delivery,
      @Nullable Throwable failure,
      Destination destination) {
    boolean isNotConnected =
        failure instanceof PeerUnreachableException unreachable
            && Unreachable.isNotConnected(unreachable);
    synchronized (names) {
      if (delivery != null) {
        route.tried.clear();
      }
      isNotConnected &= !stopped;
      if (isNotConnected) {
        item.future.moveTo(LOOKUP);
        route.failed.add(item);
        if (route.tried.isEmpty()) {
          route.failure = (PeerUnreachableException) failure;
        }
      }
      leave(route, counts, item.name, destination);
    }
    if (delivery != null) {
      item.future.deliver(delivery);
    } else if (!isNotConnected && failure != null && !(failure instanceof CancellationException)) {
      item.future.completeExceptionally(failure);
    }
  }

  /** All messages under way have ended. Those that did not reach the address go to the next one. */
  private void tryNext(Route route, PeerAddress name, Destination destination) {
    if (route.choice != null) {
      route.tried.add(route.choice);
    }
    fail(name, waiting(name).putBack(route.failed), route.failure);
    route.failed.clear();
    resolve(name, destination);
  }

  private static PeerUnreachableException again(
      PeerAddress name, @Nullable PeerUnreachableException failure) {
    return failure == null
        ? new PeerUnreachableException(
            "The host name was not found", name, Reason.UNKNOWN_HOST, null)
        : Unreachable.again(failure);
  }

  /**
   * Completes when less than half of the limits is in use, of the messages that wait for the lookup
   * and of those to the address in use.
   */
  CompletableFuture<Void> whenWritable(PeerAddress name, Destination destination) {
    PeerAddress last;
    synchronized (names) {
      if (stopped) {
        return CompletableFuture.failedFuture(closed(name));
      }
      Waiting waiting = names.get(name);
      CompletableFuture<Void> resolved = waiting == null ? null : waiting.whenWritable();
      if (resolved != null) {
        return resolved;
      }
      last = lastAddresses.get(name);
    }
    return last == null ? budget.ofUnknown().whenWritable() : destination.whenWritable(last);
  }

  /** Returns the address that a name had at its last lookup, or the name if it is not known. */
  PeerAddress lastAddress(PeerAddress name) {
    synchronized (names) {
      return lastAddresses.getOrDefault(name, name);
    }
  }

  private PeerAddress inUse(PeerAddress name, List<Found> all) {
    Route route = routes.get(name);
    InetAddress choice = route == null ? null : route.choice;
    return PeerAddress.of(
        new InetSocketAddress(choice == null ? all.get(0).ip : choice, name.port()));
  }

  private void answer(
      CompletableFuture<Void> asked, @Nullable PeerAddress address, Destination destination) {
    CompletableFuture<Void> room =
        address == null
            ? CompletableFuture.completedFuture(null)
            : destination.whenWritable(address);
    room.whenComplete((done, failure) -> context.executors().complete(() -> asked.complete(null)));
  }

  boolean isEmpty() {
    synchronized (names) {
      return names.isEmpty() && routes.values().stream().noneMatch(Route::isChanging);
    }
  }

  /** Fails all queued messages, and all later ones. */
  void stop() {
    synchronized (names) {
      stopped = true;
      List<Item> items =
          Stream.concat(
                  routes.values().stream().flatMap(route -> route.failed.stream()),
                  names.values().stream().flatMap(waiting -> waiting.items.stream()))
              .toList();
      Map<PeerAddress, Waiting> all = Map.copyOf(names);
      names.values().forEach(Waiting::release);
      names.clear();
      routes.clear();
      String problem = "The node was closed before the message was sent";
      context
          .executors()
          .complete(
              () -> {
                items.forEach(
                    item ->
                        item.future.completeExceptionally(
                            new NodeClosedException(problem, item.name)));
                all.forEach(
                    (name, waiting) -> {
                      if (waiting.writable != null) {
                        waiting.writable.completeExceptionally(closed(name));
                      }
                    });
              });
    }
  }

  private static NodeClosedException closed(PeerAddress name) {
    return new NodeClosedException("The node is closed", name);
  }
}
