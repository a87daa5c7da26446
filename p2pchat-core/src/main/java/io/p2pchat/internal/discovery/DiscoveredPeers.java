package io.p2pchat.internal.discovery;

import io.p2pchat.DiscoveredPeer;
import io.p2pchat.Fingerprint;
import io.p2pchat.KnownPeer;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerEvent;
import io.p2pchat.discovery.PeerCandidate;
import io.p2pchat.internal.security.HostPrefix;
import io.p2pchat.internal.security.LinkLocal;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The peers that the sources of discovery have found (docs/DISCOVERY.md). Each candidate holds its
 * peer for a lease. Candidates with one {@code NODE} are one peer, unless they name two keys. A
 * peer vanishes with its last lease.
 *
 * <p>All is bounded: peers, peers of one host, and addresses of a peer. Peers with a known key take
 * the place of others. Times are nanoseconds of one steady clock. Thread-safe.
 */
public final class DiscoveredPeers {
  /** The maximum number of peers. */
  static final int MOST = 4096;

  /** The maximum number of peers with an address at one host. */
  static final int MOST_OF_HOST = 64;

  /** The maximum number of candidates of one peer. */
  static final int MOST_LEASES = 8;

  private static final long LONGEST_LEASE = Duration.ofDays(1).toNanos();

  private final InstantSource clock;
  private final Function<String, List<KnownPeer>> lookAlikes;
  private final Map<LeaseId, Found> byLease = new HashMap<>();
  private final Map<String, List<Found>> byNode = new HashMap<>();
  private final TreeMap<Long, Found> all = new TreeMap<>();
  private final TreeMap<Long, Found> strangers = new TreeMap<>();
  private final Map<Object, Set<Found>> byHost = new HashMap<>();
  private final Map<Fingerprint, Set<Found>> byKey = new HashMap<>();
  private final Set<Found> changed = new LinkedHashSet<>();
  private final Set<Fingerprint> hinted = new HashSet<>();
  private final Set<PeerCandidate> gone = new LinkedHashSet<>();
  private final Set<PeerAddress> own = new HashSet<>();
  private final Queue<Answer> answers = new ArrayDeque<>();
  private long next;
  private @Nullable List<DiscoveredPeer> snapshot = List.of();

  /**
   * Creates an empty list.
   *
   * @param lookAlikes finds the known peers whose names look like a team name. Thread-safe
   */
  public DiscoveredPeers(InstantSource clock, Function<String, List<KnownPeer>> lookAlikes) {
    this.clock = clock;
    this.lookAlikes = lookAlikes;
  }

  /**
   * A source of one node.
   *
   * @param number its number
   * @param name its name, which several sources can have
   * @param hearsay whether it repeats what other peers have said, rather than the peer itself
   */
  record Source(int number, String name, boolean hearsay) {}

  /** A candidate of a source. */
  private record LeaseId(Source source, String id) {}

  /** What is known of one candidate. */
  private static final class Lease {
    /** What the source has reported. */
    final PeerCandidate reported;

    /** What is known of it now. A dial may have shown more. */
    final PeerCandidate candidate;

    final List<PeerAddress> addresses;
    long until;

    Lease(
        PeerCandidate reported, PeerCandidate candidate, List<PeerAddress> addresses, long until) {
      this.reported = reported;
      this.candidate = candidate;
      this.addresses = addresses;
      this.until = until;
    }
  }

  /** One peer. Its candidates name one {@code NODE} and at most one key. */
  private final class Found {
    final long order = next++;
    final HintCheck check;
    final Map<LeaseId, Lease> leases = new LinkedHashMap<>(2);
    private final DiscoveredPeer.Builder blank;
    Set<Object> hosts = Set.of();
    @Nullable KnownPeer known;
    @Nullable DiscoveredPeer view;
    @Nullable DiscoveredPeer told;

    Found(HintCheck check, PeerAddress first) {
      this.check = check;
      this.blank = DiscoveredPeer.builder(List.of(first), clock.instant());
    }

