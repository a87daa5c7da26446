package io.p2pchat.internal.security;

import static java.util.Comparator.naturalOrder;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toSet;

import io.p2pchat.Fingerprint;
import io.p2pchat.KnownPeer;
import io.p2pchat.PeerAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An immutable snapshot of all known peers, with the remarks between them. It has at most one pin
 * for a team at an address. The first pin of an address is of its holder. Pins with temporary keys
 * are in memory only, come after the others, and count toward no limit of the file.
 *
 * <p>Team names are compared as {@link TeamNames#fold folded}. A file that a person has edited may
 * have several names at an address that are equal when folded.
 *
 * <p>Thread-safe. It does no I/O, so an event loop may use it. A change copies the set. Addresses
 * are IP addresses, and a zone is ignored. A host name causes an {@code IllegalArgumentException},
 * because any answer for it would be wrong.
 */
public final class KnownPeerSet {
  /** No known peers. */
  public static final KnownPeerSet NONE = new KnownPeerSet(List.of());

  /** The maximum number of lines, remarks included. */
  public static final int MAX_LINES = 65_536;

  /**
   * The maximum number of known peers up to which new ones are recorded automatically. The other
   * lines are reserved for peers that a person adds. It also bounds the cost of a new pin, because
   * each change writes the whole file.
   */
  static final int MOST_UNASKED = 4096;

  /** The maximum number of addresses of a key that {@link #addresses} returns. */
  public static final int MOST_ADDRESSES = 8;

  /** The maximum number of pins in a list for the user. */
  static final int MOST_NAMED = 64;

  record Place(String team, PeerAddress address) {
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Place that && team.equals(that.team) && address.equals(that.address);
    }

    @Override
    public int hashCode() {
      return 31 * team.hashCode() + address.hashCode();
    }
  }

  private record Name(String team, Fingerprint fingerprint) {
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Name that
          && team.equals(that.team)
          && fingerprint.equals(that.fingerprint);
    }

    @Override
    public int hashCode() {
      return 31 * team.hashCode() + fingerprint.hashCode();
    }
  }

  private final List<KnownPeersFormat.Line> lines;
  private final List<KnownPeer> temporary;
  private final Set<Fingerprint> temporaryKeys;
  private final int count;
  private final Map<String, TeamNames.Forms> forms = new HashMap<>();
  private final Map<Place, List<KnownPeer>> byPlace;
  private final Map<Name, List<KnownPeer>> byName;
  private final Map<String, List<KnownPeer>> byTeam;
  private final Map<String, List<KnownPeer>> bySkeleton = new HashMap<>();
  private final Map<Fingerprint, List<KnownPeer>> byKey;
  private final Map<PeerAddress, List<KnownPeer>> byAddress;
  private final Map<HostPrefix, Set<Name>> byHost;

  /** The caller ensures that no team is pinned twice at an address. */
  KnownPeerSet(List<KnownPeersFormat.Line> lines) {
    this(lines, List.of(), Map.of());
  }

  /** The forms of names take long to compute, so those of the set before are used again. */
  private KnownPeerSet(
      List<KnownPeersFormat.Line> lines,
      List<KnownPeer> temporary,
      Map<String, TeamNames.Forms> before) {
    this.lines = List.copyOf(lines);
    this.temporary = temporary;
    this.temporaryKeys = temporary.stream().map(KnownPeer::fingerprint).collect(toSet());
    List<KnownPeer> recorded = all();
    this.count = recorded.size();
    List<KnownPeer> peers =
        temporary.isEmpty()
            ? recorded
            : Stream.concat(recorded.stream(), temporary.stream()).toList();
    for (KnownPeer peer : peers) {
      TeamNames.Forms ofPeer =
          forms.computeIfAbsent(
              peer.teamName(),
              team -> {
                TeamNames.Forms known = before.get(team);
                return known == null ? TeamNames.Forms.of(team) : known;
              });
      for (String skeleton : ofPeer.skeletons()) {
        bySkeleton.computeIfAbsent(skeleton, any -> new ArrayList<>()).add(peer);
      }
    }
    this.byPlace =
        peers.stream().collect(groupingBy(peer -> new Place(folded(peer), peer.address())));
    this.byName = peers.stream().collect(groupingBy(this::name));
    this.byTeam = peers.stream().collect(groupingBy(this::folded));
    this.byKey = peers.stream().collect(groupingBy(KnownPeer::fingerprint));
    this.byAddress = peers.stream().collect(groupingBy(KnownPeer::address));
    this.byHost =
        recorded.stream()
            .collect(
                groupingBy(peer -> HostPrefix.of(peer.address()), mapping(this::name, toSet())));
  }

  private String folded(KnownPeer peer) {
    TeamNames.Forms known = forms.get(peer.teamName());
    return known == null ? TeamNames.fold(peer.teamName()) : known.folded();
  }

  private Name name(KnownPeer peer) {
    return new Name(folded(peer), peer.fingerprint());
  }

  List<KnownPeersFormat.Line> lines() {
    return lines;
  }

  /** Returns this set with pins that are not in the file. A pin of the file takes precedence. */
  KnownPeerSet withTemporary(List<KnownPeer> pins) {
    List<KnownPeer> others =
        pins.stream().filter(pin -> find(pin.teamName(), pin.address()).isEmpty()).toList();
    return others.isEmpty() ? this : new KnownPeerSet(lines, others, forms);
  }

  /** Returns all known peers of the file, in its order. */
  public List<KnownPeer> all() {
    return peers().toList();
  }

  /** Returns the first pin of the team at the address. */
  public Optional<KnownPeer> find(String team, PeerAddress address) {
    return named(team, address).stream().findFirst();
  }

  /** Returns the pins of the team at the address. There are several only for an edited file. */
  List<KnownPeer> named(String team, PeerAddress address) {
    return byPlace.getOrDefault(
        new Place(TeamNames.fold(team), KnownPeersFormat.place(address)), List.of());
  }

  /** Returns the pins of the team with this key. */
  public List<KnownPeer> byFingerprint(String team, Fingerprint fingerprint) {
    return List.copyOf(byName.getOrDefault(new Name(TeamNames.fold(team), fingerprint), List.of()));
  }

  /** Returns when the last of the other keys with this team was first seen, or the epoch. */
  Instant lastSeen(String team, Fingerprint except) {
    return byTeam.getOrDefault(TeamNames.fold(team), List.of()).stream()
        .filter(pin -> !pin.fingerprint().equals(except))
        .map(KnownPeer::firstSeen)
        .max(naturalOrder())
        .orElse(Instant.EPOCH);
  }

  /** Returns the pins of this key, in the order in which they were recorded. */
  List<KnownPeer> byFingerprint(Fingerprint fingerprint) {
    return byKey.getOrDefault(fingerprint, List.of());
  }

  /** Returns the keys of all known peers. */
  public Set<Fingerprint> keys() {
    return Collections.unmodifiableSet(byKey.keySet());
  }

  /** Returns the pins of this key, in the order in which they were recorded. */
  public List<KnownPeer> pins(Fingerprint fingerprint) {
    return List.copyOf(byFingerprint(fingerprint));
  }

  /** Returns the team names of this key, the last recorded first, up to {@link #MOST_NAMED}. */
  List<String> names(Fingerprint fingerprint) {
    return lastFirst(fingerprint, KnownPeer::teamName).limit(MOST_NAMED).toList();
  }

  /** Returns whether the holder of a key has said that it has a new one at each start. */
  public boolean isTemporary(Fingerprint fingerprint) {
    return temporaryKeys.contains(fingerprint);
  }

  /**
   * Returns the addresses of this key, the last recorded first and link-local ones last, up to
   * {@link #MOST_ADDRESSES}.
   */
  List<PeerAddress> addresses(Fingerprint fingerprint) {
    return lastFirst(fingerprint, KnownPeer::address)
        .limit(MOST_ADDRESSES)
        .sorted(LinkLocal.LAST)
        .toList();
  }

  private <T> Stream<T> lastFirst(Fingerprint fingerprint, Function<KnownPeer, T> part) {
    List<KnownPeer> pins = byFingerprint(fingerprint);
    return IntStream.range(0, pins.size())
        .mapToObj(i -> part.apply(pins.get(pins.size() - 1 - i)))
        .distinct();
  }

  /** Returns what to tell the user when this key comes with this team name for the first time. */
  NameWarnings warnings(String team, Fingerprint fingerprint) {
    String folded = TeamNames.fold(team);
    List<KnownPeer> same = byTeam.getOrDefault(folded, List.of());
    return new NameWarnings(
        ofOthers(same.stream(), fingerprint),
        ofOthers(like(team), fingerprint),
        TeamNames.isSuspicious(team));
  }

  /** Returns the pins whose names are not the same as this one, but look like it. */
  public List<KnownPeer> lookAlikes(String team) {
    return like(team).limit(MOST_NAMED).toList();
  }

  private Stream<KnownPeer> like(String team) {
    String folded = TeamNames.fold(team);
    return TeamNames.skeletons(team).stream()
        .flatMap(skeleton -> bySkeleton.getOrDefault(skeleton, List.of()).stream())
        .distinct()
        .filter(pin -> !folded(pin).equals(folded));
  }

  private static List<KnownPeer> ofOthers(Stream<KnownPeer> pins, Fingerprint fingerprint) {
    return pins.filter(pin -> !pin.fingerprint().equals(fingerprint)).limit(MOST_NAMED).toList();
  }

  /** Returns the pin of the peer that messages to the bare address are for. */
  Optional<KnownPeer> holder(PeerAddress address) {
    return byAddress.getOrDefault(KnownPeersFormat.place(address), List.of()).stream().findFirst();
  }

  /** Returns the pins of all teams at the address, that of its holder first. */
  public List<KnownPeer> at(PeerAddress address) {
    return List.copyOf(byAddress.getOrDefault(KnownPeersFormat.place(address), List.of()));
  }

  /** Returns the number of teams known at a host. Each key of a name counts as one. */
  int countTeamsAt(PeerClaim claim) {
    return byHost.getOrDefault(HostPrefix.of(claim.address()), Set.of()).size();
  }

  /** Returns whether another peer may be recorded automatically. */
  boolean hasRoomUnasked() {
    return count < MOST_UNASKED;
  }

  /** Returns whether any team is pinned at the address. */
  public boolean isPinned(PeerAddress address) {
    return byAddress.containsKey(KnownPeersFormat.place(address));
  }

  /**
   * Returns the set with this pin after all others, so that it takes the address from no holder.
   * The caller ensures that its team is not known at its address.
   *
   * @throws TooManyPeers if there are {@link #MAX_LINES} lines
   */
  public KnownPeerSet with(KnownPeer peer) {
    return withLine(lines, lines.size(), KnownPeersFormat.Line.of(peer));
  }

  /**
   * Returns the set with this pin before all others of its address, so that its peer is the holder.
   * It replaces the pins of the same team there. A pin of the same key stays as it was.
   *
   * @throws TooManyPeers if there are {@link #MAX_LINES} lines
   */
  public KnownPeerSet withHolder(KnownPeer peer) {
    Set<KnownPeer> replaced = Set.copyOf(named(peer.teamName(), peer.address()));
    Optional<KnownPeersFormat.Line> same =
        lines.stream()
            .filter(line -> line.peer() != null && replaced.contains(line.peer()))
            .filter(line -> peer.fingerprint().equals(present(line.peer()).fingerprint()))
            .findFirst();
    List<KnownPeersFormat.Line> others = new ArrayList<>(lines.size());
    int place = -1;
    for (KnownPeersFormat.Line line : lines) {
      KnownPeer pin = line.peer();
      if (place < 0 && pin != null && pin.address().equals(peer.address())) {
        place = others.size();
      }
      if (pin == null || !replaced.contains(pin)) {
        others.add(line);
      }
    }
    return withLine(
        others,
        place < 0 ? others.size() : place,
        same.orElseGet(() -> KnownPeersFormat.Line.of(peer)));
  }

  private KnownPeerSet withLine(
      List<KnownPeersFormat.Line> before, int place, KnownPeersFormat.Line line) {
    if (before.size() >= MAX_LINES) {
      throw new TooManyPeers();
    }
    List<KnownPeersFormat.Line> more = new ArrayList<>(before);
    more.add(place, line);
    return new KnownPeerSet(more, List.of(), forms);
  }

  /** Returns the set with one key of a team in place of another, on the same lines. */
  KnownPeerSet withKey(String team, Fingerprint before, Fingerprint now, Instant since) {
    Set<KnownPeer> old = Set.copyOf(byFingerprint(team, before));
    return new KnownPeerSet(
        lines.stream()
            .map(
                line -> {
                  KnownPeer pin = line.peer();
                  return pin == null || !old.contains(pin)
                      ? line
                      : KnownPeersFormat.Line.of(
                          KnownPeersFormat.known(pin.teamName(), pin.address(), now, since));
                })
            .toList(),
        List.of(),
        forms);
  }

  /** Returns the set without the pins of the team at the address. */
  public KnownPeerSet without(String team, PeerAddress address) {
    Set<KnownPeer> old = Set.copyOf(named(team, address));
    return old.isEmpty()
        ? this
        : new KnownPeerSet(
            lines.stream()
                .filter(line -> line.peer() == null || !old.contains(line.peer()))
                .toList(),
            List.of(),
            forms);
  }

  private Stream<KnownPeer> peers() {
    return lines.stream()
        .map(KnownPeersFormat.Line::peer)
        .filter(Objects::nonNull)
        .map(KnownPeerSet::present);
  }

  private static KnownPeer present(@Nullable KnownPeer peer) {
    return Objects.requireNonNull(peer);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof KnownPeerSet that
        && lines.equals(that.lines)
        && temporary.equals(that.temporary);
  }

  @Override
  public int hashCode() {
    return Objects.hash(lines, temporary);
  }

  @Override
  public String toString() {
    return "KnownPeerSet[" + lines.size() + " lines]";
  }

  /** The set is full. Remove some pins. */
  static final class TooManyPeers extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooManyPeers() {
      super("it has " + MAX_LINES + " lines, as many as are accepted; remove some first");
    }
  }
}
