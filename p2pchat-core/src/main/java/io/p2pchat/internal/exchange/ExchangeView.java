package io.p2pchat.internal.exchange;

import io.p2pchat.internal.discovery.DialMemory;
import io.p2pchat.internal.protocol.Peers;
import io.p2pchat.internal.security.HostPrefix;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What one node knows by peer exchange (PROTOCOL.md section 8): which peers it names to others,
 * whom it believes, and whom it visits when.
 *
 * <ul>
 *   <li>A peer is <em>known</em> if this node has dialed it, it has proven its key, and it takes
 *       part in the exchange. Only known peers are named to others, for an hour.
 *   <li>A peer <em>claims</em> its address in a session or on a visit, at the IP address where it
 *       is seen.
 *   <li>A peer is <em>hearsay</em> if somebody else has named it.
 * </ul>
 *
 * Claims and hearsay are visited, to become known or to be dropped. All of it is bounded. Pure:
 * every call has the time, in nanoseconds of one steady clock. Not thread-safe.
 */
final class ExchangeView {
  /** The maximum number of peers of each kind. */
  static final int MOST = 64;

  /** The maximum number of peers of each kind at one host, and named by one host. */
  static final int MOST_OF_HOST = 8;

  /** The maximum number of addresses that hearsay gives one {@code NODE}. */
  static final int MOST_OF_NODE = 4;

  private static final int MOST_OTHERS = 1024;

  /** How long a known peer is named to others and listed, without another answer. */
  static final Duration ANSWER = Duration.ofHours(1);

  /** When a known peer is visited again. */
  static final Duration FRESH = Duration.ofMinutes(30);

  /** How long hearsay is listed. */
  static final Duration HEARSAY = Duration.ofMinutes(10);

  /** How long a claim waits for a visit. */
  static final Duration CLAIM = Duration.ofMinutes(30);

  /** The time between two dials to an IP address. */
  static final Duration DIAL = Duration.ofMinutes(10);

  /** The time after a failure at an address. */
  static final Duration FAILURE = Duration.ofHours(1);

  private final String self;
  private final AddressRule rule;
  private final Random random;
  private final DialMemory dials;
  private final Findings findings;
  private final Map<String, Known> known = new LinkedHashMap<>();

  /** When whom an answer came from, also of those that have left the view. */
  private final Map<String, Long> answered = new HashMap<>();

  private final Map<String, Told> claims = new LinkedHashMap<>();
  private final Map<String, Told> hearsay = new LinkedHashMap<>();

  /** The peers with sessions that do not take part, with their key and without. */
  private final Set<String> others = new LinkedHashSet<>();

  /** When this view has had an IP address dialed. */
  private final Map<InetAddress, Long> dialed = new LinkedHashMap<>();

  /** When an IP address was dialed anew because its peer was said to have gone. */
  private final Map<InetAddress, Long> doubted = new HashMap<>();

  /** The addresses at which nobody was, and the peers that were not at an address. */
  private final Map<Object, Long> failed = new LinkedHashMap<>();

  /** Who claims an address is there itself, so a visit there disturbs nobody else. */
  private final Pace toClaims = new Pace(16, Duration.ofMillis(500));

  private final Pace toOthers = new Pace(8, Duration.ofSeconds(20));

  private final Pace cleaning = new Pace(1, Duration.ofMinutes(1));

  /** Takes what is found. */
  interface Findings {
    /** A peer was found, or found again. */
    void found(Contact peer, Duration lease);

    /** A peer is not there. */
    void lost(Contact peer);
  }

  /** A known peer, when it has answered, and whether it may have gone since. */
  private record Known(Contact peer, long answered, boolean doubted) {}

  private record Told(Contact peer, HostPrefix by, long until) {}

  /**
   * Creates an empty view.
   *
   * @param self the {@code NODE} of this node
   * @param dials the dials that others have caused
   */
  ExchangeView(String self, AddressRule rule, DialMemory dials, Random random, Findings findings) {
    this.self = self;
    this.dials = dials;
    this.rule = rule;
    this.random = random;
    this.findings = findings;
  }

