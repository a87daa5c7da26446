package io.p2pchat.internal.net.handshake;

import io.p2pchat.internal.net.CountedTime;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * How long one dial waits for a greeting (PROTOCOL.md section 3). A slow peer must not be taken for
 * one that does not greet. So the wait is longer than its patience while this machine or the
 * network seems busy. Signs of that are a connection that was slow to open, many dials under way,
 * and an event loop that runs late.
 *
 * <p>The wait consists of short steps, as in {@link CountedTime}.
 */
final class GreetingWait {
  private static final long STEP = TimeUnit.MILLISECONDS.toNanos(50);

  /** Further patience, as a multiple of the time that connecting took. */
  private static final int SLOW_CONNECTION = 4;

  /** Further patience for each dial under way above a few. */
  private static final long ONE_DIAL = TimeUnit.MILLISECONDS.toNanos(100);

  private static final int FEW_DIALS = 8;

  /** The limits on the further patience, as a multiple of the patience and as a time. */
  private static final int MOST_TIMES = 10;

  private static final long MOST_FURTHER = TimeUnit.SECONDS.toNanos(10);

  /** The limit on the whole wait beyond the patience, as a multiple of the further patience. */
  private static final int MOST_LATE = 3;

  private final long patience;
  private final long mostFurther;
  private final long dialed;
  private final CountedTime time;
  private long connected;
  private int mostDials;

  /**
   * Creates the wait of a dial that begins to connect.
   *
   * @param patience how long to wait on an idle machine
   * @param now the time, as {@link System#nanoTime}
   */
  GreetingWait(Duration patience, long now) {
    this.patience = patience.toNanos();
    this.mostFurther = Math.min(MOST_TIMES * this.patience, MOST_FURTHER);
    this.dialed = now;
    this.time = new CountedTime(Math.min(STEP, this.patience));
  }

  /** The connection is open. */
  void connected(long now) {
    connected = now;
  }

  /** Begins a step. Returns its length in nanoseconds. */
  long begin(long now) {
    return time.begin(now);
  }

  /**
   * A step has ended. Returns whether the wait is over.
   *
   * @param dials the dials of this node that are connecting or waiting, and may make it slow
   */
  boolean isOver(long now, int dials) {
    long waited = time.end(now);
    mostDials = Math.max(mostDials, dials);
    long further =
        SLOW_CONNECTION * (connected - dialed) + ONE_DIAL * Math.max(0, mostDials - FEW_DIALS);
    return waited >= patience + Math.min(further, mostFurther)
        || now - connected >= patience + MOST_LATE * mostFurther;
  }
}
