package io.p2pchat.internal.security;

import io.p2pchat.Fingerprint;
import io.p2pchat.KnownPeer;
import io.p2pchat.PeerAddress;
import io.p2pchat.PeerVerifier;
import io.p2pchat.TrustException;
import io.p2pchat.TrustStoreException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides which peers to trust (PROTOCOL.md section 7), or asks the application. One thread reads
 * the files and another writes them, so known peers never wait for new ones. The event loop judges
 * by the last read.
 *
 * <p>If the known peers cannot be read, or a new one cannot be written, the peer is refused. Used
 * on the event loop, unless a method says that it is thread-safe.
 */
public final class TrustService {
  private static final Logger LOG = LoggerFactory.getLogger(TrustService.class);

  /** The maximum age of the last read when a plain line is judged. */
  private static final long FRESH_NANOS = Duration.ofSeconds(1).toNanos();

  /** The maximum number of records queued, however slow the disk or another process is. */
  private static final int MOST_RECORDING = 1024;

  /** The maximum number of peers that wait for the application's verifier, in all and of a host. */
  private static final int MOST_WAITING = 1024;

  private static final int MOST_WAITING_OF_ONE_HOST = 64;

  private static final long BETWEEN_RENAMES_NANOS = Duration.ofMinutes(1).toNanos();

  /** The maximum number of keys whose last told rename is remembered. */
  private static final int MOST_TOLD = 1024;

  /**
   * The last read.
   *
   * @param places who was where, also without a line in the file
   * @param unreadable why it failed, or null; then every peer is refused
   */
  private record Known(KnownPeerSet peers, KnownPeerSet places, @Nullable String unreadable) {
    static final Known NONE = new Known(KnownPeerSet.NONE, KnownPeerSet.NONE, null);

    static Known unreadable(String problem) {
      return new Known(KnownPeerSet.NONE, KnownPeerSet.NONE, problem);
    }
  }

  private final Executor loop;
  private final @Nullable KnownPeersFile known;
  private final @Nullable PeerVerifier verifier;
  private final boolean strict;
  private final Executor files;
  private final Executor records;
  private int recording;
  private volatile Known latest;
  private long refreshed = System.nanoTime();
  private boolean refreshing;
  private final Map<HostPrefix, Integer> waiting = new HashMap<>();
  private int allWaiting;
  private final Map<Fingerprint, Long> told = new LinkedHashMap<>();

  /**
   * Creates a service. Reads the known peers, because a plain line can come at once.
   *
   * @param known the known peers, or null to trust every peer
   * @param strict whether unknown peers are refused
   * @param files reads the files
   * @param records writes the files
   */
  public TrustService(
      Executor loop,
      @Nullable KnownPeersFile known,
      boolean strict,
      Executor files,
      Executor records) {
    this(loop, known, null, strict, files, records);
  }

  private TrustService(
      Executor loop,
      @Nullable KnownPeersFile known,
      @Nullable PeerVerifier verifier,
      boolean strict,
      Executor files,
      Executor records) {
    this.loop = loop;
    this.known = known;
    this.verifier = verifier;
    this.strict = strict;
    this.files = files;
    this.records = records;
    this.latest = latest(known);
  }

  /**
   * Creates a service that trusts the peers that a verifier trusts.
   *
   * @param files asks the verifier
   */
  public static TrustService verifying(Executor loop, PeerVerifier verifier, Executor files) {
    return new TrustService(loop, null, verifier, false, files, files);
  }

  /**
   * Runs the action after a new read of the known peers. Runs it at once if every peer is trusted.
   */
  public void whenFresh(Runnable action) {
    if (known == null) {
      action.run();
    } else {
      refresh(action);
    }
  }

  /** Reads the known peers, then continues, even if that has failed. */
  private void refresh(Runnable then) {
    on(files, this::read, this::unread, read -> then.run());
  }

  /**
   * Judges a peer that has introduced itself, and records it if it is new.
   *
   * @param decided receives the decision
   */
  public void admit(PeerClaim claim, Consumer<TrustDecision> decided) {
    if (verifier != null) {
      verify(verifier, claim, decided);
      return;
    }
    KnownPeersFile file = Objects.requireNonNull(known, "anybody is trusted");
    on(
        files,
        () -> {
          Optional<TrustDecision> decision = judge(file, claim);
          read();
          return decision;
        },
        problem -> Optional.of(new TrustDecision.RefusedUnknowable(problem)),
        decision -> decision.ifPresentOrElse(decided, () -> record(file, claim, decided)));
  }