  // ---- what others say

  /** A peer that takes part has said itself that it listens at an address, where it is seen. */
  void claimed(long now, Contact peer) {
    Known before = known.get(peer.who);
    boolean isKnown =
        before == null
            ? answered.containsKey(peer.who)
            : before.peer.address().equals(peer.address());
    if (isKnown || peer.node().equals(self) || failedLately(now, peer) || !rule.isNamed(peer.ip)) {
      return;
    }
    Told told = new Told(peer, peer.host, now + CLAIM.toNanos());
    if (claims.replace(peer.id, told) == null) {
      makeRoom(claims, entry -> peer.host.equals(entry.by)).ifPresent(claims::remove);
      claims.put(peer.id, told);
    }
  }

  /**
   * A peer has named others.
   *
   * @param by where the peer is seen
   */
  void heard(long now, InetAddress by, Collection<Peers.Entry> entries) {
    HostPrefix teller = HostPrefix.of(by);
    for (Peers.Entry entry : entries) {
      if (!entry.node().equals(self) && !answered.containsKey(Contact.who(entry))) {
        heard(now, by, teller, entry);
      }
    }
  }

  private void heard(long now, InetAddress by, HostPrefix teller, Peers.Entry entry) {
    Told before = hearsay.get(Contact.id(entry));
    if (others.contains(Contact.who(entry))) {
      return;
    }
    if (before == null && told(told -> told.by.equals(teller)).size() >= MOST_OF_HOST) {
      return;
    }
    Contact peer = before == null ? new Contact(entry, null) : before.peer;
    if (!rule.passes(peer.ip, by)
        || failedLately(now, peer)
        || (before == null && !makeRoomFor(peer, teller))) {
      return;
    }
    if (before == null && hearsay.size() >= MOST) {
      drop(pick(List.copyOf(hearsay.values())));
    }
    HostPrefix first = before == null ? teller : before.by;
    hearsay.put(peer.id, new Told(peer, first, now + HEARSAY.toNanos()));
    findings.found(peer, HEARSAY);
  }

  private boolean makeRoomFor(Contact peer, HostPrefix teller) {
    List<Told> ofHost = told(told -> told.peer.host.equals(peer.host));
    List<Told> ofNode = told(told -> told.peer.node().equals(peer.node()));
    return (ofHost.size() < MOST_OF_HOST || givesWay(ofHost, teller))
        && (ofNode.size() < MOST_OF_NODE || givesWay(ofNode, teller));
  }

  private List<Told> told(Predicate<Told> which) {
    List<Told> found = new ArrayList<>(0);
    for (Told told : hearsay.values()) {
      if (which.test(told)) {
        found.add(told);
      }
    }
    return found;
  }

  /**
   * Drops one of these peers of the host that has named most of them, unless another host would
   * then have. So a host that lies does not keep others from naming the peer that is there.
   */
  private boolean givesWay(List<Told> full, HostPrefix teller) {
    Map<HostPrefix, List<Told>> byTeller = new LinkedHashMap<>();
    full.forEach(told -> byTeller.computeIfAbsent(told.by, any -> new ArrayList<>()).add(told));
    List<Told> most = Collections.max(byTeller.values(), Comparator.comparingInt(List::size));
    if (most.size() <= byTeller.getOrDefault(teller, List.of()).size() + 1) {
      return false;
    }
    drop(pick(most));
    return true;
  }

  private void drop(Told told) {
    hearsay.remove(told.peer.id);
    findings.lost(told.peer);
  }

  // ---- what this node says

  /** Returns a random sample of the known peers, for a peer that is seen at {@code to}. */
  List<Peers.Entry> sample(long now, InetAddress to, String toNode) {
    List<Peers.Entry> sample = new ArrayList<>();
    for (Known one : known.values()) {
      if (now - one.answered < ANSWER.toNanos()
          && !one.peer.node().equals(toNode)
          && rule.passes(one.peer.ip, to)) {
        sample.add(one.peer.entry);
      }
    }
    Collections.shuffle(sample, random);
    return List.copyOf(sample.subList(0, Math.min(sample.size(), Peers.MOST)));
  }

