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
 * All known peers as they were at one moment, with the remarks that people wrote between them. At
 * most one pin for a team at an address.
 *
 * <p>Immutable and thread-safe; no I/O: fit for an event loop. A change makes a new object, at the
 * cost of a copy. Addresses are IP addresses; a zone is ignored, and a host name refused with an
 * {@code IllegalArgumentException}, since an answer for it would be wrong.
 */
public final class KnownPeerSet {
  /** No known peers. */
  public static final KnownPeerSet NONE = new KnownPeerSet(List.of());

  /** How many lines there may be, remarks included. */
  public static final int MAX_LINES = 65_536;

  /**
   * How many known peers there may be for others to be added that nobody has asked for: the rest of
   * the lines is for those that a person adds. It also bounds what such a pin costs, since the file
   * is written whole.
   */
  static final int MOST_UNASKED = 4096;

  private record Place(String team, PeerAddress address) {}

  private record Name(String team, Fingerprint fingerprint) {}

  private final List<KnownPeersFormat.Line> lines;
  private final int count;
  private final Map<Place, KnownPeer> byPlace;
  private final Map<Name, List<KnownPeer>> byName;
  private final Map<String, List<KnownPeer>> byTeam;
  private final Map<PeerAddress, List<KnownPeer>> byAddress;
  private final Map<HostPrefix, Set<Name>> byHost;

  /** The caller has seen to it that no team is pinned twice at an address. */
  KnownPeerSet(List<KnownPeersFormat.Line> lines) {
    this.lines = List.copyOf(lines);
    List<KnownPeer> peers = all();
    this.count = peers.size();
    this.byPlace = peers.stream().collect(toMap(KnownPeerSet::place, peer -> peer));
    this.byName = peers.stream().collect(groupingBy(KnownPeerSet::name));
    this.byTeam = peers.stream().collect(groupingBy(KnownPeer::teamName));
    this.byAddress = peers.stream().collect(groupingBy(KnownPeer::address));
    this.byHost =
        peers.stream()
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

  /** All of them, in the order of the file. */
  public List<KnownPeer> all() {
    return peers().toList();
  }

  /** What the team is known by at the address. */
  public Optional<KnownPeer> find(String team, PeerAddress address) {
    return Optional.ofNullable(
        byPlace.get(new Place(team.strip(), KnownPeersFormat.place(address))));
  }

  /** Where the team is known by that key. */
  public List<KnownPeer> byFingerprint(String team, Fingerprint fingerprint) {
    return List.copyOf(byName.getOrDefault(new Name(team.strip(), fingerprint), List.of()));
  }

  /** Where the team is known by keys other than that one. */
  public List<KnownPeer> otherKeysOf(String team, Fingerprint fingerprint) {
    return byTeam.getOrDefault(team.strip(), List.of()).stream()
        .filter(peer -> !peer.fingerprint().equals(fingerprint))
        .toList();
  }

  /** All teams pinned at the address. */
  public List<KnownPeer> at(PeerAddress address) {
    return List.copyOf(byAddress.getOrDefault(KnownPeersFormat.place(address), List.of()));
  }

  /** How many teams are known at a machine, each key of a name counted as one. */
  int countTeamsAt(PeerClaim claim) {
    return byHost.getOrDefault(HostPrefix.of(claim.address()), Set.of()).size();
  }

  /** Whether there are so few that one may be added that nobody has asked for. */
  boolean hasRoomUnasked() {
    return count < MOST_UNASKED;
  }

  /** Whether any team is pinned at the address. */
  public boolean isPinned(PeerAddress address) {
    return byAddress.containsKey(KnownPeersFormat.place(address));
  }

  /**
   * With that pin; in the place of what its team was known by at its address, if anything.
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

  /** Without the pin of the team at the address; the same object if there is none. */
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
    return other instanceof KnownPeerSet that && lines.equals(that.lines);
  }

  @Override
  public int hashCode() {
    return lines.hashCode();
  }

  @Override
  public String toString() {
    return "KnownPeerSet[" + lines.size() + " lines]";
  }

  /** There is no room for another pin: remove some. */
  static final class TooManyPeers extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooManyPeers() {
      super("it has " + MAX_LINES + " lines, as many as are accepted; remove some first");
    }
  }
}
