package io.p2pchat.internal.net.tls;

import io.netty.channel.Channel;
import io.p2pchat.internal.security.HostPrefix;
import java.net.InetAddress;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Limits the TLS handshakes of accepted connections, in all and per host (PROTOCOL.md section 6).
 * Further ones wait, and hosts take turns to begin one. They also take turns for the computation,
 * and dials of this node have turns of their own. Nothing is computed for closed connections.
 *
 * <p>Used on the event loop, which computes nothing itself.
 */
final class TlsHandshakeLimiter {
  private final Limits limits;
  private final FairExecutor<Owner> turns;
  private final Map<HostPrefix, Host> hosts = new HashMap<>();

  // The hosts that can begin a handshake, the next one first.
  private final Set<HostPrefix> inTurn = new LinkedHashSet<>();
  private int active;
  private int waiting;
  private boolean scheduled;

  private record Owner(HostPrefix host, boolean dialed) {
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Owner that && host.equals(that.host) && dialed == that.dialed;
    }

    @Override
    public int hashCode() {
      return 31 * host.hashCode() + Boolean.hashCode(dialed);
    }
  }

  /**
   * The limits on handshakes of accepted connections.
   *
   * @param active handshakes in progress, in all
   * @param activeOfOneHost handshakes in progress of one host
   * @param waiting waiting handshakes, in all
   * @param waitingOfOneHost waiting handshakes of one host
   */
  record Limits(int active, int activeOfOneHost, int waiting, int waitingOfOneHost) {}

  private record Waiting(Runnable begin, Runnable refuse) {}

  private static final class Host {
    // The oldest first.
    final Set<Channel> active = new LinkedHashSet<>();
    final Map<Channel, Waiting> waiting = new LinkedHashMap<>();

    Map.Entry<Channel, Waiting> newest() {
      return waiting.entrySet().stream().reduce((older, newer) -> newer).orElseThrow();
    }
  }

  /**
   * Creates an empty limiter.
   *
   * @param thread computes handshakes
   */
  TlsHandshakeLimiter(Executor thread, Limits limits) {
    this.turns = new FairExecutor<>(thread);
    this.limits = limits;
  }

  /**
   * Queues the handshake of an accepted connection. At the limit on waiting handshakes, it takes
   * the place of the newest one of the host with the most. At the limit on handshakes in progress,
   * it begins in the place of the oldest one of the busiest host. In both cases, that host must be
   * left with no fewer than the host of this connection then has.
   *
   * @param begin begins the handshake, soon or when others have ended
   * @param refuse closes the connection, because another one takes its place before it begins
   * @return whether there was room
   */
  boolean await(Channel channel, InetAddress ip, Runnable begin, Runnable refuse) {
    HostPrefix prefix = HostPrefix.of(ip);
    Host known = hosts.get(prefix);
    int own = known == null ? 0 : known.waiting.size();
    if (own >= limits.waitingOfOneHost || (waiting >= limits.waiting && !makeRoomToWait(own))) {
      return false;
    }
    Host host = hosts.computeIfAbsent(prefix, added -> new Host());
    host.waiting.put(channel, new Waiting(begin, refuse));
    waiting++;
    changed(prefix, host, channel);
    channel.closeFuture().addListener(closed -> end(channel, ip));
    return true;
  }

  private boolean makeRoomToWait(int own) {
    Map.Entry<HostPrefix, Host> busiest =
        hosts.entrySet().stream()
            .max(Comparator.comparingInt(entry -> entry.getValue().waiting.size()))
            .orElseThrow();
    Host host = busiest.getValue();
    if (host.waiting.size() <= own + 1) {
      return false;
    }
    Map.Entry<Channel, Waiting> newest = host.newest();
    // The listener of its end may be called later.
    end(newest.getKey(), busiest.getKey());
    newest.getValue().refuse().run();
    return true;
  }

  /** The handshake of an accepted connection has ended. Repeated calls have no effect. */
  void end(Channel channel, InetAddress ip) {
    end(channel, HostPrefix.of(ip));
  }

  private void end(Channel channel, HostPrefix prefix) {
    Host host = hosts.get(prefix);
    if (host == null) {
      return;
    }
    if (host.waiting.remove(channel) != null) {
      waiting--;
    } else if (host.active.remove(channel)) {
      active--;
    }
    changed(prefix, host, channel);
  }

  private void changed(HostPrefix prefix, Host host, Channel channel) {
    if (host.waiting.isEmpty() || host.active.size() >= limits.activeOfOneHost) {
      inTurn.remove(prefix);
    } else {
      inTurn.add(prefix);
    }
    if (host.waiting.isEmpty() && host.active.isEmpty()) {
      hosts.remove(prefix);
    }
    if (!inTurn.isEmpty() && !scheduled) {
      scheduled = true;
      // Scheduled, not executed: a task would run in this pass, before all other work.
      channel.eventLoop().schedule(this::beginNext, 0, TimeUnit.NANOSECONDS);
    }
  }

  /**
   * Begins the next handshake. Preparing it is slow, so the event loop does other work before the
   * next but one.
   */
  private void beginNext() {
    scheduled = false;
    boolean full = active >= limits.active;
    HostPrefix next =
        full
            ? inTurn.stream().min(Comparator.comparingInt(this::activeOf)).orElse(null)
            : inTurn.stream().findFirst().orElse(null);
    if (next == null || (full && !makeRoom(activeOf(next)))) {
      return;
    }
    begin(next, Objects.requireNonNull(hosts.get(next)));
  }

  private int activeOf(HostPrefix host) {
    return Objects.requireNonNull(hosts.get(host)).active.size();
  }

  private void begin(HostPrefix prefix, Host host) {
    Iterator<Map.Entry<Channel, Waiting>> first = host.waiting.entrySet().iterator();
    Map.Entry<Channel, Waiting> next = first.next();
    Channel channel = next.getKey();
    Runnable begin = next.getValue().begin();
    first.remove();
    waiting--;
    host.active.add(channel);
    active++;
    // To the end of the hosts in turn.
    inTurn.remove(prefix);
    changed(prefix, host, channel);
    begin.run();
  }

  private boolean makeRoom(int own) {
    Set<Channel> busiest =
        hosts.values().stream()
            .map(host -> host.active)
            .max(Comparator.comparingInt(Set::size))
            .orElse(Set.of());
    if (busiest.size() <= own + 1) {
      return false;
    }
    busiest.iterator().next().close();
    return true;
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
