package io.p2pchat.internal.event;

import java.util.Comparator;
import java.util.HashSet;
import java.util.Set;

/**
 * What waits for the listener, in all and from each source, and which sources are stopped for it. A
 * source with too much waiting is stopped, and goes on below half. Over the bound of all, the one
 * with most waiting is stopped with each event that is added, never one with nothing.
 *
 * <p>Guarded by the {@link EventDispatcher} that made it.
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

  void add(FlowWindow account, long cost) {
    account.waiting += cost;
    total += cost;
    busy.add(account);
    if (!account.stopped && account.waiting >= sourceLimit) {
      stop(account);
    } else if (total >= totalLimit) {
      busy.stream()
          .filter(source -> !source.stopped && source.valve != FlowWindow.Valve.NONE)
          .max(Comparator.comparingLong(source -> source.waiting))
          .ifPresent(FlowController::stop);
    }
  }

  void remove(FlowWindow account, long cost) {
    account.waiting -= cost;
    total -= cost;
    if (account.waiting == 0) {
      busy.remove(account);
    }
    if (account.stopped && (account.waiting == 0 || mayGoOn(account))) {
      resume(account);
    }
    if (total < totalLimit / 2 && total + cost >= totalLimit / 2) {
      busy.stream()
          .filter(source -> source.stopped && mayGoOn(source))
          .forEach(FlowController::resume);
    }
  }

  private boolean mayGoOn(FlowWindow account) {
    return account.waiting < sourceLimit / 2 && total < totalLimit / 2;
  }

  private static void stop(FlowWindow account) {
    account.stopped = true;
    account.valve.set(false);
  }

  private static void resume(FlowWindow account) {
    account.stopped = false;
    account.valve.set(true);
  }
}
