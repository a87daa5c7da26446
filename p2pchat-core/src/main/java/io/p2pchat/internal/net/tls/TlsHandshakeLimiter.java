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
 * The TLS handshakes under way: how many of accepted connections there may be, in all and of one
 * host (PROTOCOL.md section 6), and which is computed next: the hosts have turns, and what this
 * node dials has turns of its own. Nothing is computed for a connection that is closed.
 *
 * <p>Used on the event loop, which computes nothing itself.
 */
final class TlsHandshakeLimiter {
  private final int most;
  private final int mostOfOneHost;
  private final FairExecutor<Owner> turns;

  // The longest under way first.
  private final Map<HostPrefix, Set<Channel>> accepted = new HashMap<>();
  private int count;

  private record Owner(HostPrefix host, boolean dialed) {}

  /**
   * Makes an empty table.
   *
   * @param thread where handshakes are computed
   * @param most how many of accepted connections there may be
   * @param mostOfOneHost how many of them of one host
   */
  TlsHandshakeLimiter(Executor thread, int most, int mostOfOneHost) {
    this.turns = new FairExecutor<>(thread);
    this.most = most;
    this.mostOfOneHost = mostOfOneHost;
  }

  /**
   * Enters the handshake of an accepted connection. Where there are as many as may be, one of the
   * host that has most gives way, if that is another host.
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

  /** The handshake of an accepted connection has ended, however; it may be told again. */
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

  /** Where the handshake of a connection is computed. */
  Work work(Channel channel, InetAddress ip, boolean dialed) {
    return new Work(turns, new Owner(HostPrefix.of(ip), dialed), channel);
  }

  /** One task at a time: what a handshake goes on with is known when it is done. */
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

    /** Whether there is a task: who uses the engine of TLS meanwhile may have to wait for it. */
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
                // The next one may be there already.
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
