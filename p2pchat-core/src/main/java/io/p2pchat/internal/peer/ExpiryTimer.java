package io.p2pchat.internal.peer;

import io.p2pchat.DeliveryUnknownException;
import io.p2pchat.MessageWithdrawnException;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerNodeException;
import io.p2pchat.internal.net.CoarseTimer;
import io.p2pchat.internal.session.SendFuture;
import io.p2pchat.internal.session.SessionTimeouts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Ends messages whose time is over. Completed ones are dropped in bulk, so it holds at most about
 * twice the messages that wait. Thread-safe.
 */
final class ExpiryTimer {
  private static final int FEW = 1024;

  private record Entry(long due, SendFuture future, @Nullable PeerAddress peer, Duration time) {}

  private final NodeExecutors executors;
  private final CoarseTimer timer;

  // Guarded by the monitor of this object.
  private final Queue<Entry> entries = new PriorityQueue<>(Comparator.comparingLong(Entry::due));
  private int cleanAt = FEW;

  ExpiryTimer(NodeExecutors executors) {
    this.executors = executors;
    this.timer = new CoarseTimer(executors.loop, this::ring);
  }

  /** Ends a message when this time is over, unless it has ended by then. */
  void add(SendFuture future, @Nullable PeerAddress peer, Duration time) {
    if (future.isDone()) {
      return;
    }
    Entry entry = new Entry(executors.now() + time.toNanos(), future, peer, time);
    boolean first;
    synchronized (this) {
      entries.add(entry);
      first = entry.equals(entries.peek());
      if (entries.size() >= cleanAt) {
        entries.removeIf(old -> old.future.isDone());
        cleanAt = Math.max(FEW, 2 * entries.size());
      }
    }
    if (first) {
      executors.onLoop(this::arm);
    }
  }

  private void arm() {
    Entry next;
    synchronized (this) {
      next = entries.peek();
    }
    timer.set(executors.now(), next == null ? SessionTimeouts.NEVER : next.due);
  }

  private void ring() {
    long now = executors.now();
    List<Entry> due = new ArrayList<>();
    synchronized (this) {
      for (Entry next = entries.peek(); next != null && next.due <= now; next = entries.peek()) {
        due.add(entries.remove());
      }
    }
    List<Runnable> completions = new ArrayList<>();
    for (Entry entry : due) {
      if (!entry.future.isDone()) {
        boolean withdrawn = entry.future.abandon() && !entry.future.mayBeWritten();
        completions.add(() -> entry.future.completeExceptionally(expired(entry, withdrawn)));
      }
    }
    executors.complete(() -> completions.forEach(Runnable::run));
    arm();
  }

  private static PeerNodeException expired(Entry entry, boolean withdrawn) {
    String expired =
        "The message"
            + (entry.peer == null ? "" : " to " + entry.peer)
            + (" expired after " + entry.time.toMillis() + " ms");
    return withdrawn
        ? new MessageWithdrawnException(expired + " and was not sent", entry.peer)
        : new DeliveryUnknownException(
            expired + ", written and not yet acknowledged", entry.peer, null);
  }
}
