package io.p2pchat.internal.peer;

import io.p2pchat.PeerAddress;
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
  private final Consumer<PeerAddress> giveUp;
  private final CoarseTimer timer;

  // The deadlines, the earliest first.
  private final Map<PeerAddress, Long> deadlines = new LinkedHashMap<>();

  /**
   * Creates an empty set.
   *
   * @param giveUp called for a peer that was not removed for the whole timeout
   */
  UnreachablePeers(NodeExecutors executors, Duration timeout, Consumer<PeerAddress> giveUp) {
    this.executors = executors;
    this.timeoutNanos = timeout.toNanos();
    this.giveUp = giveUp;
    this.timer = new CoarseTimer(executors.loop, this::expire);
  }

  /** The peer became unreachable. */
  void add(PeerAddress peer) {
    long now = executors.now();
    deadlines.putIfAbsent(peer, now + timeoutNanos);
    schedule(now);
  }

  /** The peer was reached or heard from, or has left. */
  void remove(PeerAddress peer) {
    deadlines.remove(peer);
  }

  private void expire() {
    long now = executors.now();
    Iterator<Map.Entry<PeerAddress, Long>> all = deadlines.entrySet().iterator();
    while (all.hasNext()) {
      Map.Entry<PeerAddress, Long> first = all.next();
      if (first.getValue() > now) {
        break;
      }
      PeerAddress peer = first.getKey();
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
