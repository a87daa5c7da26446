package io.p2pchat.faults;

import java.util.BitSet;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/** All messages of one process to one peer: how they ended here, and how they arrived there. */
final class Ledger {
  private final BitSet offered = new BitSet();
  private final Map<Fate, BitSet> fates = new EnumMap<>(Fate.class);
  private final BitSet delivered = new BitSet();

  /** What each process of the peer has taken. */
  private final Map<String, BitSet> takenBy = new HashMap<>();

  private int acrossRestart;
  private int twice;
  private int disordered;

  void offered(int first, int last) {
    offered.set(first, last + 1);
  }

  void ended(Fate fate, int number) {
    set(fate).set(number);
  }

  /**
   * A process of the peer has taken a message, after all those it was said to have taken before.
   */
  void taken(String by, int number) {
    BitSet before = takenBy.computeIfAbsent(by, any -> new BitSet());
    if (before.get(number)) {
      twice++;
    } else if (delivered.get(number)) {
      acrossRestart++;
    }
    if (!before.get(number) && before.length() > number) {
      disordered++;
    }
    before.set(number);
    delivered.set(number);
  }

  /** How many the node has accepted: all that were offered, but those refused at once. */
  int accepted() {
    return offered.cardinality() - count(Fate.REFUSED);
  }

  int count(Fate fate) {
    return set(fate).cardinality();
  }

  /** How many arrived, once or more often. */
  int delivered() {
    return delivered.cardinality();
  }

  /** How many arrived again at another process of the peer: it was restarted in between. */
  int acrossRestart() {
    return acrossRestart;
  }

  /** How many arrived again at the process that had taken them already. */
  int twice() {
    return twice;
  }

  /** How many arrived after a later one. */
  int disordered() {
    return disordered;
  }

  /** How many were acknowledged and have not arrived. */
  int lost() {
    BitSet lost = copy(set(Fate.ACKNOWLEDGED));
    lost.andNot(delivered);
    return lost.cardinality();
  }

  /** How many arrived that were never offered. */
  int invented() {
    BitSet invented = copy(delivered);
    invented.andNot(offered);
    return invented.cardinality();
  }

  /** How many have not ended. */
  int open() {
    BitSet open = copy(offered);
    fates.values().forEach(open::andNot);
    return open.cardinality();
  }

  private BitSet set(Fate fate) {
    return fates.computeIfAbsent(fate, any -> new BitSet());
  }

  private static BitSet copy(BitSet set) {
    return (BitSet) set.clone();
  }
}