  // ---- visits

  /** Returns whom to visit now, or null. Counts as a dial. */
  @Nullable Contact next(long now) {
    Contact peer = toClaims.permits(now) ? anyOf(dialable(now, claims.values())) : null;
    if (peer != null) {
      toClaims.take(now);
    } else if (toOthers.permits(now)) {
      List<Contact> others = dialable(now, hearsay.values());
      for (Known one : known.values()) {
        if ((one.doubted || now - one.answered >= FRESH.toNanos()) && isDialable(now, one.peer)) {
          others.add(one.peer);
        }
      }
      peer = anyOf(others);
      if (peer != null) {
        peer = inTurn(peer, others);
        toOthers.take(now);
      }
    }
    if (peer != null) {
      dialed.put(peer.ip, now);
      dials.dial(now, peer.address());
    }
    return peer;
  }

  /**
   * Returns whom to visit at the IP address of a peer. It is dialed seldom, so the hosts that have
   * named somebody there have the same chance, however many they have named.
   */
  private Contact inTurn(Contact chosen, List<Contact> others) {
    Map<Object, List<Contact>> byTeller = new LinkedHashMap<>();
    for (Contact each : others) {
      if (each.ip.equals(chosen.ip)) {
        Told told = hearsay.get(each.id);
        byTeller.computeIfAbsent(told == null ? each : told.by, any -> new ArrayList<>()).add(each);
      }
    }
    return pick(pick(List.copyOf(byTeller.values())));
  }

  private List<Contact> dialable(long now, Collection<Told> told) {
    List<Contact> peers = new ArrayList<>();
    told.forEach(
        one -> {
          if (isDialable(now, one.peer)) {
            peers.add(one.peer);
          }
        });
    return peers;
  }

  private boolean isDialable(long now, Contact peer) {
    Long last = dialed.get(peer.ip);
    return (last == null || now - last >= DIAL.toNanos())
        && dials.mayDial(now, peer.address())
        && !failedLately(now, peer);
  }

  private boolean failedLately(long now, Contact peer) {
    return hasFailed(now, peer.address()) || hasFailed(now, peer.id);
  }

  private boolean hasFailed(long now, Object what) {
    Long last = failed.get(what);
    return last != null && now - last < FAILURE.toNanos();
  }

  /**
   * A visit has succeeded.
   *
   * @param expected who was visited
   * @param shown who was there: the same node, maybe with a key that was not known before
   */
  void answered(long now, Contact expected, Contact shown) {
    claims.remove(expected.id);
    if (hearsay.remove(expected.id) != null && !expected.id.equals(shown.id)) {
      findings.lost(expected);
    }
    answered(now, shown);
  }

  /** A peer that takes part has proven its key where this node has dialed it. */
  void answered(long now, Contact peer) {
    claims.remove(peer.id);
    hearsay.remove(peer.id);
    failed.remove(peer.address());
    failed.remove(peer.id);
    if (peer.node().equals(self) || !rule.isNamed(peer.ip)) {
      return;
    }
    Known before = known.remove(peer.who);
    if (before != null && !before.peer.id.equals(peer.id)) {
      findings.lost(before.peer);
    }
    makeRoom(known, one -> one.peer.host.equals(peer.host)).ifPresent(known::remove);
    known.put(peer.who, new Known(peer, now, false));
    answered.put(peer.who, now);
    // It is no victim, so messages for its key may look for it here at once.
    dials.forget(List.of(peer.address()));
    findings.found(peer, ANSWER);
  }

  /** A visit was turned away. The peer may be there, and makes room for others that are named. */
  void busy(Contact peer) {
    claims.remove(peer.id);
    hearsay.remove(peer.id);
  }