  private void verify(PeerVerifier by, PeerClaim claim, Consumer<TrustDecision> decided) {
    HostPrefix host = HostPrefix.of(claim.address());
    int ofHost = waiting.getOrDefault(host, 0);
    if (ofHost >= MOST_WAITING_OF_ONE_HOST || allWaiting >= MOST_WAITING) {
      decided.accept(new TrustDecision.RefusedWaiting("too many peers wait to be verified"));
      return;
    }
    waiting.put(host, ofHost + 1);
    allWaiting++;
    on(
        files,
        () ->
            by.isTrusted(claim.team(), claim.address(), claim.fingerprint())
                ? new TrustDecision.AcceptedByVerifier()
                : new TrustDecision.RefusedByVerifier(claim),
        TrustDecision.RefusedUnverified::new,
        decision -> {
          waiting.computeIfPresent(host, (any, count) -> count == 1 ? null : count - 1);
          allWaiting--;
          decided.accept(decision);
        });
  }

  /** Only one thread applies reads, because they must be applied in order. */
  private void record(KnownPeersFile file, PeerClaim claim, Consumer<TrustDecision> decided) {
    if (recording == MOST_RECORDING) {
      decided.accept(new TrustDecision.RefusedWaiting("too many new peers wait to be recorded"));
      return;
    }
    recording++;
    on(
        records,
        () -> admit(file, claim),
        TrustDecision.RefusedUnknowable::new,
        decision -> {
          recording--;
          refresh(() -> decided.accept(decision));
        });
  }

  /**
   * Returns whether {@link #admit} must be asked, which takes time. Otherwise every peer is
   * trusted.
   */
  public boolean judges() {
    return known != null || verifier != null;
  }

  /** Returns whether the application decides, and so nothing is known about an address. */
  public boolean isVerifying() {
    return verifier != null;
  }

  private Optional<TrustDecision> judge(KnownPeersFile file, PeerClaim claim) {
    try {
      return file.judge(claim, strict);
    } catch (TrustStoreException e) {
      return Optional.of(new TrustDecision.RefusedUnknowable(String.valueOf(e.getMessage())));
    }
  }

  private TrustDecision admit(KnownPeersFile file, PeerClaim claim) {
    try {
      return file.admit(claim, strict);
    } catch (TrustStoreException e) {
      return new TrustDecision.RefusedUnknowable(String.valueOf(e.getMessage()));
    }
  }

  /**
   * Returns the known peer that messages to this address are for. Thread-safe.
   *
   * @return its pin, or empty if no peer is known there, or there are no pins
   * @throws IllegalArgumentException if the address is a host name
   */
  public Optional<KnownPeer> holder(PeerAddress address) {
    return latest.places().holder(address);
  }

  /** Returns the known peers, as they were last read. Thread-safe. */
  public KnownPeerSet known() {
    return latest.peers();
  }

  /** Returns the recorded addresses of a key, the last recorded first, at most 8. Thread-safe. */
  public List<PeerAddress> addresses(Fingerprint key) {
    return latest.peers().addresses(key);
  }

  /** Returns the recorded team names of a key, the last recorded first. Thread-safe. */
  public List<String> names(Fingerprint key) {
    return latest.peers().names(key);
  }

  /**
   * Judges whether a message to this address may go to the peer that is there now. Thread-safe.
   *
   * @param presented the key of the peer, or null if it does not encrypt
   * @param team the team that it has named, or null
   * @return why not, or null if the address has no holder or this is the holder
   * @throws IllegalArgumentException if the address is a host name
   */
  public @Nullable TrustException changedHands(
      PeerAddress address, @Nullable Fingerprint presented, @Nullable String team) {
    Optional<TrustDecision.Refused> refused =
        refused(table -> table.refusesInPlaceOfHolder(address, presented, team));
    return refused
        .map(
            why ->
                exception(why, address, Optional.ofNullable(team), Optional.ofNullable(presented)))
        .orElse(null);
  }

  /**
   * Returns why a message to this address is not for the holder of a key any more. The user has
   * accepted another key there. Null if that is not so. Thread-safe.
   *
   * @param team the name of the holder of the key before, if the key is known no more
   */
  public @Nullable TrustException acceptedFor(
      PeerAddress address, Fingerprint before, String team) {
    KnownPeer now = holder(address).orElse(null);
    if (now == null || now.fingerprint().equals(before)) {
      return null;
    }
    KnownPeerSet peers = latest.peers();
    KnownPeer was =
        latest.places().at(address).stream()
            .filter(peer -> peer.fingerprint().equals(before))
            .findFirst()
            .orElseGet(
                () ->
                    KnownPeer.of(
                        peers.names(before).stream().findFirst().orElse(team),
                        address,
                        before,
                        now.firstSeen()));
    Optional<String> holder = Optional.of(now.teamName());
    Optional<Fingerprint> key = Optional.of(now.fingerprint());
    return exception(
        new TrustDecision.RefusedInPlaceOfHolder(was, holder, key), address, holder, key);
  }

  /**
   * Returns whether the user is to be told that this key has a new name: at most once a minute.
   * Used on the event loop.
   */
  public boolean isRenameDue(Fingerprint key) {
    return isRenameDue(key, System.nanoTime());
  }

  boolean isRenameDue(Fingerprint key, long now) {
    Long last = told.get(key);
    if (last != null && now - last < BETWEEN_RENAMES_NANOS) {
      return false;
    }
    told.remove(key);
    told.put(key, now);
    if (told.size() > MOST_TOLD) {
      told.remove(told.keySet().iterator().next());
    }
    return true;
  }