    /** The candidates have changed. */
    void update() {
      List<PeerAddress> addresses =
          leases.values().stream()
              .flatMap(lease -> lease.addresses.stream())
              .distinct()
              .sorted(LinkLocal.LAST)
              .limit(PeerCandidate.MAX_ADDRESSES)
              .toList();
      String team = first(PeerCandidate::teamName);
      DiscoveredPeer now =
          DiscoveredPeer.builder(addresses, blank.build().firstSeen())
              .node(check.node)
              .keyHint(check.hint)
              .teamName(team)
              .level(
                  leases.values().stream().mapToInt(one -> one.candidate.level()).max().orElse(0))
              .sources(leases.keySet().stream().map(id -> id.source.name()).distinct().toList())
              .known(known)
              .lookAlikes(known == null && team != null ? lookAlikes.apply(team) : List.of())
              .build();
      if (!now.equals(view)) {
        if (known != null) {
          hinted.add(known.fingerprint());
        }
        view = now;
        snapshot = null;
        if (told == null || !says(now).equals(says(told))) {
          changed.add(this);
        }
      }
    }

    private <T> @Nullable T first(Function<PeerCandidate, Optional<T>> part) {
      return leases.values().stream()
          .flatMap(lease -> part.apply(lease.candidate).stream())
          .findFirst()
          .orElse(null);
    }

    private List<Object> says(DiscoveredPeer peer) {
      return List.of(peer.node(), peer.teamName(), peer.known(), peer.lookAlikes());
    }
  }

  /** A dialed address has shown who is there. */
  private record Answer(PeerAddress at, String node, String team, @Nullable Fingerprint key) {}

  // ---- what sources report

  /** Renews the lease of a candidate. Returns false if the candidate is new or has changed. */
  synchronized boolean renew(Source source, PeerCandidate candidate, long until) {
    Found found = byLease.get(new LeaseId(source, candidate.id()));
    Lease lease = found == null ? null : found.leases.get(new LeaseId(source, candidate.id()));
    if (lease == null || !lease.reported.equals(candidate)) {
      return false;
    }
    lease.until = until;
    return true;
  }

  /** Returns when a lease ends that begins now. */
  static long end(long now, Duration lease) {
    return now
        + (lease.compareTo(Duration.ofNanos(LONGEST_LEASE)) > 0 ? LONGEST_LEASE : lease.toNanos());
  }

  /**
   * Takes a candidate, if there is room for it, in the place of one with the same id.
   *
   * @param check which key it hints at
   * @param known the known peer with that key, or null
   */
  synchronized void take(
      Source source,
      PeerCandidate candidate,
      HintCheck check,
      @Nullable KnownPeer known,
      long until) {
    if (!own.containsAll(candidate.addresses())) {
      take(new LeaseId(source, candidate.id()), candidate, candidate, check, known, until);
    }
  }

  private void take(
      LeaseId id,
      PeerCandidate reported,
      PeerCandidate candidate,
      HintCheck check,
      @Nullable KnownPeer known,
      long until) {
    Found before = byLease.get(id);
    Found same =
        before != null && before.leases.size() == 1 && isSame(before, check) ? before : null;
    Found found = same == null ? join(id, check) : same;
    List<PeerAddress> addresses = withRoom(found, candidate.addresses(), known != null);
    if (before != null && (before != found || addresses.isEmpty())) {
      end(before, id);
      found = found != null && found.leases.isEmpty() ? null : found;
    }
    if (addresses.isEmpty() || (found == null && !makeRoom(known != null))) {
      return;
    }
    if (found != null && !found.leases.containsKey(id) && found.leases.size() >= MOST_LEASES) {
      return;
    }
    Found peer = found == null ? create(check, addresses.get(0)) : found;
    peer.leases.put(id, new Lease(reported, candidate, addresses, until));
    byLease.put(id, peer);
    learn(peer, check, known);
    place(peer);
    peer.update();
  }

  private static boolean isSame(Found found, HintCheck check) {
    return Objects.equals(found.check.node, check.node)
        && Objects.equals(found.check.hint, check.hint);
  }

