package io.p2pchat.internal.peer;

import io.p2pchat.internal.security.HostPrefix;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The limit on bytes queued for all peers (PROTOCOL.md section 6). A host can hold no more than
 * what is still free, so hosts that take nothing leave room for the others. Thread-safe.
 */
public final class OutboundBudget {
  /** The cost of a queued message and its future, without its line. */
  private static final int MESSAGE_BYTES = 128;

  private final long max;
  private final NodeExecutors executors;
  private final AtomicLong held = new AtomicLong();
  // Both guarded by the monitor of this object.
  private final Map<HostPrefix, Share> shares = new HashMap<>();
  private final Set<Share> waiting = new HashSet<>();
  private volatile boolean hasWaiting;

  OutboundBudget(long max, NodeExecutors executors) {
    this.max = max;
    this.executors = executors;
  }

  /** What the queues of one host hold. */
  final class Share {
    private final @Nullable HostPrefix host;
    private final AtomicLong own = new AtomicLong();
    private int queues;
    private @Nullable CompletableFuture<Void> writable;

    private Share(@Nullable HostPrefix host) {
      this.host = host;
    }

    /** Takes room for messages. Returns false if there is not enough. */
    boolean take(long cost) {
      long all = held.addAndGet(cost);
      long mine = own.addAndGet(cost);
      // A single message is always accepted, as by the queue of one peer.
      if (mine <= max - all || all == cost) {
        return true;
      }
      held.addAndGet(-cost);
      own.addAndGet(-cost);
      return false;
    }

    /** Gives back the room of messages. */
    void release(long cost) {
      own.addAndGet(-cost);
      held.addAndGet(-cost);
      if (hasWaiting) {
        executors.complete(OutboundBudget.this::becomeWritable);
      }
    }

    /** Completes when the host holds less than half of what it can hold. */
    CompletableFuture<Void> whenWritable() {
      if (isWritable()) {
        return CompletableFuture.completedFuture(null);
      }
      CompletableFuture<Void> answer;
      synchronized (OutboundBudget.this) {
        if (writable == null) {
          writable = new CompletableFuture<>();
        }
        answer = writable.copy();
        waiting.add(this);
        hasWaiting = true;
      }
      if (isWritable()) {
        // Room was released before it was known that this share waits.
        executors.complete(OutboundBudget.this::becomeWritable);
      }
      return answer;
    }

    /** Returns whether the host holds less than half of what it can hold. */
    boolean isWritable() {
      long mine = own.get();
      long others = held.get() - mine;
      // It can hold half of what the others leave.
      return mine == 0 || mine < (max - others) / 4;
    }

    /** A queue of the host is dropped. */
    void leave() {
      synchronized (OutboundBudget.this) {
        queues--;
        if (queues == 0) {
          shares.remove(host, this);
        }
      }
    }

    /** Returns what is held, for exception messages. */
    @Override
    public String toString() {
      return "messages to its host hold "
          + own
          + " bytes, and those to all peers "
          + held
          + " (outboundBytesInAll is "
          + max
          + ")";
    }
  }

  /** Returns the room that messages need. */
  static long cost(int lines, long bytes) {
    return bytes + (long) lines * MESSAGE_BYTES;
  }

  /** Returns the share of a host, for one more queue, until {@link Share#leave}. */
  synchronized Share of(HostPrefix host) {
    Share share = shares.computeIfAbsent(host, Share::new);
    share.queues++;
    return share;
  }

  /** Returns a share for messages whose host is not known yet. */
  Share ofUnknown() {
    return new Share(null);
  }

  private void becomeWritable() {
    Set<CompletableFuture<Void>> ready = new HashSet<>();
    synchronized (this) {
      waiting.removeIf(
          share -> {
            if (share.writable == null || !share.isWritable()) {
              return false;
            }
            ready.add(share.writable);
            share.writable = null;
            return true;
          });
      hasWaiting = !waiting.isEmpty();
    }
    ready.forEach(future -> future.complete(null));
  }
}