  /**
   * Returns whether a peer may exchange addresses without a session. A node that decides about each
   * stranger exchanges them with known keys only.
   */
  public boolean admitsVisit(@Nullable Fingerprint key) {
    return (verifier == null && !strict) || (key != null && !names(key).isEmpty());
  }

  /** Returns whether a team is known at this address, and so is known to encrypt. */
  public boolean isPinned(PeerAddress address) {
    return latest.places().isPinned(address);
  }

  /** Returns why a peer of this team at this address is refused without TLS, or null. */
  public @Nullable TrustException refusesPlain(String team, PeerAddress address) {
    if (known != null && !refreshing && System.nanoTime() - refreshed > FRESH_NANOS) {
      refreshing = true;
      refresh(() -> refreshing = false);
    }
    return refused(table -> table.refusesPlain(team, address))
        .map(why -> exception(why, address, Optional.empty(), Optional.empty()))
        .orElse(null);
  }

  private Optional<TrustDecision.Refused> refused(
      Function<TrustPolicy, Optional<TrustDecision.Refused>> judge) {
    Known now = latest;
    String unreadable = now.unreadable();
    return unreadable == null
        ? judge.apply(new TrustPolicy(now.places(), strict))
        : Optional.of(new TrustDecision.RefusedUnknowable(unreadable));
  }

  /** Converts a refusal to an exception. */
  public static TrustException exception(
      TrustDecision.Refused why,
      PeerAddress address,
      Optional<String> team,
      Optional<Fingerprint> presented) {
    Optional<KnownPeer> pin = why.pin();
    Optional<String> known = pin.map(KnownPeer::teamName);
    boolean isOfHolder = why.kind() == TrustException.Reason.ADDRESS_CHANGED_HANDS;
    return new TrustException(
        message(why),
        TrustException.Refusal.of(
            address,
            isOfHolder ? known : team.or(() -> known),
            pin.map(KnownPeer::fingerprint),
            presented,
            why.kind(),
            false,
            team));
  }

  private static String message(TrustDecision.Refused why) {
    return switch (why.kind()) {
      case ADDRESS_CHANGED_HANDS -> why.reason();
      case STORAGE -> "Peers are refused until this is repaired here: " + why.reason();
      case KEY, FULL, UNKNOWN -> "Not trusted: " + why.reason();
    };
  }

  /** A peer claims the session or the address of a known peer, but holds another key. */
  public static TrustException imposture(
      PeerAddress address, @Nullable Fingerprint known, @Nullable Fingerprint presented) {
    return new TrustException(
        "Not trusted: "
            + address
            + " says that it is the peer there, which has "
            + key(known)
            + ", and presents "
            + key(presented),
        TrustException.Refusal.of(
            address, Optional.empty(), Optional.ofNullable(known), Optional.ofNullable(presented)));
  }

  private static String key(@Nullable Fingerprint fingerprint) {
    return fingerprint == null ? "no key" : "the key " + fingerprint;
  }

  private TrustService read() {
    Known now = latest(known);
    onLoop(() -> apply(now));
    return this;
  }

  private static Known latest(@Nullable KnownPeersFile known) {
    try {
      return known == null ? Known.NONE : new Known(known.current(), known.places(), null);
    } catch (TrustStoreException e) {
      return Known.unreadable(String.valueOf(e.getMessage()));
    }
  }

  private TrustService unread(String problem) {
    onLoop(() -> apply(Known.unreadable(problem)));
    return this;
  }

  private void apply(Known now) {
    String problem = now.unreadable();
    if (problem != null && !problem.equals(latest.unreadable())) {
      LOG.error("Peers are refused until this is mended: {}", problem);
    }
    latest = now;
    refreshed = System.nanoTime();
  }

  /** Continues in every case, whatever is thrown, because a paused connection waits for it. */
  private <T> void on(
      Executor thread, Supplier<T> work, Function<String, T> failed, Consumer<T> then) {
    try {
      thread.execute(
          () -> {
            T result = result(work, failed);
            onLoop(() -> then.accept(result));
          });
    } catch (RejectedExecutionException e) {
      LOG.trace("The node has closed", e);
    } catch (Throwable e) {
      // No thread could be started. Apply the failure before continuing.
      T result = failed.apply(problem(e));
      onLoop(() -> then.accept(result));
    }
  }

  private static <T> T result(Supplier<T> work, Function<String, T> failed) {
    try {
      return work.get();
    } catch (Throwable e) {
      return failed.apply(problem(e));
    }
  }

  private void onLoop(Runnable task) {
    try {
      loop.execute(task);
    } catch (RejectedExecutionException e) {
      LOG.trace("The node has closed", e);
    }
  }

  private static String problem(Throwable e) {
    LOG.error("A peer cannot be judged", e);
    return "the peer cannot be judged: " + e;
  }
}
