package io.p2pchat.internal.net;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A coarse timer: it calls back at a time or a little earlier, and the callback re-arms it. So a
 * time that moves later with each byte read costs nothing. Used on the event loop.
 */
public final class CoarseTimer {
  /** The time of a timer that never calls. */
  private static final long NEVER = Long.MAX_VALUE;

  private final EventLoop loop;
  private final Runnable action;
  private @Nullable ScheduledFuture<?> timer;
  private long at = NEVER;

  /**
   * Creates a timer that is not set.
   *
   * @param action called when the time has come
   */
  public CoarseTimer(EventLoop loop, Runnable action) {
    this.loop = loop;
    this.action = action;
  }

  /** Calls back no later than at {@code time}; {@link Long#MAX_VALUE} sets no timer. */
  public void set(long now, long time) {
    if (time < at) {
      cancel();
      at = time;
      timer = loop.schedule(this::ring, Math.max(0, time - now), TimeUnit.NANOSECONDS);
    }
  }

  /** Does not call back any more until it is set again. */
  public void cancel() {
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
    at = NEVER;
  }

  private void ring() {
    timer = null;
    at = NEVER;
    action.run();
  }
}
