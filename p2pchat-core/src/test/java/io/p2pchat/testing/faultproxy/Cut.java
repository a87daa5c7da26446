package io.p2pchat.testing.faultproxy;

import io.p2pchat.testing.faultproxy.FaultProxy.Direction;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** After how many bytes one connection is cut, and how. Guarded by that connection. */
final class Cut {
  /** How a connection ends. */
  enum Manner {
    /** Both sides are reset. */
    RESET,
    /** Both sides see the end of the stream; what they still send is thrown away. */
    CLEAN
  }

  private final Set<Direction> counted;
  private final Manner manner;
  private final BooleanSupplier permit;
  private long left;

  private Cut(Set<Direction> counted, long bytes, Manner manner, BooleanSupplier permit) {
    this.counted = counted;
    this.left = bytes;
    this.manner = manner;
    this.permit = permit;
  }

  /** No cut. */
  static Cut never() {
    return new Cut(EnumSet.noneOf(Direction.class), Long.MAX_VALUE, Manner.RESET, () -> false);
  }

  /** A cut after so many bytes of the directions that count. */
  static Cut after(Set<Direction> counted, long bytes, Manner manner) {
    return new Cut(counted, bytes, manner, () -> true);
  }

  /** A cut after so many bytes, if it is still permitted then. */
  static Cut after(long bytes, Manner manner, BooleanSupplier permit) {
    return new Cut(EnumSet.allOf(Direction.class), bytes, manner, permit);
  }

  boolean isNever() {
    return counted.isEmpty();
  }

  boolean isDue() {
    return left == 0;
  }

  Manner manner() {
    return manner;
  }

  /** Asked once, when the cut is due: whether it may be made. */
  boolean isPermitted() {
    return permit.getAsBoolean();
  }

  /** How many of so many bytes may pass before the cut; counts them. */
  int take(Direction direction, int wanted) {
    if (isDue() || !counted.contains(direction)) {
      return isDue() ? 0 : wanted;
    }
    int taken = (int) Math.min(left, wanted);
    left -= taken;
    return taken;
  }
}
