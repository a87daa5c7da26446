package io.p2pchat.testing.faultproxy;

import io.p2pchat.testing.faultproxy.Cut.Manner;
import io.p2pchat.testing.faultproxy.FaultProxy.Direction;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** One connection through a {@link FaultProxy}: how it stands, and what its pumps may do. */
final class ForwardedConnection {
  private enum State {
    FORWARDING,
    /** Half-open: bytes are thrown away, ends are kept from the other side. */
    DROPPED,
    /** Cut cleanly: bytes are thrown away until both sides have ended. */
    ENDED,
    CLOSED
  }

  private final SocketPair sides;
  private final TrafficLog log;
  private final Consumer<ForwardedConnection> onClose;
  private final int number;
  private final Ends ends = new Ends();
  private State state = State.FORWARDING;
  private Cut cut = Cut.never();
  private boolean stalled;
  private int writes;

  ForwardedConnection(SocketPair sides, TrafficLog log, Consumer<ForwardedConnection> onClose) {
    this.sides = sides;
    this.log = log;
    this.onClose = onClose;
    this.number = log.connected();
  }

  void start(Duration delay, int bytesPerSecond) {
    for (Direction each : Direction.values()) {
      new Pump(this, each, sides, delay, bytesPerSecond)
          .start("fault-proxy-" + number + "-" + each);
    }
  }

  synchronized boolean isForwarding() {
    return state == State.FORWARDING;
  }

  synchronized boolean isOpen() {
    return state == State.FORWARDING || state == State.DROPPED;
  }

  synchronized void stall(boolean stalled) {
    this.stalled = stalled;
    notifyAll();
  }

  synchronized void cutBy(Cut cut) {
    this.cut = cut;
    cutIfDue();
    notifyAll();
  }

  synchronized void cutNow() {
    if (isOpen()) {
      log.cut();
      close();
    }
  }

  synchronized void dropSilently() {
    if (isForwarding()) {
      enter(State.DROPPED);
    }
  }

  /** Resets both sides. */
  synchronized void close() {
    if (state != State.CLOSED) {
      enter(State.CLOSED);
      sides.reset();
    }
  }

  /** Waits while the connection is stalled. */
  synchronized void awaitResume() {
    await(() -> !stalled || !isForwarding());
  }

  /** Waits until bytes may be passed on; how many, or 0 if they are to be thrown away. */
  synchronized int beginWrite(Direction direction, byte[] from, int at, int wanted) {
    await(() -> !isForwarding() || !(stalled || cut.isDue()));
    if (!isForwarding()) {
      return 0;
    }
    int length = cut.take(direction, wanted);
    log.passing(number, direction, from, at, length);
    writes++;
    return length;
  }

  synchronized void endWrite(Direction direction, boolean written) {
    writes--;
    if (!written) {
      ends.failedToWrite(direction);
      resetIfBroken();
    }
    cutIfDue();
  }

  synchronized void inputEnded(Direction direction, boolean byReset) {
    awaitResume();
    log.ended(number, direction);
    ends.readToEnd(direction);
    if (isForwarding() && byReset) {
      close();
    } else if (isForwarding()) {
      sides.endOutput(direction);
      resetIfBroken();
    }
    closeIfOver();
  }

  private void resetIfBroken() {
    if (isForwarding() && ends.isBroken()) {
      close();
    }
  }

  private void closeIfOver() {
    if (ends.isOver() && (state == State.FORWARDING || state == State.ENDED)) {
      enter(State.CLOSED);
      sides.close();
    }
  }

  private void cutIfDue() {
    if (isForwarding() && cut.isDue() && writes == 0) {
      Cut due = cut;
      cut = Cut.never();
      if (due.isPermitted()) {
        make(due.manner());
      }
      notifyAll();
    }
  }

  private void make(Manner manner) {
    log.cut();
    if (manner == Manner.RESET) {
      close();
    } else {
      enter(State.ENDED);
      sides.endOutput(Direction.TO_ACCEPTOR);
      sides.endOutput(Direction.TO_DIALER);
    }
  }

  private void enter(State next) {
    state = next;
    log.ended(number, Direction.TO_ACCEPTOR);
    log.ended(number, Direction.TO_DIALER);
    if (next == State.CLOSED) {
      onClose.accept(this);
    }
    notifyAll();
  }

  private void await(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      try {
        wait();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        close();
      }
    }
  }
}
