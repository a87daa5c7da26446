package io.p2pchat.internal.event;

import java.util.Comparator;
import java.util.HashSet;
import java.util.Set;

/**
 * What waits for the listener, in all and from each source, and which sources are stopped for it. A
 * source with too much waiting is stopped, and goes on below half. Over the bound of all, the one
 * with most waiting is stopped with each event that is added, never one with nothing.
 *
 * <p>Guarded by the {@link HandOver} that made it.
 */
final class Accounts {
  private final long sourceLimit;
  private final long totalLimit;
  private final Set<Account> busy = new HashSet<>();
  private long total;

  Accounts(long sourceLimit, long totalLimit) {
    this.sourceLimit = sourceLimit;
    this.totalLimit = totalLimit;
  }

  long total() {
    return total;
  }

  void add(Account account, long cost) {
    account.waiting += cost;
    total += cost;
    busy.add(account);
    if (!account.stopped && account.waiting >= sourceLimit) {
      stop(account);
    } else if (total >= totalLimit) {
      busy.stream()
          .filter(source -> !source.stopped && source.valve != Account.Valve.NONE)
          .max(Comparator.comparingLong(source -> source.waiting))
          .ifPresent(Accounts::stop);
    }
  }

  void remove(Account account, long cost) {
    account.waiting -= cost;
    total -= cost;
    if (account.waiting == 0) {
      busy.remove(account);
    }
    if (account.stopped && (account.waiting == 0 || mayGoOn(account))) {
      resume(account);
    }
    if (total < totalLimit / 2 && total + cost >= totalLimit / 2) {
      busy.stream().filter(source -> source.stopped && mayGoOn(source)).forEach(Accounts::resume);
    }
  }

  private boolean mayGoOn(Account account) {
    return account.waiting < sourceLimit / 2 && total < totalLimit / 2;
  }

  private static void stop(Account account) {
    account.stopped = true;
    account.valve.set(false);
  }

  private static void resume(Account account) {
    account.stopped = false;
    account.valve.set(true);
  }
}