  /** Returns the peer that a candidate belongs to, or null if it is a new one. */
  private @Nullable Found join(LeaseId id, HintCheck check) {
    Found before = byLease.get(id);
    if (check.node == null) {
      return before != null && isSame(before, check) ? before : null;
    }
    List<Found> named = byNode.getOrDefault(check.node, List.of());
    for (Found found : named) {
      if (isSame(found, check)) {
        return found;
      }
    }
    // One that names no key joins whoever has the NODE. The key is checked at each address.
    return check.hint == null && !named.isEmpty() ? named.get(0) : null;
  }

  private Found create(HintCheck check, PeerAddress first) {
    Found found = new Found(check, first);
    all.put(found.order, found);
    strangers.put(found.order, found);
    if (check.node != null) {
      byNode.computeIfAbsent(check.node, any -> new ArrayList<>(1)).add(found);
    }
    return found;
  }

  private void learn(Found peer, HintCheck check, @Nullable KnownPeer known) {
    if (check.match != null && peer.check.match == null && isSame(peer, check)) {
      peer.check.match = check.match;
    }
    if (isSame(peer, check)) {
      setKnown(peer, known);
    }
  }

  private void setKnown(Found peer, @Nullable KnownPeer known) {
    KnownPeer before = peer.known;
    if (before != null) {
      byKey.computeIfPresent(
          before.fingerprint(),
          (any, peers) -> peers.remove(peer) && peers.isEmpty() ? null : peers);
    }
    peer.known = known;
    if (known == null) {
      strangers.put(peer.order, peer);
    } else {
      strangers.remove(peer.order);
      byKey.computeIfAbsent(known.fingerprint(), any -> new LinkedHashSet<>()).add(peer);
    }
  }

  // ---- bounds

  private boolean makeRoom(boolean isKnown) {
    if (all.size() < MOST) {
      return true;
    }
    if (!isKnown || strangers.isEmpty()) {
      return false;
    }
    // Those who came last are the likeliest to be part of a flood.
    remove(strangers.lastEntry().getValue());
    return true;
  }

  /** Returns the addresses at whose hosts there is room for a peer. */
  private List<PeerAddress> withRoom(
      @Nullable Found found, List<PeerAddress> addresses, boolean isKnown) {
    List<PeerAddress> taken = new ArrayList<>(addresses.size());
    Set<Object> hosts = new HashSet<>();
    for (PeerAddress address : addresses) {
      Object host = host(address);
      Set<Found> there = byHost.getOrDefault(host, Set.of());
      if (hosts.contains(host)
          || (found != null && there.contains(found))
          || there.size() < MOST_OF_HOST
          || (isKnown && removeStranger(there))) {
        hosts.add(host);
        taken.add(address);
      }
    }
    return taken;
  }

  private boolean removeStranger(Set<Found> there) {
    Optional<Found> last =
        there.stream()
            .filter(peer -> peer.known == null)
            .max(Comparator.comparingLong(peer -> peer.order));
    last.ifPresent(this::remove);
    return last.isPresent();
  }

  /** Returns the host that an address counts to. */
  static Object host(PeerAddress address) {
    Optional<InetAddress> ip = address.ip();
    return ip.isPresent() ? HostPrefix.of(ip.get()) : address.host();
  }

  private void place(Found peer) {
    Set<Object> now = new HashSet<>();
    peer.leases.values().stream()
        .flatMap(lease -> lease.addresses.stream())
        .forEach(address -> now.add(host(address)));
    peer.hosts.stream().filter(host -> !now.contains(host)).forEach(host -> leave(peer, host));
    now.forEach(host -> byHost.computeIfAbsent(host, any -> new LinkedHashSet<>()).add(peer));
    peer.hosts = now;
  }

  private void leave(Found peer, Object host) {
    byHost.computeIfPresent(
        host, (any, peers) -> peers.remove(peer) && peers.isEmpty() ? null : peers);
  }

  // ---- the end of leases

