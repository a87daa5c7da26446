package io.p2pchat.discovery;

import io.netty.handler.codec.dns.DnsRecordType;
import io.p2pchat.discovery.MdnsRecord.Question;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What was heard on one interface about instances of the service. Records about anything else are
 * not kept. The location and the addresses of an instance are needed to dial it; its text may be
 * missing.
 *
 * <p>Holds at most 4,096 instances, of which 64 come from one host. When it is full, a host with
 * few of them takes the place of one with many. Not thread-safe; times are in nanoseconds.
 */
final class MdnsCache {
  static final int MAX_INSTANCES = 4096;
  static final int MAX_INSTANCES_OF_HOST = 64;
  private static final int NEW_INSTANCES_PER_SECOND = 2;

  private final String ownNode;
  private final RandomGenerator random;
  private final MdnsRateLimit newInstances;
  private final Map<String, MdnsInstance> instances = new LinkedHashMap<>();
  private final Map<String, MdnsHost> hosts = new HashMap<>();
  private final Map<InetAddress, Integer> instancesOfHost = new HashMap<>();
  private final Set<String> replaced = new LinkedHashSet<>();

  /**
   * What is known about an instance.
   *
   * @param port where it listens
   * @param addresses the addresses of its host, at least one
   * @param text its text
   * @param left for how many nanoseconds this counts, more than 0
   */
  record Found(int port, List<InetAddress> addresses, MdnsData.Text text, long left) {}

  /**
   * Creates a cache.
   *
   * @param ownNode the {@code NODE} of this node, whose instance is ignored
   */
  MdnsCache(String ownNode, RandomGenerator random, long now) {
    this.ownNode = ownNode;
    this.random = random;
    this.newInstances =
        new MdnsRateLimit(
            MAX_INSTANCES_OF_HOST, NEW_INSTANCES_PER_SECOND, MAX_INSTANCES_OF_HOST, now);
  }

  boolean isEmpty() {
    return instances.isEmpty();
  }

  Set<String> names() {
    return Set.copyOf(instances.keySet());
  }

  /** Returns what is known about an instance, or null if it is not enough to dial it. */
  @Nullable Found find(String name, long now) {
    MdnsInstance instance = instances.get(name);
    MdnsData.Location location = instance == null ? null : instance.location();
    MdnsHost host = location == null ? null : hosts.get(location.host());
    if (instance == null || location == null || host == null || location.port() == 0) {
      return null;
    }
    long left = Math.min(host.left(now), instance.left(now));
    return left <= 0 ? null : new Found(location.port(), host.addresses(), instance.text(), left);
  }

  /** Returns the PTR records that need not be told again, for a question about all instances. */
  List<MdnsRecord> knownPointers(long now) {
    return instances.values().stream()
        .filter(instance -> instance.pointer.isFresh(now) && instance.canBeAsked())
        .map(
            instance ->
                new MdnsRecord(
                    MdnsNames.SERVICE,
                    DnsRecordType.PTR,
                    false,
                    instance.pointer.ttl(now),
                    new MdnsData.Pointer(instance.name)))
        .toList();
  }

  /**
   * Takes the records of a response.
   *
   * @param source the host that it came from
   * @param dialable returns an address as it can be dialed from here, or null
   * @return the names of the instances that they concern
   */
  Set<String> receive(
      InetAddress source,
      List<MdnsRecord> records,
      Function<InetAddress, @Nullable InetAddress> dialable,
      long now) {
    Set<String> concerned = new LinkedHashSet<>();
    // In the order in which the records lead to each other.
    for (MdnsRecord record : records) {
      if (record.data() instanceof MdnsData.Pointer pointer
          && record.name().equals(MdnsNames.SERVICE)
          && receivePointer(source, pointer.target(), record.ttl(), now)) {
        concerned.add(pointer.target());
      }
    }
    for (MdnsRecord record : records) {
      MdnsInstance instance = instances.get(record.name());
      if (instance != null) {
        receiveAbout(instance, record, now);
        concerned.add(instance.name);
      }
    }
    for (MdnsRecord record : records) {
      MdnsHost host = hosts.get(record.name());
      if (host != null && record.data() instanceof MdnsData.Address address) {
        host.receive(record, address.ip(), dialable.apply(address.ip()), random, now);
        concerned.addAll(host.instances);
      }
    }
    return concerned;
  }