  /** A visit has failed. Nobody is there, or somebody who does not take part. */
  void failed(long now, Contact peer) {
    failed(now, peer, peer.address());
  }

  /**
   * Another node is there than the one that was named. Whoever has named it so does not keep the
   * node that is there from being visited.
   */
  void isAnother(long now, Contact peer) {
    failed(now, peer, peer.id);
  }

  private void failed(long now, Contact peer, Object what) {
    failed.remove(what);
    failed.put(what, now);
    claims.remove(peer.id);
    hearsay.remove(peer.id);
    Known before = known.get(peer.who);
    if (before != null && before.peer.address().equals(peer.address())) {
      known.remove(peer.who);
    }
    answered.remove(peer.who);
    findings.lost(peer);
  }

  /** The connection with a peer has ended. A known peer is visited to learn whether it is there. */
  void doubt(String node, @Nullable String hint) {
    known.computeIfPresent(
        Contact.who(node, hint), (who, one) -> new Known(one.peer, one.answered, true));
  }

  /**
   * Another source of discovery says that a peer has gone. Anybody can say so there, so a known
   * peer is only visited: at once, even if its IP address was dialed not long ago, but then not
   * again for this reason in that time.
   */
  void gone(long now, Contact peer) {
    Known before = known.get(peer.who);
    if (before == null || !before.peer.id.equals(peer.id)) {
      hearsay.remove(peer.id);
      findings.lost(peer);
      return;
    }
    known.put(peer.who, new Known(before.peer, before.answered, true));
    Long last = doubted.get(peer.ip);
    if (last == null || now - last >= DIAL.toNanos()) {
      doubted.put(peer.ip, now);
      dialed.remove(peer.ip);
      dials.forget(List.of(peer.address()));
    }
  }

  /** A peer has said that it leaves. It may have left only this node, so it is visited later. */
  void left(long now, String node, @Nullable String hint) {
    Known before = known.remove(Contact.who(node, hint));
    if (before != null) {
      answered.remove(before.peer.who);
      findings.lost(before.peer);
      claimed(now, before.peer);
    }
  }

  /**
   * A peer with a session does not take part. It is not visited or named. Somebody with another key
   * can repeat its {@code NODE}.
   */
  void leaveOut(String node, @Nullable String hint) {
    for (String who : List.of(node, Contact.who(node, hint))) {
      others.remove(who);
      others.add(who);
      if (others.size() > MOST_OTHERS) {
        others.remove(others.iterator().next());
      }
    }
    List.copyOf(hearsay.values()).stream()
        .filter(told -> others.contains(told.peer.who))
        .forEach(this::drop);
  }

  /** Forgets what is too old, once a minute. */
  void expire(long now) {
    if (!cleaning.permits(now)) {
      return;
    }
    cleaning.take(now);
    known.values().removeIf(one -> now - one.answered >= ANSWER.toNanos());
    answered.values().removeIf(at -> now - at >= FRESH.toNanos());
    claims.values().removeIf(told -> now - told.until >= 0);
    hearsay.values().removeIf(told -> now - told.until >= 0);
    dialed.values().removeIf(at -> now - at >= DIAL.toNanos());
    doubted.values().removeIf(at -> now - at >= DIAL.toNanos());
    failed.values().removeIf(at -> now - at >= FAILURE.toNanos());
  }

  // ---- bounds

  /** Returns the entry that another one of a host replaces, at random. */
  private <T> Optional<String> makeRoom(Map<String, T> map, Predicate<T> ofHost) {
    List<String> sameHost = new ArrayList<>();
    map.forEach(
        (id, entry) -> {
          if (ofHost.test(entry)) {
            sameHost.add(id);
          }
        });
    if (sameHost.size() >= MOST_OF_HOST) {
      return Optional.of(pick(sameHost));
    }
    return map.size() < MOST ? Optional.empty() : Optional.of(pick(List.copyOf(map.keySet())));
  }

  private <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  private @Nullable Contact anyOf(List<Contact> peers) {
    return peers.isEmpty() ? null : pick(peers);
  }
}
