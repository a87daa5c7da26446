package io.p2pchat.discovery;

import io.netty.channel.EventLoop;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.util.concurrent.Future;
import io.p2pchat.PeerAddress;
import io.p2pchat.discovery.MdnsRecord.Question;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for instances of the service, and reports them as candidates. Asks on each link at once,
 * then after 1, 2, 4, ... seconds and at last each hour, and before what it knows ends. An instance
 * that is heard on several interfaces is one candidate with the addresses of all. Used on the event
 * loop only; does no I/O.
 */
final class MdnsBrowser {
  private static final Logger LOG = LoggerFactory.getLogger(MdnsBrowser.class);
  private static final long MIN_FIRST_MILLIS = 20;
  private static final long MAX_FIRST_MILLIS = 120;
  private static final long FIRST_INTERVAL_MILLIS = 1_000;
  private static final long MAX_INTERVAL_MILLIS = 3_600_000;
  private static final long TICK_MILLIS = 500;
  private static final long REPORT_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final int MAX_PACKETS = 8;
  private static final int QUESTIONS_IN_PACKET = 14;
  private static final int KNOWN_IN_PACKET = 14;

  private final EventLoop loop;
  private final String ownNode;
  private final Sink sink;
  private final RandomGenerator random;
  private final Map<Integer, Network> networks = new HashMap<>();
  private final Map<String, Reported> reported = new HashMap<>();
  private final Set<String> later = new LinkedHashSet<>();
  private boolean ticking;
  private boolean closed;

  /** An interface: its links, with the next question on each, and what was heard there. */
  private static final class Network {
    final Map<MdnsLink, Future<?>> links = new LinkedHashMap<>();
    final MdnsCache cache;

    Network(MdnsCache cache) {
      this.cache = cache;
    }

    /** Returns any of its links, which all know the interface. */
    MdnsLink link() {
      return links.keySet().iterator().next();
    }
  }

  /**
   * A candidate that the sink knows.
   *
   * @param at when it was reported
   * @param end until when the sink believes it
   */
  private record Reported(PeerCandidate candidate, long at, long end) {}

  MdnsBrowser(EventLoop loop, String ownNode, Sink sink, RandomGenerator random) {
    this.loop = loop;
    this.ownNode = ownNode;
    this.sink = sink;
    this.random = random;
  }

  private long now() {
    return loop.ticker().nanoTime();
  }

  /** Begins to ask on a link. */
  void add(MdnsLink link) {
    Network network =
        networks.computeIfAbsent(
            link.interfaceIndex(), index -> new Network(new MdnsCache(ownNode, random, now())));
    askLater(
        network, link, random.nextLong(MIN_FIRST_MILLIS, MAX_FIRST_MILLIS), FIRST_INTERVAL_MILLIS);
  }

  /** Forgets a link, which has gone; and what was heard there, if it is the interface's last. */
  void remove(MdnsLink link) {
    Network network = networks.get(link.interfaceIndex());
    Future<?> question = network == null ? null : network.links.remove(link);
    if (network == null || question == null) {
      return;
    }
    question.cancel(false);
    if (network.links.isEmpty()) {
      networks.remove(link.interfaceIndex());
      report(network.cache.names());
    }
  }

  /** Stops. Nothing is reported any more. */
  void close() {
    closed = true;
    networks.values().forEach(each -> each.links.values().forEach(next -> next.cancel(false)));
    networks.clear();
  }

  private void askLater(Network network, MdnsLink link, long delay, long interval) {
    network.links.put(
        link,
        loop.schedule(
            () -> {
              askForAll(network, List.of(link));
              askLater(network, link, interval, Math.min(2 * interval, MAX_INTERVAL_MILLIS));
            },
            delay,
            TimeUnit.MILLISECONDS));
  }

  /** Asks for all instances but those that are known. */
  private void askForAll(Network network, Collection<MdnsLink> links) {
    List<Question> question = List.of(new Question(MdnsNames.SERVICE, DnsRecordType.PTR));
    List<MdnsRecord> known = network.cache.knownPointers(now());
    int count = Math.min(known.size(), MAX_PACKETS * KNOWN_IN_PACKET);
    for (int from = 0; from == 0 || from < count; from += KNOWN_IN_PACKET) {
      int to = Math.min(from + KNOWN_IN_PACKET, count);
      send(
          links,
          MdnsPacket.query(from == 0 ? question : List.of(), known.subList(from, to), to < count));
    }
  }

