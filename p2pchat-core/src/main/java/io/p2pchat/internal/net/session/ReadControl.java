package io.p2pchat.internal.net.session;

import io.netty.channel.Channel;
import io.netty.util.concurrent.ScheduledFuture;
import io.p2pchat.internal.net.RateLimiter;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Controls whether a level-1 connection is read. Reading stops while the listener is behind, during
 * a pause, and while the peer exceeds its rate (PROTOCOL.md section 6). A closing connection is
 * read to its end. Used on the event loop.
 */
final class ReadControl {
  private static final int CONTROL_LINES_PER_SECOND = 1000;

  /** So much of the time for control lines is free, so that the usual ones never slow a read. */
  private static final long CONTROL_FREE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final Channel channel;
  private final RateLimiter rate;
  private final RateLimiter controlRate = new RateLimiter(CONTROL_LINES_PER_SECOND);
  private final Runnable whenSlowed;
  private boolean wanted = true;
  private boolean paused;
  private boolean slowed;
  private boolean ending;
  private @Nullable ScheduledFuture<?> timer;

  /**
   * Creates a control that allows reading.
   *
   * @param whenSlowed called when the rate limit stops and resumes reading
   */
  ReadControl(Channel channel, RateLimiter rate, Runnable whenSlowed) {
    this.channel = channel;
    this.rate = rate;
    this.whenSlowed = whenSlowed;
  }

  /** Sets whether the application wants more input. */
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

  /** Returns whether lines already read wait too. */
  boolean isHeld() {
    return paused || !wanted;
  }

  /** Counts received chat lines. */
  void taken(int lines) {
    slowDown(rate.taken(lines));
  }

  /** Counts received control lines, without those that report progress. */
  void controlTaken(int lines) {
    slowDown(controlRate.taken(lines) - CONTROL_FREE_NANOS);
  }

  private void slowDown(long nanos) {
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

  /** Returns whether the rate limit has stopped reading. */
  boolean isSlowed() {
    return slowed;
  }

  /** This side has closed its direction. Reads on until the peer closes too. */
  void readToEnd() {
    ending = true;
    apply();
  }

  /** Returns whether further input is ignored. */
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
