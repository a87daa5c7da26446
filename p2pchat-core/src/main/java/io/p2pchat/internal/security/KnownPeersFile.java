package io.p2pchat.internal.security;

import static java.util.Comparator.comparingInt;
import static java.util.Comparator.naturalOrder;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import io.p2pchat.Fingerprint;
import io.p2pchat.KnownPeer;
import io.p2pchat.PeerAddress;
import io.p2pchat.TrustStoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The file {@value #FILE} of a {@link PrivateDirectory}, a text file that people may read and edit.
 * All processes of the user share it. Each change reads the file again under the directory's lock,
 * and replaces it as a whole. Remarks and unchanged lines stay as they are.
 *
 * <p>Peers that have a new key at each start are not in the file, which they would fill with keys
 * that never come back. They are known in memory. The oldest of their host makes room for a new
 * one. A peer that stays for a few messages only is not in the file either, because its address is
 * of no use later. The memory of it only serves to tell the user of it once.
 *
 * <p>Thread-safe. Every method does I/O and may wait for another process. An event loop uses a
 * {@link #peers snapshot} instead.
 *
 * <p>Every method throws {@link TrustStoreException} if the file is broken, full, accessible to
 * other users, or cannot be read or written. The message names the file, the line and the problem.
 * A broken file is never overwritten.
 */
public final class KnownPeersFile {
  static final String FILE = "known_peers";
  private static final int MAX_BYTES = 32 * 1024 * 1024;

  /** The maximum number of lines recorded automatically for one key. */
  static final int MOST_LINES = 64;

  /** The maximum number of those with addresses of one {@link HostPrefix}. */
  static final int MOST_LINES_OF_HOST = 8;

  /** The time between two lines recorded automatically for one key. */
  static final Duration BETWEEN_LINES = Duration.ofMinutes(1);

  /** The maximum number of temporary keys known in memory, of all hosts. */
  static final int MOST_TEMPORARY = 1024;

  /** The attributes that change with the file. */
  private record Stamp(@Nullable Object key, long modified, long size) {
    static Stamp of(BasicFileAttributes file) {
      return new Stamp(
          file.fileKey(), file.lastModifiedTime().to(TimeUnit.NANOSECONDS), file.size());
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Stamp that
          && Objects.equals(key, that.key)
          && modified == that.modified
          && size == that.size;
    }

    @Override
    public int hashCode() {
      return 31 * (31 * Objects.hashCode(key) + Long.hashCode(modified)) + Long.hashCode(size);
    }
  }

  private record Snapshot(@Nullable Stamp stamp, KnownPeerSet peers) {}

  private final PrivateDirectory directory;
  private final InstantSource clock;
  private volatile @Nullable Snapshot latest;
  private List<KnownPeer> temporary = List.of();
  private List<KnownPeer> brief = List.of();

  /** Where known keys were, and their names, for which there was no room in the file. */
  private List<KnownPeer> unrecorded = List.of();

  private KnownPeerSet withoutTemporary = KnownPeerSet.NONE;
  private KnownPeerSet current = KnownPeerSet.NONE;

  /** The current ones with the unrecorded places, or null if these have changed. */
  private @Nullable KnownPeerSet places;

  /** Uses the file in this directory, which need not exist yet. */
  public KnownPeersFile(PrivateDirectory directory, InstantSource clock) {
    this.directory = directory;
    this.clock = clock;
  }

  /** Returns the known peers, with those known in memory only. */
  synchronized KnownPeerSet current() {
    KnownPeerSet now = peers();
    if (!now.equals(withoutTemporary)) {
      setCurrent(now);
    }
    return current;
  }

  /**
   * Returns who was where: the known peers, with the places of known keys for which there was no
   * room in the file.
   */
  synchronized KnownPeerSet places() {
    KnownPeerSet now = current();
    KnownPeerSet known = places;
    if (known == null) {
      known = withPlaces(unrecorded.stream().filter(pin -> isKnown(now, pin)));
      places = known;
    }
    return known;
  }

  private static boolean isKnown(KnownPeerSet now, KnownPeer unrecorded) {
    return !now.byFingerprint(unrecorded.fingerprint()).isEmpty();
  }

  private KnownPeerSet withPlaces(Stream<KnownPeer> pins) {
    return withoutTemporary.withTemporary(Stream.concat(pins, temporary.stream()).toList());
  }

  private void setCurrent(KnownPeerSet now) {
    withoutTemporary = now;
    current = now.withTemporary(temporary);
    places = null;
  }

  /** Returns the known peers of the file. Reads the file only if it has changed. */
  public KnownPeerSet peers() {
    Stamp now = stamp();
    Snapshot known = latest;
    return known != null && now != null && now.equals(known.stamp()) ? known.peers() : read();
  }

  /**
   * Judges a peer, and records it if the decision says so. Both are one atomic step among all
   * processes.
   */
  public TrustDecision admit(PeerClaim claim, boolean strict) {
    return judge(claim, strict).orElseGet(() -> directory.locked(() -> admitLocked(claim, strict)));
  }

  /**
   * Judges a peer by the current known peers, without waiting for the lock. Records it in memory if
   * its key is temporary, or it stays for a few messages only.
   *
   * @return the decision, or empty if the peer must be recorded: then call {@link #admit}
   */
  public Optional<TrustDecision> judge(PeerClaim claim, boolean strict) {
    synchronized (this) {
      KnownPeerSet now = current();
      TrustDecision decision = decide(now, claim, strict);
      if (!isToBeRecorded(now, claim, decision)) {
        if (isOfKnownKey(decision) && !claim.isPassing()) {
          rememberUnrecorded(claim);
        }
        return Optional.of(decision);
      }
      if (claim.brief()) {
        return Optional.of(judgeBrief(claim, decision));
      }
      if (!claim.temporaryKey()) {
        return Optional.empty();
      }
      temporary = remembered(temporary, pin(now, claim));
      setCurrent(withoutTemporary);
      return Optional.of(decision);
    }
  }

  /** Nobody takes the place of a peer whose address or name there was no room to record. */
  private synchronized TrustDecision decide(KnownPeerSet now, PeerClaim claim, boolean strict) {
    List<KnownPeer> ofOthers = unrecordedOfOthers(now, claim);
    if (!ofOthers.isEmpty()) {
      TrustDecision decision = new TrustPolicy(withPlaces(ofOthers.stream()), strict).judge(claim);
      if (!decision.isAccepted()) {
        return decision;
      }
    }
    return new TrustPolicy(now, strict).judge(claim);
  }

  /** Returns the peers with other keys that were at the address of a claim, without a line. */
  private synchronized List<KnownPeer> unrecordedOfOthers(KnownPeerSet now, PeerClaim claim) {
    PeerAddress place = KnownPeersFormat.place(claim.address());
    return unrecorded.stream()
        .filter(pin -> pin.address().equals(place))
        .filter(pin -> !pin.fingerprint().equals(claim.fingerprint()))
        .filter(pin -> isKnown(now, pin))
        .toList();
  }

  private void rememberUnrecorded(PeerClaim claim) {
    KnownPeer pin = pin(current, claim);
    List<KnownPeer> ofKey =
        unrecorded.stream().filter(old -> old.fingerprint().equals(pin.fingerprint())).toList();
    if (ofKey.stream().noneMatch(old -> isSame(old, pin))) {
      KnownPeer oldest = ofKey.size() < KnownPeerSet.MOST_ADDRESSES ? null : ofKey.get(0);
      unrecorded =
          remembered(
              unrecorded.stream().filter(old -> !old.equals(oldest)).toList(),
              pin,
              this::ofKeyWithMost);
      places = null;
    }
  }

  /**
   * Returns the oldest pin of the key with the most. Of equals, it is the key that was recorded
   * last: who comes with many keys does not push out the places of others.
   */
  private KnownPeer ofKeyWithMost(List<KnownPeer> pins) {
    return pins.stream().collect(groupingBy(KnownPeer::fingerprint)).values().stream()
        .max(comparingInt(List<KnownPeer>::size).thenComparing(this::recordedAt))
        .orElse(pins)
        .get(0);
  }

  private Instant recordedAt(List<KnownPeer> pinsOfKey) {
    return current.byFingerprint(pinsOfKey.get(0).fingerprint()).stream()
        .map(KnownPeer::firstSeen)
        .min(naturalOrder())
        .orElse(Instant.MAX);
  }

  private static boolean isSame(KnownPeer pin, KnownPeer other) {
    return pin.address().equals(other.address()) && pin.teamName().equals(other.teamName());
  }

  private TrustDecision judgeBrief(PeerClaim claim, TrustDecision decision) {
    String team = TeamNames.fold(claim.team());
    boolean cameBefore =
        brief.stream()
            .filter(pin -> pin.fingerprint().equals(claim.fingerprint()))
            .anyMatch(pin -> TeamNames.fold(pin.teamName()).equals(team));
    if (cameBefore) {
      return new TrustDecision.AcceptedAgain();
    }
    brief = remembered(brief, pin(current, claim));
    return decision;
  }

  private static List<KnownPeer> remembered(List<KnownPeer> before, KnownPeer pin) {
    return remembered(before, pin, pins -> pins.get(0));
  }

  /**
   * Adds a pin. If there are too many of its host, or in all, one of its host or of the host with
   * the most makes room.
   *
   * @param goes returns which of these pins, the oldest first
   */
  private static List<KnownPeer> remembered(
      List<KnownPeer> before, KnownPeer pin, Function<List<KnownPeer>, KnownPeer> goes) {
    List<KnownPeer> pins = new ArrayList<>(before);
    // In this order the host that came first gives way among equals.
    Map<HostPrefix, List<KnownPeer>> byHost =
        before.stream()
            .collect(groupingBy(old -> HostPrefix.of(old.address()), LinkedHashMap::new, toList()));
    List<KnownPeer> ofHost = byHost.getOrDefault(HostPrefix.of(pin.address()), List.of());
    if (ofHost.size() >= TrustPolicy.MOST_FROM_ONE_HOST) {
      pins.remove(goes.apply(ofHost));
    } else if (pins.size() >= MOST_TEMPORARY) {
      pins.remove(goes.apply(Collections.max(byHost.values(), comparingInt(List::size))));
    }
    pins.add(pin);
    return List.copyOf(pins);
  }

  /** Adds a pin unless its team is already known at its address. Returns whether it was added. */
  public boolean add(KnownPeer pin) {
    return directory.locked(
        () -> {
          KnownPeerSet old = read();
          boolean isNew = old.find(pin.teamName(), pin.address()).isEmpty();
          if (isNew) {
            write(old, old.with(pin));
          }
          return isNew;
        });
  }

  /** Pins the key for the team at the address, in place of any other. */
  public void accept(PeerClaim claim) {
    change(peers -> peers.withHolder(pin(claim, clock.instant())));
  }

  /**
   * Pins a known key at the address, and makes it the holder. Its team is the one there, or else
   * its last one that no other key has there.
   *
   * @throws IllegalArgumentException if it has no such team
   */
  public void accept(PeerAddress address, Fingerprint key) {
    KnownPeersFormat.place(address);
    change(
        peers ->
            peers.withHolder(
                pin(new PeerClaim(teamOf(peers, address, key), address, key), clock.instant())));
  }

  private static String teamOf(KnownPeerSet peers, PeerAddress address, Fingerprint key) {
    List<KnownPeer> there = peers.at(address);
    List<String> ofOthers =
        there.stream()
            .filter(pin -> !pin.fingerprint().equals(key))
            .map(pin -> TeamNames.fold(pin.teamName()))
            .toList();
    return there.stream()
        .filter(pin -> pin.fingerprint().equals(key))
        .map(KnownPeer::teamName)
        .findFirst()
        .or(
            () ->
                peers.names(key).stream()
                    .filter(team -> !ofOthers.contains(TeamNames.fold(team)))
                    .findFirst())
        .orElseThrow(() -> new IllegalArgumentException(noTeam(peers, address, key)));
  }

  private static String noTeam(KnownPeerSet peers, PeerAddress address, Fingerprint key) {
    return peers.names(key).isEmpty()
        ? "the key " + key + " is not known at any address: name its team too"
        : "another key has each name of the key " + key + " at " + address + ": name its team too";
  }

  /** Pins a key in place of another wherever the team has that. Returns whether it was known. */
  public boolean replace(String team, Fingerprint before, Fingerprint now) {
    Instant since = clock.instant();
    return change(peers -> peers.withKey(team, before, now, since));
  }

  /** Forgets the team at the address. Returns whether it was known. */
  public boolean remove(String team, PeerAddress address) {
    return change(peers -> peers.without(team, address));
  }

  /**
   * Applies any change, also to many known peers at once.
   *
   * @param change maps the content of the file to its new content
   * @return whether the content changed
   */
  public boolean change(UnaryOperator<KnownPeerSet> change) {
    return directory.locked(
        () -> {
          KnownPeerSet old = read();
          return write(old, changed(old, change));
        });
  }

  private TrustDecision admitLocked(PeerClaim claim, boolean strict) {
    KnownPeerSet old = peers();
    TrustDecision decision = decide(current(), claim, strict);
    if (isToBeRecorded(old, claim, decision)) {
      write(old, changed(old, peers -> behindOthers(peers, claim).with(pin(peers, claim))));
    }
    return decision;
  }

  /** Gives a line to those who were at the address before, so that it stays theirs. */
  private KnownPeerSet behindOthers(KnownPeerSet peers, PeerClaim claim) {
    KnownPeerSet before = peers;
    for (KnownPeer pin : unrecordedOfOthers(peers, claim)) {
      before = before.find(pin.teamName(), pin.address()).isPresent() ? before : before.with(pin);
    }
    return before;
  }

  /** A key that is known gets a new line within bounds only, and is accepted without it too. */
  private boolean isToBeRecorded(KnownPeerSet peers, PeerClaim claim, TrustDecision decision) {
    return decision instanceof TrustDecision.AcceptedNew
        || (decision instanceof TrustDecision.VerifiedNewAddress && hasRoom(peers, claim))
        || (decision instanceof TrustDecision.VerifiedRenamed
            && hasRoom(peers, claim)
            && (claim.temporaryKey()
                || peers.countTeamsAt(claim) < TrustPolicy.MOST_FROM_ONE_HOST));
  }

  private boolean hasRoom(KnownPeerSet peers, PeerClaim claim) {
    List<KnownPeer> pins = peers.byFingerprint(claim.fingerprint());
    return !claim.brief()
        && pins.size() < MOST_LINES
        && pins.stream().filter(claim::isSameHost).count() < MOST_LINES_OF_HOST
        && (claim.temporaryKey()
            || (peers.hasRoomUnasked() && pins.stream().noneMatch(this::isRecent)));
  }

  /** The time in the file holds for all processes and after a restart. */
  private boolean isRecent(KnownPeer pin) {
    Instant now = clock.instant();
    return !pin.firstSeen().isAfter(now) && pin.firstSeen().plus(BETWEEN_LINES).isAfter(now);
  }

  private static boolean isOfKnownKey(TrustDecision decision) {
    return decision instanceof TrustDecision.VerifiedNewAddress
        || decision instanceof TrustDecision.VerifiedRenamed;
  }

  /** Who comes after others of its name is seen after them, whatever the clock says. */
  private KnownPeer pin(KnownPeerSet before, PeerClaim claim) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    Instant others = before.lastSeen(claim.team(), claim.fingerprint());
    return pin(claim, now.isAfter(others) ? now : others.plusSeconds(1));
  }

  private static KnownPeer pin(PeerClaim claim, Instant firstSeen) {
    return KnownPeersFormat.known(claim.team(), claim.address(), claim.fingerprint(), firstSeen);
  }

  private KnownPeerSet changed(KnownPeerSet old, UnaryOperator<KnownPeerSet> change) {
    try {
      return change.apply(old);
    } catch (KnownPeerSet.TooManyPeers e) {
      throw new TrustStoreException(file(), String.valueOf(e.getMessage()), e);
    }
  }

  private boolean write(KnownPeerSet old, KnownPeerSet changed) {
    boolean differs = !changed.equals(old);
    if (differs) {
      // Taken now, because any later change gives the file another stamp.
      Stamp stamp = Stamp.of(directory.replace(FILE, KnownPeersFormat.format(changed)));
      latest = new Snapshot(stamp, changed);
    }
    return differs;
  }

  /** Takes the stamp first, so that a change during the read is noticed the next time. */
  private KnownPeerSet read() {
    Stamp stamp = stamp();
    try {
      KnownPeerSet peers =
          directory.read(FILE, MAX_BYTES).map(this::parse).orElseGet(KnownPeersFormat::fresh);
      latest = new Snapshot(stamp, peers);
      return peers;
    } catch (IllegalArgumentException e) {
      throw new TrustStoreException(file(), String.valueOf(e.getMessage()), e);
    }
  }

  private KnownPeerSet parse(byte[] content) {
    directory.requirePrivate(FILE);
    return KnownPeersFormat.parse(content);
  }

  private @Nullable Stamp stamp() {
    try {
      return Stamp.of(Files.readAttributes(file(), BasicFileAttributes.class));
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException e) {
      throw PrivateDirectory.failed(file(), e);
    }
  }

  private Path file() {
    return directory.file(FILE);
  }
}
