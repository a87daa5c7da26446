package io.p2pchat.internal.peer;

import io.p2pchat.internal.net.CoarseTimer;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Notices that this machine has lost an address that sessions use, such as after a change of the
 * network. The system does not end such connections, and the peers would dial in vain. Looks every
 * 5 seconds while there are endpoints. Used on the event loop.
 */
final class OwnAddressWatch {
  /** A user of an address of this machine. */
  interface User {
    /** Returns the address that it uses, or null if it uses none. */
    @Nullable InetAddress ownAddress();

    /** This machine has lost the address that it uses. */
    void leaveOwnAddress();
  }

  private static final long INTERVAL_NANOS = Duration.ofSeconds(5).toNanos();

  private final NodeExecutors executors;
  private final Collection<? extends User> endpoints;
  private final Predicate<InetAddress> seemsLost;
  private final Predicate<InetAddress> isLost;
  private final CoarseTimer timer;

  /**
   * Creates a watch that has not begun.
   *
   * @param endpoints all endpoints
   * @param seemsLost whether an address cannot be used now. Does not block
   * @param isLost whether an address is none of this machine. May block
   */
  OwnAddressWatch(
      NodeExecutors executors,
      Collection<? extends User> endpoints,
      Predicate<InetAddress> seemsLost,
      Predicate<InetAddress> isLost) {
    this.executors = executors;
    this.endpoints = endpoints;
    this.seemsLost = seemsLost;
    this.isLost = isLost;
    this.timer = new CoarseTimer(executors.loop, this::look);
  }

  /** A session has opened. */
  void begin() {
    long now = executors.now();
    timer.set(now, now + INTERVAL_NANOS);
  }

  void look() {
    List<InetAddress> suspects =
        endpoints.stream()
            .map(User::ownAddress)
            .filter(Objects::nonNull)
            .distinct()
            .filter(seemsLost)
            .toList();
    if (!suspects.isEmpty()) {
      executors.complete(() -> confirm(suspects));
    }
    if (!endpoints.isEmpty()) {
      begin();
    }
  }

  private void confirm(List<InetAddress> suspects) {
    List<InetAddress> lost = suspects.stream().filter(isLost).toList();
    if (!lost.isEmpty()) {
      executors.onLoop(() -> leave(lost));
    }
  }

  private void leave(List<InetAddress> lost) {
    for (User endpoint : List.copyOf(endpoints)) {
      InetAddress own = endpoint.ownAddress();
      if (own != null && lost.contains(own)) {
        endpoint.leaveOwnAddress();
      }
    }
  }

  void end() {
    timer.cancel();
  }
}
