package io.p2pchat.cli.chat;

import io.p2pchat.Peer;
import io.p2pchat.PeerEvent;
import io.p2pchat.PeerEvent.PeerPinned;
import io.p2pchat.cli.output.EventText;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;

/**
 * Limits the lines of each peer, and those of each host. From the first line above the limit on, it
 * shows none until fewer come. It counts them, and says once a second how many each peer has sent.
 * For more than three peers at once, one more line counts the others together. Peers without a key
 * have the limit of their host.
 *
 * <p>This class is thread-safe.
 */
final class FloodGate {
  private static final double BURST = 200;
  private static final double PER_NANO = 20 / (double) Duration.ofSeconds(1).toNanos();

  /** How many lines there must be to end a flood. */
  private static final double SHOWN_AGAIN = 20;

  /** How many peers at their limit a host can have. */
  private static final int PEERS_OF_HOST = 4;

  private static final long SECOND_NANOS = Duration.ofSeconds(1).toNanos();
  private static final int MAX = 1024;
  private static final Object OTHERS = new Object();
  private static final int MAX_TOLD = 3;
  private static final int IPV6_PREFIX_BYTES = 8;

  private final BiConsumer<List<Peer>, Long> out;
  private final LongSupplier clock;
  private final LongFunction<Executor> delayed;
  private final Map<Object, Budget> budgets = new LinkedHashMap<>(16, 0.75f, true);
  private final Map<Object, Held> held = new LinkedHashMap<>();
  private boolean isDue;

  /** The lines that may be shown now. */
  private static final class Budget {
    private double lines;
    private long atNanos;
    private boolean isFlood;

    Budget(double lines, long now) {
      this.lines = lines;
      this.atNanos = now;
    }

    void fill(long now, int share) {
      lines = Math.min(BURST * share, lines + (now - atNanos) * PER_NANO * share);
      isFlood = isFlood && lines < SHOWN_AGAIN * share;
      atNanos = now;
    }

    /** Returns whether there is no more line. Then the one that has come delays the next. */
    boolean isEmpty() {
      isFlood = isFlood || lines < 1;
      if (isFlood) {
        lines = Math.max(0, lines - 1);
      }
      return isFlood;
    }
  }

  /** The lines of a peer that were not shown. */
  private static final class Held {
    private final Peer peer;
    private long lines;

    Held(Peer peer) {
      this.peer = peer;
    }

    long lines() {
      return lines;
    }
  }

  /**
   * Creates the gate.
   *
   * @param out takes peers, and how many of their lines were not shown. Must not wait
   * @param clock nanoseconds
   * @param delayed returns an executor that waits for that number of nanoseconds first
   */
  FloodGate(BiConsumer<List<Peer>, Long> out, LongSupplier clock, LongFunction<Executor> delayed) {
    this.out = out;
    this.clock = clock;
    this.delayed = delayed;
  }

  /** Returns whether an event can flood the screen. A warning is never left out. */
  static boolean limits(PeerEvent event) {
    return EventText.of(event).isPresent()
        || (event instanceof PeerPinned newcomer
            && newcomer.known().isEmpty()
            && newcomer.lookAlikes().isEmpty()
            && !newcomer.suspiciousName());
  }

  /** Returns whether a line of a peer is shown. Otherwise counts it. */
  synchronized boolean passes(Peer peer) {
    long now = clock.getAsLong();
    Object host = host(peer);
    Object id = peer.fingerprint().<Object>map(key -> key).orElse(host);
    Budget own = budget(id, now, 1);
    Budget all = budget(List.of(host), now, PEERS_OF_HOST);
    if (own.isEmpty() || all.isEmpty()) {
      hold(id, peer);
      return false;
    }
    own.lines--;
    all.lines--;
    return true;
  }

  private Budget budget(Object id, long now, int share) {
    Budget budget = budgets.computeIfAbsent(id, key -> new Budget(BURST * share, now));
    if (budgets.size() > MAX) {
      budgets.remove(budgets.keySet().iterator().next()); // The one that was silent longest.
    }
    budget.fill(now, share);
    return budget;
  }

  /** Returns the host. An IPv6 network of 64 bits is one host. */
  private static String host(Peer peer) {
    String host = peer.address().host();
    if (!host.contains(":")) {
      return host;
    }
    try {
      byte[] address = InetAddress.getByName(host.split("%", 2)[0]).getAddress();
      return HexFormat.of().formatHex(address, 0, IPV6_PREFIX_BYTES);
    } catch (UnknownHostException e) {
      return host;
    }
  }

  private void hold(Object id, Peer peer) {
    Object key = held.size() < MAX || held.containsKey(id) ? id : OTHERS;
    held.computeIfAbsent(key, each -> new Held(peer)).lines++;
    if (!isDue) {
      isDue = true;
      delayed.apply(SECOND_NANOS).execute(this::tell);
    }
  }

  private void tell() {
    List<Held> all;
    synchronized (this) {
      isDue = false;
      all = new ArrayList<>(held.values());
      held.clear();
    }
    all.sort(Comparator.comparingLong(Held::lines).reversed());
    int alone = all.size() > MAX_TOLD ? MAX_TOLD - 1 : all.size();
    all.subList(0, alone).forEach(each -> out.accept(List.of(each.peer), each.lines));
    List<Held> others = all.subList(alone, all.size());
    if (!others.isEmpty()) {
      out.accept(
          others.stream().map(each -> each.peer).toList(),
          others.stream().mapToLong(Held::lines).sum());
    }
  }
}
