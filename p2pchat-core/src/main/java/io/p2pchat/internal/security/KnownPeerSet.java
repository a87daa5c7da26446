package io.p2pchat.internal.security;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import io.p2pchat.Fingerprint;
import io.p2pchat.KnownPeer;
import io.p2pchat.PeerAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An immutable snapshot of all known peers, with the remarks between them. It has at most one pin
 * for a team at an address. Pins with temporary keys are in memory only, and count toward no limit
 * of the file.
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

  private record Place(String team, PeerAddress address) {}

  private record Name(String team, Fingerprint fingerprint) {}

  private final List<KnownPeersFormat.Line> lines;
  private final List<KnownPeer> temporary;
  private final int count;
  private final Map<Place, KnownPeer> byPlace;
  private final Map<Name, List<KnownPeer>> byName;
  private final Map<String, List<KnownPeer>> byTeam;
  private final Map<PeerAddress, List<KnownPeer>> byAddress;
  private final Map<HostPrefix, Set<Name>> byHost;

  /** The caller ensures that no team is pinned twice at an address. */
  KnownPeerSet(List<KnownPeersFormat.Line> lines) {
    this(lines, List.of());
  }

  private KnownPeerSet(List<KnownPeersFormat.Line> lines, List<KnownPeer> temporary) {
    this.lines = List.copyOf(lines);
    this.temporary = temporary;
    List<KnownPeer> recorded = all();
    this.count = recorded.size();
    List<KnownPeer> peers =
        temporary.isEmpty()
            ? recorded
            : Stream.concat(recorded.stream(), temporary.stream()).toList();
    this.byPlace = peers.stream().collect(toMap(KnownPeerSet::place, peer -> peer));
    this.byName = peers.stream().collect(groupingBy(KnownPeerSet::name));
    this.byTeam = peers.stream().collect(groupingBy(KnownPeer::teamName));
    this.byAddress = peers.stream().collect(groupingBy(KnownPeer::address));
    this.byHost =
        recorded.stream()
            .collect(
                groupingBy(
                    peer -> HostPrefix.of(peer.address()), mapping(KnownPeerSet::name, toSet())));
  }

  private static Place place(KnownPeer peer) {
    return new Place(peer.teamName(), peer.address());
  }

  private static Name name(KnownPeer peer) {
    return new Name(peer.teamName(), peer.fingerprint());
  }

  List<KnownPeersFormat.Line> lines() {
    return lines;
  }

  /** Returns this set with pins that are not in the file. A pin of the file takes precedence. */
  KnownPeerSet withTemporary(List<KnownPeer> pins) {
    List<KnownPeer> others =
        pins.stream().filter(pin -> find(pin.teamName(), pin.address()).isEmpty()).toList();
    return others.isEmpty() ? this : new KnownPeerSet(lines, others);
  }

  /** Returns all known peers of the file, in its order. */
  public List<KnownPeer> all() {
    return peers().toList();
  }

  /** Returns the pin of the team at the address. */
  public Optional<KnownPeer> find(String team, PeerAddress address) {
    return Optional.ofNullable(
        byPlace.get(new Place(team.strip(), KnownPeersFormat.place(address))));
  }

  /** Returns the pins of the team with this key. */
  public List<KnownPeer> byFingerprint(String team, Fingerprint fingerprint) {
    return List.copyOf(byName.getOrDefault(new Name(team.strip(), fingerprint), List.of()));
  }

  /** Returns the pins of the team with other keys. */
  public List<KnownPeer> otherKeysOf(String team, Fingerprint fingerprint) {
    return byTeam.getOrDefault(team.strip(), List.of()).stream()
        .filter(peer -> !peer.fingerprint().equals(fingerprint))
        .toList();
  }

  /** Returns the pins of all teams at the address. */
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
   * Returns the set with this pin. It replaces any pin of the same team at the same address.
   *
   * @throws TooManyPeers if there are {@link #MAX_LINES} lines
   */
  public KnownPeerSet with(KnownPeer peer) {
    Optional<KnownPeer> old = find(peer.teamName(), peer.address());
    if (old.isPresent()) {
      KnownPeer replaced = old.get();
      return new KnownPeerSet(
          lines.stream()
              .map(line -> replaced.equals(line.peer()) ? KnownPeersFormat.Line.of(peer) : line)
              .toList());
    }
    if (lines.size() >= MAX_LINES) {
      throw new TooManyPeers();
    }
    List<KnownPeersFormat.Line> more = new ArrayList<>(lines);
    more.add(KnownPeersFormat.Line.of(peer));
    return new KnownPeerSet(more);
  }

  /** Returns the set without the pin of the team at the address, or this set if there is none. */
  public KnownPeerSet without(String team, PeerAddress address) {
    Optional<KnownPeer> old = find(team, address);
    return old.isEmpty()
        ? this
        : new KnownPeerSet(lines.stream().filter(line -> !old.get().equals(line.peer())).toList());
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
