package io.p2pchat.testing.faultproxy;

import io.p2pchat.testing.faultproxy.FaultProxy.Direction;
import java.util.EnumSet;
import java.util.Set;

/** Which directions of a connection have come to an end. Guarded by the connection. */
final class Ends {
  private final Set<Direction> readToEnd = EnumSet.noneOf(Direction.class);
  private final Set<Direction> failedToWrite = EnumSet.noneOf(Direction.class);

  /** The sender of a direction has ended or reset. */
  void readToEnd(Direction direction) {
    readToEnd.add(direction);
  }

  /** The receiver of a direction has reset. */
  void failedToWrite(Direction direction) {
    failedToWrite.add(direction);
  }

  /** Whether a receiver has reset, and nothing is left to read of what it sent before. */
  boolean isBroken() {
    return failedToWrite.stream().map(Direction::opposite).anyMatch(readToEnd::contains);
  }

  /** Whether nothing is left to read at all. */
  boolean isOver() {
    return readToEnd.size() == Direction.values().length;
  }
}
