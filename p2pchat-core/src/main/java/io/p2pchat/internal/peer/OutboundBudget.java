package io.p2pchat.internal.peer;

import io.p2pchat.internal.security.HostPrefix;
import io.p2pchat.internal.session.SendQueue;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The limit on bytes queued for all peers (PROTOCOL.md section 6). A host can hold no more than
 * what is still free, so hosts that take nothing leave room for the others. A host that holds
 * nothing can hold one message until a quarter more than the limit is held. Thread-safe.
 */
public final class OutboundBudget {
  /** The cost of a queued message and its future, without its line. */
  private static final int MESSAGE_BYTES = 128;

  /** The part of the limit that arrays without messages can hold, until none is queued. */
  private static final int SPARE_PART = 32;

  private final long max;
  private final long longest;
  private final NodeExecutors executors;
  private final Kept kept;
  private final AtomicLong held = new AtomicLong();
  private final SendQueue.Spares spares;
  // Both guarded by the monitor of this object.
  private final Map<HostPrefix, Share> shares = new HashMap<>();
  private final Set<Share> waiting = new HashSet<>();
  private volatile boolean hasWaiting;

  /** Whether {@link #becomeWritable} is about to run. */
  private final AtomicBoolean waking = new AtomicBoolean();

  /**
   * Creates a limit.
   *
   * @param longest the longest line in bytes
   * @param kept the limit on what is kept for peers that are away
   */
  OutboundBudget(long max, int longest, long kept, NodeExecutors executors) {
    this.max = max;
    this.spares = new SendQueue.Spares(max / SPARE_PART);
    this.kept = new Kept(kept, executors);
    this.longest = cost(1, longest);
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

    /** Returns the arrays that the queues of all hosts use again. Empty while none holds room. */
    SendQueue.Spares spares() {
      return spares;
    }

    /** Takes room for messages. Returns false if there is not enough. */
    boolean take(long cost) {
      long all = held.addAndGet(cost);
      long mine = own.addAndGet(cost);
      if (mine <= max - all || (mine == cost && hasReserve(all - cost))) {
        return true;
      }
      release(cost);
      return false;
    }

    /** Takes room for a message that was accepted, whether or not there is enough. */
    void force(long cost) {
      held.addAndGet(cost);
      own.addAndGet(cost);
    }

    /** Takes room for later messages. Returns false if that would leave little. */
    boolean takeAhead(long cost) {
      long all = held.addAndGet(cost);
      long mine = own.addAndGet(cost);
      if (2 * mine <= max - all) {
        return true;
      }
      release(cost);
      return false;
    }

    /** Gives back the room of messages. */
    void release(long cost) {
      own.addAndGet(-cost);
      if (held.addAndGet(-cost) == 0) {
        spares.clear();
      }
      if (hasWaiting) {
        wake();
      }
    }

    /** Completes when {@link #isWritable}. */
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
        wake();
      }
      return answer;
    }

    /**
     * Returns whether the host holds less than half of what it can hold, and there is room for
     * another line of any length.
     */
    boolean isWritable() {
      long mine = own.get();
      long others = held.get() - mine;
      if (mine == 0) {
        return hasReserve(others);
      }
      // It can hold half of what the others leave.
      long room = (max - others) / 2;
      return mine < room / 2 && mine + longest <= room;
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

  /**
   * The limit on bytes of the messages that a store keeps for peers that are away (PROTOCOL.md
   * section 9). What can be written at once does not count. Thread-safe.
   */
  static final class Kept {
    private final long max;
    private final NodeExecutors executors;
    private final AtomicLong held = new AtomicLong();

    // Set while its monitor is held.
    private volatile @Nullable CompletableFuture<Void> writable;

    Kept(long max, NodeExecutors executors) {
      this.max = max;
      this.executors = executors;
    }

    /**
     * Takes room for a message. Returns false if there is not enough.
     *
     * @param accepted whether the message was accepted before, and is taken in any case
     */
    boolean take(long cost, boolean accepted) {
      if (held.addAndGet(cost) <= max || accepted) {
        return true;
      }
      release(cost);
      return false;
    }

    /** Gives back the room of messages. */
    void release(long cost) {
      held.addAndGet(-cost);
      if (writable != null && isWritable()) {
        wake();
      }
    }

    private boolean isWritable() {
      return held.get() < max / 2;
    }

    /** Completes when less than half of the room is in use. */
    CompletableFuture<Void> whenWritable() {
      if (isWritable()) {
        return CompletableFuture.completedFuture(null);
      }
      CompletableFuture<Void> answer;
      synchronized (this) {
        CompletableFuture<Void> waits = writable == null ? new CompletableFuture<>() : writable;
        writable = waits;
        answer = waits.copy();
      }
      if (isWritable()) {
        // Room was released before it was known that somebody waits.
        wake();
      }
      return answer;
    }

    private void wake() {
      CompletableFuture<Void> waited;
      synchronized (this) {
        waited = writable;
        writable = null;
      }
      if (waited != null) {
        executors.complete(() -> waited.complete(null));
      }
    }

    /** Returns what is held, for exception messages. */
    @Override
    public String toString() {
      return "messages kept for peers that are away hold "
          + held
          + " bytes (keptBytesInAll is "
          + max
          + ")";
    }
  }

  /** Returns whether a host that holds nothing can hold one message more than these bytes. */
  private boolean hasReserve(long all) {
    return all <= max + max / 4;
  }

  /** Returns the limit on what is kept for peers that are away. */
  Kept kept() {
    return kept;
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

  /** Completes when a host has room, whether or not there is a queue for it. */
  CompletableFuture<Void> whenWritable(HostPrefix host) {
    Share share;
    synchronized (this) {
      share = shares.getOrDefault(host, new Share(host));
    }
    return share.whenWritable();
  }

  /** Returns a share for messages whose host is not known yet. */
  Share ofUnknown() {
    return new Share(null);
  }

  private void wake() {
    if (waking.compareAndSet(false, true)) {
      executors.complete(this::becomeWritable);
    }
  }

  private void becomeWritable() {
    // Before the shares are read, so that a later release is not missed.
    waking.set(false);
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
