package io.p2pchat.internal.peer;

import io.p2pchat.internal.net.CoarseTimer;
import io.p2pchat.internal.registry.PeerId;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The unreachable peers without a session, and when to give each of them up. Sessions have this
 * timeout themselves. Used on the event loop.
 */
final class UnreachablePeers {
  private final NodeExecutors executors;
  private final long timeoutNanos;
  private final Consumer<PeerId> giveUp;
  private final CoarseTimer timer;

  // The deadlines, the earliest first.
  private final Map<PeerId, Long> deadlines = new LinkedHashMap<>();

  /**
   * Creates an empty set.
   *
   * @param giveUp called for a peer that was not removed for the whole timeout
   */
  UnreachablePeers(NodeExecutors executors, Duration timeout, Consumer<PeerId> giveUp) {
    this.executors = executors;
    this.timeoutNanos = timeout.toNanos();
    this.giveUp = giveUp;
    this.timer = new CoarseTimer(executors.loop, this::expire);
  }

  /** The peer became unreachable. */
  void add(PeerId peer) {
    long now = executors.now();
    deadlines.putIfAbsent(peer, now + timeoutNanos);
    schedule(now);
  }

  /** The peer was reached or heard from, or has left. */
  void remove(PeerId peer) {
    deadlines.remove(peer);
  }

  private void expire() {
    long now = executors.now();
    Iterator<Map.Entry<PeerId, Long>> all = deadlines.entrySet().iterator();
    while (all.hasNext()) {
      Map.Entry<PeerId, Long> first = all.next();
      if (first.getValue() > now) {
        break;
      }
      PeerId peer = first.getKey();
      all.remove();
      giveUp.accept(peer);
    }
    schedule(now);
  }

  private void schedule(long now) {
    if (!deadlines.isEmpty()) {
      timer.set(now, deadlines.values().iterator().next());
    }
  }
}
