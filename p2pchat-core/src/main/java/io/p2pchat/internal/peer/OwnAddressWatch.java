package io.p2pchat.internal.peer;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Notices that this machine has lost an address that sessions use, such as after a change of the
 * network. The system does not end such connections, and the peers would dial in vain. Looks every
 * 5 seconds while there are endpoints, once at each address: hundreds of sessions share a few. Used
 * on the event loop.
 */
final class OwnAddressWatch {
  private static final long INTERVAL_NANOS = Duration.ofSeconds(5).toNanos();

  private final NodeExecutors executors;
  private final Collection<? extends Watched> watched;
  private final Predicate<InetAddress> isLost;
  private final CoarseTimer timer;

  /** What uses an address of this machine. */
  interface Watched {
    /** If this machine has lost the address, leaves it. */
    void leaveLostAddress(Predicate<InetAddress> isLost);
  }

  /**
   * Creates a watch that has not begun.
   *
   * @param watched all endpoints
   * @param isLost whether an address was one of this machine and is none any more
   */
  OwnAddressWatch(
      NodeExecutors executors,
      Collection<? extends Watched> watched,
      Predicate<InetAddress> isLost) {
    this.executors = executors;
    this.watched = watched;
    this.isLost = isLost;
    this.timer = new CoarseTimer(executors.loop, this::look);
  }

  /** A session has opened. */
  void begin() {
    long now = executors.now();
    timer.set(now, now + INTERVAL_NANOS);
  }

  private void look() {
    Map<InetAddress, Boolean> lost = new HashMap<>();
    for (Watched endpoint : List.copyOf(watched)) {
      endpoint.leaveLostAddress(own -> lost.computeIfAbsent(own, isLost::test));
    }
    if (!watched.isEmpty()) {
      begin();
    }
  }

  void end() {
    timer.cancel();
  }
}