  /** A source has lost a candidate. */
  synchronized void lost(Source source, String id) {
    Found found = end(new LeaseId(source, id));
    // Others may name a peer for long after it has gone. What they have said in vain tells nothing.
    if (found != null
        && !source.hearsay()
        && found.leases.keySet().stream().allMatch(left -> left.source.hearsay())) {
      found.leases.values().stream()
          .limit(MOST - gone.size())
          .forEach(left -> gone.add(left.reported));
    }
  }

  /**
   * Returns the candidates of hearsay since the last call whose peer has gone, as another source
   * says. Anybody may have said so there.
   */
  synchronized Set<PeerCandidate> takeGone() {
    Set<PeerCandidate> taken = new LinkedHashSet<>(gone);
    gone.clear();
    return taken;
  }

  /** Ends the leases that were not renewed in time. */
  synchronized void expire(long now) {
    List<LeaseId> over = new ArrayList<>(0);
    byLease.forEach(
        (id, found) -> {
          Lease lease = found.leases.get(id);
          if (lease != null && now - lease.until >= 0) {
            over.add(id);
          }
        });
    over.forEach(this::end);
  }

  private @Nullable Found end(LeaseId id) {
    Found found = byLease.get(id);
    if (found != null) {
      end(found, id);
    }
    return found;
  }

  private void end(Found found, LeaseId id) {
    found.leases.remove(id);
    byLease.remove(id);
    if (found.leases.isEmpty()) {
      remove(found);
    } else {
      place(found);
      found.update();
    }
  }

  private void remove(Found found) {
    found.leases.keySet().forEach(byLease::remove);
    found.leases.clear();
    setKnown(found, null);
    place(found);
    strangers.remove(found.order);
    all.remove(found.order);
    if (found.check.node != null) {
      byNode.computeIfPresent(
          found.check.node, (any, peers) -> peers.remove(found) && peers.isEmpty() ? null : peers);
    }
    snapshot = null;
    if (found.told == null) {
      changed.remove(found);
    } else {
      changed.add(found);
    }
  }

  // ---- keys

  /** Returns the hints to compare with keys, of all peers that name a key. */
  synchronized List<HintCheck> checks() {
    return all.values().stream()
        .map(found -> found.check)
        .filter(check -> check.hint != null)
        .toList();
  }

  /**
   * The known peers have changed, or more of them were compared.
   *
   * @param known returns the known peer of a hint and a team name, or null
   */
  synchronized void recognize(Known known) {
    for (Found found : List.copyOf(all.values())) {
      if (found.check.match != null) {
        setKnown(found, known.peer(found.check, found.first(PeerCandidate::teamName)));
      }
      found.update();
    }
  }

  /** Finds known peers. */
  interface Known {
    /** Returns the known peer of a hint, or null. */
    @Nullable KnownPeer peer(HintCheck check, @Nullable String team);
  }

  // ---- what the node asks

  /** Returns all peers, the first found first. */
  public synchronized List<DiscoveredPeer> all() {
    List<DiscoveredPeer> now = snapshot;
    if (now == null) {
      now = all.values().stream().map(found -> found.view).filter(Objects::nonNull).toList();
      snapshot = now;
    }
    return now;
  }

  /**
   * Returns where a key is said to be. Nothing of it is proven. The last found and the first found
   * come in turn, so that a flood of further ones keeps none from its turn. Of one IP address, it
   * is the first. Link-local ones are last.
   *
   * @param most the maximum number of addresses, each at another IP address
   * @param mayDial whether an address counts. The others take the place of none
   */
  public synchronized List<PeerAddress> hints(
      Fingerprint key, int most, Predicate<PeerAddress> mayDial) {
    Deque<Found> peers = new ArrayDeque<>(byKey.getOrDefault(key, Set.of()));
    Map<String, PeerAddress> byIp = new LinkedHashMap<>();
    boolean last = true;
    while (!peers.isEmpty() && byIp.size() < most) {
      int before = byIp.size();
      Found found = last ? peers.removeLast() : peers.removeFirst();
      addresses(found.leases.values())
          .filter(address -> address.isIp() && mayDial.test(address))
          .forEach(address -> byIp.putIfAbsent(ipOrSelf(address), address));
      last ^= byIp.size() > before;
    }
    return byIp.values().stream().limit(most).sorted(LinkLocal.LAST).toList();
  }

