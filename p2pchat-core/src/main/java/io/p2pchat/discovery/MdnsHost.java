package io.p2pchat.discovery;

import java.net.InetAddress;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A host in the {@link MdnsCache}: its addresses, at most eight. Not thread-safe. */
final class MdnsHost {
  private static final long FLUSH_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** The names of the instances on this host. */
  final Set<String> instances = new HashSet<>();

  private final Map<InetAddress, MdnsLease> addresses = new LinkedHashMap<>();

  /**
   * Takes a record.
   *
   * @param said the address in it
   * @param ip the same as it can be dialed from here; null if it cannot
   */
  void receive(
      MdnsRecord record,
      InetAddress said,
      @Nullable InetAddress ip,
      RandomGenerator random,
      long now) {
    if (record.unique()) {
      // The cache-flush bit: others of the type go, unless they were said within a second.
      addresses.forEach(
          (other, lease) -> {
            if (other.getClass().equals(said.getClass()) && lease.isOlderThan(FLUSH_NANOS, now)) {
              lease.endSoon(now);
            }
          });
    }
    if (ip == null) {
      return;
    }
    MdnsLease known = addresses.get(ip);
    if (record.ttl() == 0) {
      if (known != null) {
        known.endSoon(now);
      }
    } else if (known != null || addresses.size() < PeerCandidate.MAX_ADDRESSES) {
      addresses.put(ip, new MdnsLease(now, record.ttl(), random));
    }
  }

  List<InetAddress> addresses() {
    return List.copyOf(addresses.keySet());
  }

  /** Returns for how many nanoseconds an address counts; 0 or less if there is none. */
  long left(long now) {
    return addresses.values().stream().mapToLong(lease -> lease.end() - now).max().orElse(0);
  }

  /** Removes what is over. Returns whether something was. */
  boolean expire(long now) {
    return addresses.values().removeIf(lease -> lease.isOver(now));
  }

  /** Returns whether an address has to be asked for again, and takes it as done. */
  boolean takeDue(long now) {
    boolean due = false;
    for (MdnsLease lease : addresses.values()) {
      due |= lease.takeDue(now);
    }
    return due;
  }
}