  /** Returns whether the instance is in the cache. */
  private boolean receivePointer(InetAddress source, String name, long ttl, long now) {
    String label = MdnsNames.label(name);
    if (label == null || ownNode.equals(MdnsNames.node(label))) {
      return false;
    }
    MdnsInstance instance = instances.get(name);
    if (ttl == 0) {
      if (instance != null) {
        instance.pointer.endSoon(now);
      }
      return instance != null;
    }
    MdnsLease lease = new MdnsLease(now, ttl, random);
    if (instance != null) {
      instance.pointer = lease;
      return true;
    }
    if (!makeRoom(source) || !newInstances.take(source, now)) {
      return false;
    }
    instances.put(name, new MdnsInstance(name, source, lease, now));
    instancesOfHost.merge(source, 1, Integer::sum);
    return true;
  }

  private void receiveAbout(MdnsInstance instance, MdnsRecord record, long now) {
    if (record.data() instanceof MdnsData.Location location) {
      if (record.ttl() == 0) {
        instance.endLocationSoon(now);
        return;
      }
      if (!location.equals(instance.location())) {
        leaveHost(instance);
        hosts.computeIfAbsent(location.host(), name -> new MdnsHost()).instances.add(instance.name);
      }
      instance.setLocation(location, new MdnsLease(now, record.ttl(), random));
    } else if (record.data() instanceof MdnsData.Text text && record.ttl() > 0) {
      instance.setText(text, new MdnsLease(now, record.ttl(), random));
    }
  }

  /** Returns whether a host may have one more instance, which may replace one of another host. */
  private boolean makeRoom(InetAddress source) {
    int own = instancesOfHost.getOrDefault(source, 0);
    if (own >= MAX_INSTANCES_OF_HOST || instances.size() < MAX_INSTANCES) {
      return own < MAX_INSTANCES_OF_HOST;
    }
    InetAddress most = source;
    int count = own + 1;
    for (Map.Entry<InetAddress, Integer> each : instancesOfHost.entrySet()) {
      if (each.getValue() > count) {
        most = each.getKey();
        count = each.getValue();
      }
    }
    for (MdnsInstance instance : instances.values()) {
      if (count > own + 1 && instance.source.equals(most)) {
        remove(instance);
        replaced.add(instance.name);
        return true;
      }
    }
    return false;
  }

  private void remove(MdnsInstance instance) {
    instances.remove(instance.name);
    instancesOfHost.computeIfPresent(
        instance.source, (source, count) -> count == 1 ? null : Integer.valueOf(count - 1));
    leaveHost(instance);
  }

  private void leaveHost(MdnsInstance instance) {
    MdnsData.Location location = instance.location();
    MdnsHost host = location == null ? null : hosts.get(location.host());
    if (location != null && host != null) {
      host.instances.remove(instance.name);
      if (host.instances.isEmpty()) {
        hosts.remove(location.host());
      }
    }
    instance.setLocation(null, null);
  }

  /**
   * Removes what is over.
   *
   * @return the names of the instances that changed by it, or have gone
   */
  Set<String> expire(long now) {
    Set<String> changed = new LinkedHashSet<>(replaced);
    replaced.clear();
    for (MdnsHost host : hosts.values()) {
      if (host.expire(now)) {
        changed.addAll(host.instances);
      }
    }
    for (MdnsInstance instance : List.copyOf(instances.values())) {
      if (instance.expireText(now)) {
        changed.add(instance.name);
      }
      if (instance.isLocationOver(now)) {
        leaveHost(instance);
        changed.add(instance.name);
      }
      if (instance.pointer.isOver(now)) {
        remove(instance);
        changed.add(instance.name);
      }
    }
    return changed;
  }

  /**
   * Returns questions for what is missing, and for what ends soon unless it is said again.
   *
   * @param max about how many
   */
  Set<Question> dueQuestions(int max, long now) {
    Set<Question> questions = new LinkedHashSet<>();
    for (MdnsInstance instance : instances.values()) {
      if (questions.size() >= max) {
        break;
      }
      MdnsData.Location location = instance.location();
      instance.addDueQuestions(
          location == null ? null : hosts.get(location.host()), questions, now);
    }
    return questions;
  }
}
