package io.p2pchat.internal.net.session;

import io.netty.channel.Channel;
import io.netty.util.concurrent.ScheduledFuture;
import io.p2pchat.internal.net.RateLimiter;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Whether a connection at level 1 is read: not while the listener is behind, not in a pause, and
 * not for a while after the peer has sent faster than it may (PROTOCOL.md section 6). One that is
 * ending is read to its end. Used on the event loop.
 */
final class ReadControl {
  private final Channel channel;
  private final RateLimiter rate;
  private final Runnable whenSlowed;
  private boolean wanted = true;
  private boolean paused;
  private boolean slowed;
  private boolean ending;
  private @Nullable ScheduledFuture<?> timer;

  /**
   * Makes one that is open.
   *
   * @param whenSlowed called when the peer is slowed, and when it is not any more
   */
  ReadControl(Channel channel, RateLimiter rate, Runnable whenSlowed) {
    this.channel = channel;
    this.rate = rate;
    this.whenSlowed = whenSlowed;
  }

  /** Whether more is wanted. */
  void setWanted(boolean now) {
    wanted = now;
    apply();
  }

  void pause() {
    paused = true;
    apply();
  }

  void resume() {
    paused = false;
    apply();
  }

  boolean isPaused() {
    return paused;
  }

  /** Chat lines were taken. */
  void taken(int lines) {
    long nanos = rate.taken(lines);
    if (nanos > 0 && !slowed) {
      setSlowed(true);
      timer = channel.eventLoop().schedule(() -> setSlowed(false), nanos, TimeUnit.NANOSECONDS);
    }
  }

  private void setSlowed(boolean now) {
    slowed = now;
    apply();
    whenSlowed.run();
  }

  /** Whether nothing is read since the peer has sent faster than it may. */
  boolean isSlowed() {
    return slowed;
  }

  /** This side has ended its direction: what comes is read until the peer has ended, too. */
  void readToEnd() {
    ending = true;
    apply();
  }

  /** Whether nothing that is read counts any more. */
  boolean isEnding() {
    return ending;
  }

  /** The connection has ended. */
  void end() {
    ending = true;
    if (timer != null) {
      timer.cancel(false);
    }
  }

  private void apply() {
    channel.config().setAutoRead(ending || (wanted && !paused && !slowed));
  }
}
