package io.p2pchat.internal.security;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import io.p2pchat.Fingerprint;
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
 * All pins as they were at one moment, with the remarks that people wrote between them. At most one
 * pin for a team at an address.
 *
 * <p>Immutable and thread-safe; no I/O: fit for an event loop. A change makes a new object, at the
 * cost of a copy. Addresses are IP addresses; a zone is ignored, and a host name refused with an
 * {@code IllegalArgumentException}, since an answer for it would be wrong.
 */
public final class KnownPeerSet {
  /** No pins. */
  public static final KnownPeerSet NONE = new KnownPeerSet(List.of());

  /** How many lines there may be, remarks included. */
  public static final int MAX_LINES = 65_536;

  /**
   * How many pins there may be for others to be added that nobody has asked for: the rest of the
   * lines is for those that a person adds. It also bounds what such a pin costs, since the file is
   * written whole.
   */
  static final int MOST_UNASKED = 4096;

  private record Place(String team, PeerAddress address) {}

  private record Name(String team, Fingerprint fingerprint) {}

  private final List<PinLine> lines;
  private final int count;
  private final Map<Place, Pin> byPlace;
  private final Map<Name, List<Pin>> byName;
  private final Map<String, List<Pin>> byTeam;
  private final Map<PeerAddress, List<Pin>> byAddress;
  private final Map<HostPrefix, Set<Name>> byMachine;

  /** The caller has seen to it that no team is pinned twice at an address. */
  KnownPeerSet(List<PinLine> lines) {
    this.lines = List.copyOf(lines);
    List<Pin> pins = all();
    this.count = pins.size();
    this.byPlace = pins.stream().collect(toMap(KnownPeerSet::place, pin -> pin));
    this.byName = pins.stream().collect(groupingBy(KnownPeerSet::name));
    this.byTeam = pins.stream().collect(groupingBy(Pin::team));
    this.byAddress = pins.stream().collect(groupingBy(Pin::address));
    this.byMachine =
        pins.stream()
            .collect(
                groupingBy(
                    pin -> HostPrefix.of(pin.address()), mapping(KnownPeerSet::name, toSet())));
  }

  private static Place place(Pin pin) {
    return new Place(pin.team(), pin.address());
  }

  private static Name name(Pin pin) {
    return new Name(pin.team(), pin.fingerprint());
  }

  List<PinLine> lines() {
    return lines;
  }

  /** All of them, in the order of the file. */
  public List<Pin> all() {
    return pins().toList();
  }

  /** What the team is known by at the address. */
  public Optional<Pin> find(String team, PeerAddress address) {
    return Optional.ofNullable(byPlace.get(new Place(team.strip(), Pin.place(address))));
  }

  /** Where the team is known by that key. */
  public List<Pin> byFingerprint(String team, Fingerprint fingerprint) {
    return List.copyOf(byName.getOrDefault(new Name(team.strip(), fingerprint), List.of()));
  }

  /** Where the team is known by keys other than that one. */
  public List<Pin> otherKeysOf(String team, Fingerprint fingerprint) {
    return byTeam.getOrDefault(team.strip(), List.of()).stream()
        .filter(pin -> !pin.fingerprint().equals(fingerprint))
        .toList();
  }

  /** All teams pinned at the address. */
  public List<Pin> at(PeerAddress address) {
    return List.copyOf(byAddress.getOrDefault(Pin.place(address), List.of()));
  }

  /** How many teams are known at a machine, each key of a name counted as one. */
  int countTeamsAt(PeerClaim claim) {
    return byMachine.getOrDefault(HostPrefix.of(claim.address()), Set.of()).size();
  }

  /** Whether there are so few that one may be added that nobody has asked for. */
  boolean hasRoomUnasked() {
    return count < MOST_UNASKED;
  }

  /** Whether any team is pinned at the address. */
  public boolean isPinned(PeerAddress address) {
    return byAddress.containsKey(Pin.place(address));
  }

  /**
   * With that pin; in the place of what its team was known by at its address, if anything.
   *
   * @throws TooManyPins if there are {@link #MAX_LINES} lines
   */
  public KnownPeerSet with(Pin pin) {
    Optional<Pin> old = find(pin.team(), pin.address());
    if (old.isPresent()) {
      Pin replaced = old.get();
      return new KnownPeerSet(
          lines.stream()
              .map(line -> replaced.equals(line.pin()) ? PinLine.of(pin) : line)
              .toList());
    }
    if (lines.size() >= MAX_LINES) {
      throw new TooManyPins();
    }
    List<PinLine> more = new ArrayList<>(lines);
    more.add(PinLine.of(pin));
    return new KnownPeerSet(more);
  }

  /** Without the pin of the team at the address; the same object if there is none. */
  public KnownPeerSet without(String team, PeerAddress address) {
    Optional<Pin> old = find(team, address);
    return old.isEmpty()
        ? this
        : new KnownPeerSet(lines.stream().filter(line -> !old.get().equals(line.pin())).toList());
  }

  private Stream<Pin> pins() {
    return lines.stream().map(PinLine::pin).filter(Objects::nonNull).map(KnownPeerSet::present);
  }

  private static Pin present(@Nullable Pin pin) {
    return Objects.requireNonNull(pin);
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
    return "Pins[" + lines.size() + " lines]";
  }

  /** There is no room for another pin: remove some. */
  static final class TooManyPins extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooManyPins() {
      super("it has " + MAX_LINES + " lines, as many as are accepted; remove some first");
    }
  }
}
