package io.p2pchat.internal.session;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The lines that one simulated node has sent to another, and what became of each. */
final class SimQueue implements LineQueue {
  enum Fate {
    WAITING,
    ACKNOWLEDGED,
    /** Acknowledged by ENDED: received, and maybe not taken yet. */
    RECEIVED,
    UNKNOWN,
    UNSENT
  }

  final List<Fate> fates = new ArrayList<>();
  private final Set<Long> exits = new HashSet<>();
  private int settled;

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
      fates.set(settled++, fate);
    }
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
