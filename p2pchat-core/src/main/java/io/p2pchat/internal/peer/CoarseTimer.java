package io.p2pchat.internal.peer;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import io.p2pchat.internal.session.SessionTimeouts;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A coarse timer: it calls back at a time or a little earlier, and the callback re-arms it. So a
 * time that moves later with each byte read costs nothing. Used on the event loop.
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

  /** Calls back no later than at {@code time}; {@link SessionTimeouts#NEVER} sets no timer. */
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
