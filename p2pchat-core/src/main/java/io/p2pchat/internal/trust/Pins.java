package io.p2pchat.internal.trust;

import static java.util.stream.Collectors.groupingBy;

import io.p2pchat.Fingerprint;
import io.p2pchat.PeerAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
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
public final class Pins {
  /** No pins. */
  public static final Pins NONE = new Pins(List.of());

  /** How many lines there may be, remarks included. */
  public static final int MAX_LINES = 65_536;

  private final List<PinLine> lines;
  private final Map<String, List<Pin>> byTeam;
  private final Map<PeerAddress, List<Pin>> byAddress;

  /** The caller has seen to it that no team is pinned twice at an address. */
  Pins(List<PinLine> lines) {
    this.lines = List.copyOf(lines);
    this.byTeam = pins().collect(groupingBy(Pin::team));
    this.byAddress = pins().collect(groupingBy(Pin::address));
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
    PeerAddress place = Pin.place(address);
    return ofTeam(team).stream().filter(pin -> pin.address().equals(place)).findFirst();
  }

  /** Where the team is known by that key. */
  public List<Pin> byFingerprint(String team, Fingerprint fingerprint) {
    return ofTeam(team).stream().filter(pin -> pin.fingerprint().equals(fingerprint)).toList();
  }

  /** Where the team is known by keys other than that one. */
  public List<Pin> otherKeysOf(String team, Fingerprint fingerprint) {
    return ofTeam(team).stream().filter(pin -> !pin.fingerprint().equals(fingerprint)).toList();
  }

  /** All teams pinned at the address. */
  public List<Pin> at(PeerAddress address) {
    return List.copyOf(byAddress.getOrDefault(Pin.place(address), List.of()));
  }

  /** How many teams are known at a host, each key of a name counted as one. */
  long countTeamsAt(Claim claim) {
    return pins()
        .filter(claim::isSameHost)
        .map(pin -> Map.entry(pin.team(), pin.fingerprint()))
        .distinct()
        .count();
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
  public Pins with(Pin pin) {
    Optional<Pin> old = find(pin.team(), pin.address());
    if (old.isPresent()) {
      Pin replaced = old.get();
      return new Pins(
          lines.stream()
              .map(line -> replaced.equals(line.pin()) ? PinLine.of(pin) : line)
              .toList());
    }
    if (lines.size() >= MAX_LINES) {
      throw new TooManyPins();
    }
    List<PinLine> more = new ArrayList<>(lines);
    more.add(PinLine.of(pin));
    return new Pins(more);
  }

  /** Without the pin of the team at the address; the same object if there is none. */
  public Pins without(String team, PeerAddress address) {
    Optional<Pin> old = find(team, address);
    return old.isEmpty()
        ? this
        : new Pins(lines.stream().filter(line -> !old.get().equals(line.pin())).toList());
  }

  private List<Pin> ofTeam(String team) {
    return byTeam.getOrDefault(team.strip(), List.of());
  }

  private Stream<Pin> pins() {
    return lines.stream().map(PinLine::pin).filter(Objects::nonNull).map(Pins::present);
  }

  private static Pin present(@Nullable Pin pin) {
    return Objects.requireNonNull(pin);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Pins that && lines.equals(that.lines);
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