  private static void send(Collection<MdnsLink> links, MdnsPacket packet) {
    links.forEach(link -> link.send(packet));
  }

  /**
   * Handles a response.
   *
   * @param source the host that it came from
   */
  void receive(MdnsLink link, InetAddress source, MdnsPacket packet) {
    Network network = networks.get(link.interfaceIndex());
    if (network != null && packet.response()) {
      report(network.cache.receive(source, packet.records(), link::dialable, now()));
      tickLater();
    }
  }

  private void tickLater() {
    if (!ticking && !closed) {
      ticking = true;
      loop.schedule(this::tick, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private void tick() {
    ticking = false;
    if (closed) {
      return;
    }
    Set<String> due = new LinkedHashSet<>(later);
    later.clear();
    for (Network network : networks.values()) {
      due.addAll(network.cache.expire(now()));
      askAgain(network);
    }
    report(due);
    if (!later.isEmpty() || networks.values().stream().anyMatch(each -> !each.cache.isEmpty())) {
      tickLater();
    }
  }

  private void askAgain(Network network) {
    List<Question> due =
        new ArrayList<>(network.cache.dueQuestions((MAX_PACKETS - 1) * QUESTIONS_IN_PACKET, now()));
    if (due.remove(new Question(MdnsNames.SERVICE, DnsRecordType.PTR))) {
      askForAll(network, network.links.keySet());
    }
    for (int from = 0; from < due.size(); from += QUESTIONS_IN_PACKET) {
      int to = Math.min(from + QUESTIONS_IN_PACKET, due.size());
      send(network.links.keySet(), MdnsPacket.query(due.subList(from, to), List.of(), false));
    }
  }

  /** Reports what has changed, and what counts for longer; each instance at most once a second. */
  private void report(Set<String> names) {
    for (String name : names) {
      if (closed) {
        return;
      }
      try {
        report(name);
      } catch (RuntimeException e) {
        LOG.warn("The sink of discovered peers has failed", e);
      }
    }
  }

  private void report(String name) {
    Reported before = reported.get(name);
    long left = 0;
    PeerCandidate.Builder builder = PeerCandidate.builder(name);
    Set<PeerAddress> addresses = new LinkedHashSet<>();
    for (Network network : networks.values()) {
      MdnsCache.Found found = network.cache.find(name, now());
      if (found != null) {
        left = Math.max(left, found.left());
        describe(builder, name, found.text());
        addresses.addAll(addresses(network.link(), found));
      }
    }
    addresses.forEach(builder::address);
    if (addresses.isEmpty()) {
      if (before != null) {
        reported.remove(name);
        sink.lost(name);
      }
      return;
    }
    PeerCandidate candidate = builder.build();
    boolean renewed = before == null || now() + left - before.end() >= REPORT_NANOS;
    if (before != null && candidate.equals(before.candidate()) && !renewed) {
      return;
    }
    if (before != null && now() - before.at() < REPORT_NANOS) {
      later.add(name);
      tickLater();
      return;
    }
    reported.put(name, new Reported(candidate, now(), now() + left));
    sink.found(candidate, Duration.ofNanos(left));
  }

  private static void describe(PeerCandidate.Builder builder, String name, MdnsData.Text text) {
    String label = MdnsNames.label(name);
    String node = label == null ? null : MdnsNames.node(label);
    if (node != null) {
      builder.node(node);
    }
    if (text.team() != null) {
      builder.teamName(text.team());
    }
    if (text.keyHint() != null) {
      builder.keyHint(text.keyHint());
    }
    builder.level(text.level());
  }

  /**
   * Returns the addresses: those of the interface's networks first, of them IPv4 before IPv6, and
   * link-local ones last.
   */
  private static List<PeerAddress> addresses(MdnsLink link, MdnsCache.Found found) {
    return found.addresses().stream()
        .sorted(Comparator.comparingInt((InetAddress ip) -> distance(link, ip)))
        .flatMap(ip -> address(ip, found.port()).stream())
        .toList();
  }

  private static int distance(MdnsLink link, InetAddress ip) {
    if (ip.isLinkLocalAddress()) {
      return 3;
    }
    if (!link.isOnLink(ip)) {
      return 2;
    }
    return ip instanceof Inet4Address ? 0 : 1;
  }

  private static Optional<PeerAddress> address(InetAddress ip, int port) {
    try {
      return Optional.of(PeerAddress.of(new InetSocketAddress(ip, port)));
    } catch (IllegalArgumentException e) {
      // The interface of a link-local address has gone meanwhile.
      return Optional.empty();
    }
  }
}