  /** Returns whether a node of a key is said to be at none of these addresses. */
  public synchronized boolean isElsewhere(Fingerprint key, Collection<PeerAddress> known) {
    return byKey.getOrDefault(key, Set.of()).stream()
        .anyMatch(found -> addresses(found.leases.values()).noneMatch(known::contains));
  }

  /** Returns the known keys of which something was found since the last call. */
  synchronized Set<Fingerprint> takeHinted() {
    Set<Fingerprint> taken = Set.copyOf(hinted);
    hinted.clear();
    return taken;
  }

  /** Nodes of this machine are at one IP address. */
  private static String ipOrSelf(PeerAddress address) {
    boolean own = address.ip().map(InetAddress::isLoopbackAddress).orElse(false);
    return own ? address.toString() : address.host();
  }

  private static Stream<PeerAddress> addresses(Collection<Lease> leases) {
    return leases.stream().flatMap(lease -> lease.addresses.stream());
  }

  /** Returns the addresses that the user has chosen. */
  public synchronized Set<PeerAddress> chosen() {
    Set<PeerAddress> chosen = new LinkedHashSet<>();
    for (Found found : all.values()) {
      found.leases.values().stream()
          .filter(lease -> lease.reported.chosen())
          .forEach(lease -> chosen.addAll(lease.addresses));
    }
    return chosen;
  }

  /**
   * A chosen address has shown who is there.
   *
   * @param key its key, or null if it does not encrypt
   */
  public synchronized void answered(
      PeerAddress at, String node, String team, @Nullable Fingerprint key) {
    if (answers.size() < MOST) {
      answers.add(new Answer(at, node, team, key));
    }
  }

  /** This node itself listens at a chosen address, so it is not a peer. */
  public synchronized void isSelf(PeerAddress at) {
    if (own.size() < MOST) {
      own.add(at);
    }
    for (Found found : List.copyOf(all.values())) {
      for (LeaseId id : List.copyOf(found.leases.keySet())) {
        Lease lease = found.leases.get(id);
        if (lease != null && own.containsAll(lease.addresses)) {
          end(id);
        }
      }
    }
  }

  /** Applies what chosen addresses have shown. */
  synchronized void applyAnswers(Known known) {
    for (Answer answer = answers.poll(); answer != null; answer = answers.poll()) {
      for (Found found : List.copyOf(all.values())) {
        for (LeaseId id : List.copyOf(found.leases.keySet())) {
          Lease lease = found.leases.get(id);
          if (lease != null && lease.reported.chosen() && lease.addresses.contains(answer.at)) {
            apply(id, lease, answer, known);
          }
        }
      }
    }
  }

  private void apply(LeaseId id, Lease lease, Answer answer, Known known) {
    PeerCandidate.Builder shown = PeerCandidate.builder(id.id).node(answer.node).level(1);
    shown.teamName(answer.team);
    lease.addresses.forEach(shown::address);
    String hint = answer.key == null ? null : PeerCandidate.keyHint(answer.key, answer.node);
    if (hint != null) {
      shown.keyHint(hint);
    }
    HintCheck check = new HintCheck(answer.node, hint);
    check.match = answer.key;
    take(id, lease.reported, shown.build(), check, known.peer(check, answer.team), lease.until);
  }

  // ---- events

  /** Returns the next event to publish, or null. */
  synchronized @Nullable PeerEvent nextEvent() {
    Iterator<Found> first = changed.iterator();
    while (first.hasNext()) {
      Found found = first.next();
      first.remove();
      DiscoveredPeer told = found.told;
      DiscoveredPeer view = found.view;
      if (!found.leases.isEmpty() && view != null) {
        found.told = view;
        return PeerEvent.PeerDiscovered.of(view, clock.instant());
      }
      if (told != null) {
        found.told = null;
        return PeerEvent.PeerVanished.of(told, clock.instant());
      }
    }
    return null;
  }
}
