package io.p2pchat.internal.session;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** The lines that one simulated node has sent to another, and what became of each. */
final class SimQueue implements LineQueue {
  enum Fate {
    WAITING,
    ACKNOWLEDGED,
    /** Acknowledged by ENDED: received, and maybe not taken yet. */
    RECEIVED,
    UNKNOWN,
    UNSENT,
    WITHDRAWN
  }

  final List<Fate> fates = new ArrayList<>();
  private final Set<Long> exits = new HashSet<>();
  private int settled;
  private long read;

  long add() {
    fates.add(Fate.WAITING);
    return fates.size() - 1L;
  }

  long addExit() {
    long number = add();
    exits.add(number);
    return number;
  }

  boolean isExit(long number) {
    return exits.contains(number);
  }

  void settle(long below, Fate fate) {
    while (settled < Math.min(below, fates.size())) {
      if (fates.get(settled) == Fate.WAITING) {
        fates.set(settled, fate);
      }
      settled++;
    }
    settleWithdrawn();
  }

  private void settleWithdrawn() {
    while (settled < fates.size() && fates.get(settled) == Fate.WITHDRAWN) {
      settled++;
    }
  }

  /** Returns the next line from this one on that is to be written, or {@link #accepted}. */
  long nextLive(long from) {
    long next = Math.max(from, settled);
    while (next < fates.size() && fates.get((int) next) == Fate.WITHDRAWN) {
      next++;
    }
    return next;
  }

  /** A line is written. It is not withdrawn any more. */
  void read(long number) {
    read = Math.max(read, number + 1);
  }

  /** Withdraws about half of the lines that were never written. Returns whether there was one. */
  boolean withdraw(Random random) {
    boolean any = false;
    for (long i = Math.max(settled, read); i < fates.size(); i++) {
      if (fates.get((int) i) == Fate.WAITING && !isExit(i) && random.nextBoolean()) {
        fates.set((int) i, Fate.WITHDRAWN);
        any = true;
      }
    }
    settleWithdrawn();
    return any;
  }

  @Override
  public long after(long count) {
    long after = settled;
    for (long left = count; left > 0; after++) {
      left -= after < fates.size() && fates.get((int) after) == Fate.WITHDRAWN ? 0 : 1;
    }
    return after;
  }

  @Override
  public long settled() {
    return settled;
  }

  @Override
  public long accepted() {
    return fates.size();
  }
}
