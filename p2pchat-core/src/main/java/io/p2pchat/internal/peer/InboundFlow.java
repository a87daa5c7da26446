package io.p2pchat.internal.peer;

import io.p2pchat.internal.event.ConsumedCallback;
import io.p2pchat.internal.event.FlowWindow;
import io.p2pchat.internal.net.CoarseTimer;
import io.p2pchat.internal.net.session.SessionChannelHandler;
import io.p2pchat.internal.session.Session;
import io.p2pchat.internal.session.SessionTimeouts;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Passes the chat lines of one peer's sessions to the application. Controls whether the peer is
 * read, and counts the lines that the application has taken.
 *
 * <p>The listener's thread counts. The event loop collects the count when a burst is taken, and
 * periodically in between. {@link #set} and the callbacks may run on any thread; the rest runs on
 * the event loop.
 */
final class InboundFlow extends FlowWindow {
  private static final long COLLECT_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final NodeExecutors executors;
  private final Session session;
  private final CoarseTimer timer;
  private final Runnable collect;
  private final AtomicLong taken = new AtomicLong();
  private final AtomicBoolean told = new AtomicBoolean();
  private final Queue<Burst> bursts = new ArrayDeque<>(2);
  private volatile @Nullable Refusal refusal;
  private final PeerEventPublisher publisher;
  private long collected;
  private long due;
  private @Nullable SessionChannelHandler channel;

  /**
   * The application has refused a line. It takes no further line of the session with that epoch.
   *
   * @param line how many lines of all sessions came before it
   */
  private record Refusal(long epoch, long line) {}

  /** Lines that arrived together. */
  private final class Burst implements ConsumedCallback {
    final long epoch;
    final long bytes;
    int left;

    Burst(long epoch, int lines, long bytes) {
      this.epoch = epoch;
      this.left = lines;
      this.bytes = bytes;
    }

    @Override
    public boolean isOver() {
      Refusal last = refusal;
      return last != null && epoch <= last.epoch;
    }

    @Override
    public void refused() {
      refusal = new Refusal(epoch, taken.get());
    }

    // Only one thread at a time takes events, so the count needs no atomic addition.
    @Override
    public void taken() {
      taken.lazySet(taken.get() + 1);
    }

    @Override
    public void takenAll() {
      if (!told.getAndSet(true)) {
        executors.onLoop(collect);
      }
    }
  }

  /**
   * Creates a flow without a connection.
   *
   * @param timer re-armed when the session has a new deadline
   * @param collect runs on the event loop when it is time to {@link #collect}
   * @param publisher counts what waits to be committed with the queued events
   */
  InboundFlow(
      NodeExecutors executors,
      Session session,
      CoarseTimer timer,
      Runnable collect,
      PeerEventPublisher publisher) {
    this.publisher = publisher;
    this.executors = executors;
    this.session = session;
    this.timer = timer;
    this.collect = collect;
  }

  /** The session uses this connection now. */
  void opened(long now, SessionChannelHandler newChannel) {
    channel = newChannel;
    apply(now);
  }

  /** The session has no connection now. */
  void closed() {
    channel = null;
  }

  // ---- reading

  /** Stops and resumes reading, as the listener falls behind and catches up. */
  @Override
  protected void set(boolean open) {
    if (executors.loop.inEventLoop()) {
      apply();
    } else {
      executors.onLoop(this::apply);
    }
  }

  /** Lines wait to be committed. */
  void waits(long bytes) {
    publisher.waits(this, bytes);
  }

  /** Lines are committed. */
  void committed(long bytes) {
    publisher.committed(this, bytes);
  }

  /** Applies the current state to the connection and the session. */
  void apply() {
    long now = executors.now();
    apply(now);
    timer.set(now, session.nextTick());
  }

  private void apply(long now) {
    if (channel != null) {
      channel.setReading(isOpen());
    }
    boolean behind = !isOpen();
    session.setStopped(now, behind || (channel != null && channel.isSlowed()), behind);
  }

  // ---- lines taken by the application

  /**
   * Registers lines that the listener takes one by one. Returns the callback to pass to the
   * dispatcher with them.
   */
  ConsumedCallback expect(long now, int lines, long bytes) {
    if (bursts.isEmpty()) {
      due = now + COLLECT_NANOS;
    }
    Burst burst = new Burst(session.epoch(), lines, bytes);
    bursts.add(burst);
    return burst;
  }

  /** Returns the latest time of the next collection, or {@link SessionTimeouts#NEVER}. */
  long due() {
    return bursts.isEmpty() ? SessionTimeouts.NEVER : due;
  }

  /** Returns whether all lines were taken and collected. */
  boolean isCollected() {
    return bursts.isEmpty();
  }

  /** Reports the lines taken since the last collection to the session. */
  void collect(long now) {
    told.set(false);
    due = now + COLLECT_NANOS;
    long to = taken.get();
    Refusal last = refusal;
    while (collected < to) {
      Burst first = bursts.element();
      int lines = (int) Math.min(to - collected, first.left);
      long used = lines;
      if (last != null && first.epoch <= last.epoch) {
        used = Math.max(0, Math.min(lines, last.line - collected));
      }
      collected += lines;
      first.left -= lines;
      if (first.left == 0) {
        bursts.remove();
      }
      if (used > 0) {
        session.taken(now, first.epoch, (int) used, first.left == 0 ? first.bytes : 0);
      }
      if (used < lines) {
        session.refuse(now, first.epoch);
      }
    }
  }
}
