package io.p2pchat.cli.chat;

import io.p2pchat.cli.output.LineOutput;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The output of a chat on a pipe. Lines are printed at once. A script reads results in the order of
 * its inputs, so {@link #add(Pending)} waits for them for a limited time. A message to an
 * unreachable peer may be delivered minutes later.
 */
final class DelayedResults implements ChatOutput {
  private static final long PAUSE_NANOS = Duration.ofMillis(50).toNanos();

  private final LineOutput out;
  private final Duration pendingDelay;
  private final List<String> late = new ArrayList<>();
  private boolean adding;

  DelayedResults(LineOutput out, Duration pendingDelay) {
    this.out = out;
    this.pendingDelay = pendingDelay;
  }

  @Override
  public void add(List<String> lines) {
    out.print(lines);
  }

  @Override
  public synchronized void add(Pending pending) {
    adding = true;
    try {
      List<String> lines = pending.lines(System.nanoTime());
      while (lines == null) {
        TimeUnit.NANOSECONDS.timedWait(this, PAUSE_NANOS);
        lines = pending.lines(System.nanoTime());
      }
      out.print(lines);
      out.print(late);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      late.clear();
      adding = false;
    }
  }

  @Override
  public synchronized void offer(Pending pending) {
    List<String> lines = pending.lines(System.nanoTime());
    if (lines != null && adding) {
      late.addAll(lines); // Printed after the line that reports them as pending.
    } else if (lines != null) {
      out.print(lines);
    }
  }

  @Override
  public synchronized void changed() {
    notifyAll();
  }

  @Override
  public Duration pendingDelay() {
    return pendingDelay;
  }
}
