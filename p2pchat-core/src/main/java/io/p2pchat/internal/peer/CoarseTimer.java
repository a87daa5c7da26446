package io.p2pchat.internal.peer;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import io.p2pchat.internal.session.SessionTimeouts;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Calls at a time or a little earlier: who is called looks what is due, and sets it anew. So a time
 * that moves away, as it does with each byte that is read, costs nothing. Used on the event loop.
 */
final class CoarseTimer {
  private final EventLoop loop;
  private final Runnable action;
  private @Nullable ScheduledFuture<?> timer;
  private long at = SessionTimeouts.NEVER;

  CoarseTimer(EventLoop loop, Runnable action) {
    this.loop = loop;
    this.action = action;
  }

  /** Calls no later than at {@code time}, or {@link SessionTimeouts#NEVER}. */
  void set(long now, long time) {
    if (time < at) {
      cancel();
      at = time;
      timer = loop.schedule(this::ring, Math.max(0, time - now), TimeUnit.NANOSECONDS);
    }
  }

  void cancel() {
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
    at = SessionTimeouts.NEVER;
  }

  private void ring() {
    timer = null;
    at = SessionTimeouts.NEVER;
    action.run();
  }
}
