package io.p2pchat.internal.net.tls;

import io.netty.channel.Channel;
import io.p2pchat.internal.security.HostPrefix;
import java.net.InetAddress;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Limits the TLS handshakes of accepted connections, in all and per host (PROTOCOL.md section 6).
 * Hosts take turns for the computation, and dials of this node have turns of their own. Nothing is
 * computed for closed connections.
 *
 * <p>Used on the event loop, which computes nothing itself.
 */
final class TlsHandshakeLimiter {
  private final int most;
  private final int mostOfOneHost;
  private final FairExecutor<Owner> turns;

  // The oldest handshake of each host first.
  private final Map<HostPrefix, Set<Channel>> accepted = new HashMap<>();
  private int count;

  private record Owner(HostPrefix host, boolean dialed) {}

  /**
   * Creates an empty limiter.
   *
   * @param thread computes handshakes
   * @param most the limit on handshakes of accepted connections
   * @param mostOfOneHost the limit for one host
   */
  TlsHandshakeLimiter(Executor thread, int most, int mostOfOneHost) {
    this.turns = new FairExecutor<>(thread);
    this.most = most;
    this.mostOfOneHost = mostOfOneHost;
  }

  /**
   * Starts the handshake of an accepted connection. At the total limit it closes the oldest
   * handshake of the busiest host, if that is another host.
   *
   * @return whether there was room
   */
  boolean begin(Channel channel, InetAddress ip) {
    HostPrefix host = HostPrefix.of(ip);
    int own = accepted.getOrDefault(host, Set.of()).size();
    if (own >= mostOfOneHost || (count >= most && !makeRoom(own))) {
      return false;
    }
    accepted.computeIfAbsent(host, any -> new LinkedHashSet<>()).add(channel);
    count++;
    channel.closeFuture().addListener(closed -> end(channel, ip));
    return true;
  }

  private boolean makeRoom(int own) {
    Set<Channel> busiest =
        accepted.values().stream().max(Comparator.comparingInt(Set::size)).orElse(Set.of());
    if (busiest.size() <= own) {
      return false;
    }
    busiest.iterator().next().close();
    return true;
  }

  /** The handshake of an accepted connection has ended. Repeated calls have no effect. */
  void end(Channel channel, InetAddress ip) {
    HostPrefix host = HostPrefix.of(ip);
    Set<Channel> own = accepted.get(host);
    if (own != null && own.remove(channel)) {
      count--;
      if (own.isEmpty()) {
        accepted.remove(host);
      }
    }
  }

  /** Returns the executor for the handshake of a connection. */
  Work work(Channel channel, InetAddress ip, boolean dialed) {
    return new Work(turns, new Owner(HostPrefix.of(ip), dialed), channel);
  }

  /** Runs one task at a time, because each result decides the next task. */
  static final class Work implements Executor {
    private final FairExecutor<Owner> turns;
    private final Owner owner;
    private final Channel channel;
    private final AtomicReference<@Nullable Runnable> current = new AtomicReference<>();

    private Work(FairExecutor<Owner> turns, Owner owner, Channel channel) {
      this.turns = turns;
      this.owner = owner;
      this.channel = channel;
      channel.closeFuture().addListener(closed -> drop());
    }

    /**
     * Returns whether a task is queued or running. Other uses of the TLS engine may block
     * meanwhile.
     */
    boolean isUnderWay() {
      return current.get() != null;
    }

    @Override
    public void execute(Runnable task) {
      Runnable unlessClosed =
          new Runnable() {
            @Override
            public void run() {
              try {
                if (channel.isOpen()) {
                  task.run();
                }
              } finally {
                // The next task may be set already.
                current.compareAndSet(this, null);
              }
            }
          };
      current.set(unlessClosed);
      turns.execute(owner, unlessClosed);
    }

    private void drop() {
      Runnable waiting = current.get();
      if (waiting != null) {
        turns.drop(owner, waiting);
      }
    }
  }
}
