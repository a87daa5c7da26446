package io.p2pchat.internal.event;

import java.util.Comparator;
import java.util.HashSet;
import java.util.Set;

/**
 * Tracks the queued cost of each source and of all, and stops sources at their limits. A source at
 * its own limit is stopped, and resumes below half. At the total limit, each new event stops the
 * source with the highest queued cost. A source with an empty queue is never stopped.
 *
 * <p>Guarded by its {@link EventDispatcher}.
 */
final class FlowController {
  private final long sourceLimit;
  private final long totalLimit;
  private final Set<FlowWindow> busy = new HashSet<>();
  private long total;

  FlowController(long sourceLimit, long totalLimit) {
    this.sourceLimit = sourceLimit;
    this.totalLimit = totalLimit;
  }

  long total() {
    return total;
  }

  void add(FlowWindow source, long cost) {
    source.waiting += cost;
    total += cost;
    busy.add(source);
    if (!source.stopped && source.waiting >= sourceLimit) {
      stop(source);
    } else if (total >= totalLimit) {
      busy.stream()
          .filter(each -> !each.stopped && each.isStoppable())
          .max(Comparator.comparingLong(each -> each.waiting))
          .ifPresent(FlowController::stop);
    }
  }

  void remove(FlowWindow source, long cost) {
    source.waiting -= cost;
    total -= cost;
    if (source.waiting == 0) {
      busy.remove(source);
    }
    if (source.stopped && (source.waiting == 0 || mayGoOn(source))) {
      resume(source);
    }
    if (total < totalLimit / 2 && total + cost >= totalLimit / 2) {
      busy.stream().filter(each -> each.stopped && mayGoOn(each)).forEach(FlowController::resume);
    }
  }

  private boolean mayGoOn(FlowWindow source) {
    return source.waiting < sourceLimit / 2 && total < totalLimit / 2;
  }

  private static void stop(FlowWindow source) {
    source.stopped = true;
    source.set(false);
  }

  private static void resume(FlowWindow source) {
    source.stopped = false;
    source.set(true);
  }
}
