package io.p2pchat.testing.netty;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ManualIoEventLoop;
import io.netty.channel.local.LocalIoHandler;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.util.concurrent.TimeUnit;

/** An event loop in virtual time; its tasks are run by hand, all on one thread. */
public final class ManualLoop extends ManualIoEventLoop {
  private static final IoHandlerFactory NO_IO = LocalIoHandler.newFactory();
  private static final int MOST_TIMERS = 100_000;
  private final MockTicker ticker;
  private boolean owned;

  /** Makes a loop at time 0. */
  public ManualLoop() {
    this(Ticker.newMockTicker());
  }

  private ManualLoop(MockTicker ticker) {
    super(null, null, NO_IO, ticker);
    this.ticker = ticker;
  }

  /** The virtual time in nanoseconds. */
  public long now() {
    return ticker.nanoTime();
  }

  /** Runs all that is due now. The thread of the first call is the one of the loop. */
  public void runTasks() {
    if (!owned) {
      owned = true;
      setOwningThread(Thread.currentThread());
    }
    runNonBlockingTasks(0);
  }

  /** Lets time pass, and runs what is due at its time. */
  public void pass(long millis) {
    long end = now() + TimeUnit.MILLISECONDS.toNanos(millis);
    int timers = 0;
    runTasks();
    for (long next = nextTimer(); next <= end; next = nextTimer()) {
      ticker.advance(Math.max(0, next - now()), TimeUnit.NANOSECONDS);
      runTasks();
      if (++timers > MOST_TIMERS) {
        throw new AssertionError("timers that end at once follow one another");
      }
    }
    ticker.advance(end - now(), TimeUnit.NANOSECONDS);
  }

  /** Whether nothing is to be run, ever. */
  public boolean isIdle() {
    return nextScheduledTaskDeadlineNanos() < 0;
  }

  private long nextTimer() {
    long next = nextScheduledTaskDeadlineNanos();
    return next < 0 ? Long.MAX_VALUE : next;
  }
}
