package io.p2pchat.internal.node;

import io.netty.channel.EventLoop;
import io.p2pchat.Delivery;
import io.p2pchat.NodeClosedException;
import io.p2pchat.NodeSettings;
import io.p2pchat.OutboundQueueFullException;
import io.p2pchat.PeerAddress;
import io.p2pchat.internal.message.ChatLine;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The outboxes of all addresses to which something waits. An outbox is made with its first message
 * and dropped with its last.
 *
 * <p>{@link #send} may be called from any thread; the rest runs on the event loop.
 */
final class Outboxes {
  private static final Logger LOG = LoggerFactory.getLogger(Outboxes.class);

  private final EventLoop loop;
  private final NodeSettings settings;
  private final Executor completions;
  private final Function<PeerAddress, Courier> couriers;
  private final ConcurrentHashMap<PeerAddress, Outbox> boxes = new ConcurrentHashMap<>();
  private @Nullable Runnable whenEmpty;
  private boolean stopped;

  /**
   * Makes an empty set.
   *
   * @param completions where futures are completed
   * @param couriers makes the courier of an address
   */
  Outboxes(
      EventLoop loop,
      NodeSettings settings,
      Executor completions,
      Function<PeerAddress, Courier> couriers) {
    this.loop = loop;
    this.settings = settings;
    this.completions = completions;
    this.couriers = couriers;
  }

  /** Queues a message, or fails at once if the queue is full. */
  CompletableFuture<Delivery> send(PeerAddress address, ChatLine line, int bytes) {
    Item item = new Item(line, bytes, new CompletableFuture<>());
    queue(address, item);
    return item.future();
  }

  /** Moves a message that an outbox has let go to the outbox of another address. */
  void queue(PeerAddress address, Item item) {
    boxes.compute(
        address,
        (key, known) -> {
          Outbox box = known == null ? open(key) : known;
          if (!box.budget.reserve(item.bytes())) {
            refuse(item, full(key, box));
            runLater(() -> box.refuse(item));
          } else {
            add(box, item);
          }
          return box.budget.isUnused() ? null : box;
        });
  }

  /** Calls {@code action} once, when nothing waits any more. */
  void whenEmpty(Runnable action) {
    whenEmpty = action;
    checkEmpty();
  }

  /** Fails all that waits, and from now on whatever is added. */
  void stop() {
    stopped = true;
    List.copyOf(boxes.values()).forEach(Outbox::stop);
  }

  /** Fails all that is still under way. */
  void close() {
    List.copyOf(boxes.values()).forEach(Outbox::close);
  }

  private Outbox open(PeerAddress address) {
    Budget budget = new Budget(settings.outboundLinesPerPeer(), settings.outboundBytesPerPeer());
    return new Outbox(budget, couriers.apply(address), completions, () -> dropLater(address));
  }

  private void add(Outbox box, Item item) {
    try {
      loop.execute(
          () -> {
            box.add(item);
            if (stopped) {
              box.stop();
              box.close();
            }
          });
    } catch (RejectedExecutionException e) {
      box.budget.release(item.bytes());
      refuse(item, new NodeClosedException("The node is closed", null));
    }
  }

  /** At once, unless the application may already have chained something to the future. */
  private void refuse(Item item, RuntimeException reason) {
    if (loop.inEventLoop()) {
      completions.execute(() -> item.future().completeExceptionally(reason));
    } else {
      item.future().completeExceptionally(reason);
    }
  }

  private void dropLater(PeerAddress address) {
    boxes.computeIfPresent(address, (key, box) -> box.budget.isUnused() ? null : box);
    runLater(this::checkEmpty);
  }

  private void runLater(Runnable task) {
    try {
      loop.execute(task);
    } catch (RejectedExecutionException e) {
      LOG.trace("The node has closed", e);
    }
  }

  private void checkEmpty() {
    if (whenEmpty != null && boxes.isEmpty()) {
      whenEmpty.run();
      whenEmpty = null;
    }
  }

  private static OutboundQueueFullException full(PeerAddress address, Outbox box) {
    return new OutboundQueueFullException(box.budget + " wait for " + address + " already", null);
  }
}
