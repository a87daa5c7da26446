package io.p2pchat.internal.event;

import java.util.Comparator;
import java.util.HashSet;
import java.util.Set;

/**
 * What waits for the listener, in all and from each source, and which sources are stopped for it. A
 * source with too much waiting is stopped, and goes on below half. Over the bound of all, the one
 * with most waiting is stopped with each event that is added, never one with nothing.
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
