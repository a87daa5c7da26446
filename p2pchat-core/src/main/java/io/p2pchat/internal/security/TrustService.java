package io.p2pchat.internal.security;

import io.p2pchat.Fingerprint;
import io.p2pchat.KnownPeer;
import io.p2pchat.PeerAddress;
import io.p2pchat.TrustException;
import io.p2pchat.TrustStoreException;
import java.time.Duration;
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
 * Decides whom to trust (PROTOCOL.md section 7). Files are read on a thread of their own, and
 * written on another, so that nobody who is known waits for those who are new; the event loop
 * judges by what was read last. Where the known peers cannot be read, or a new one not be written,
 * the peer is refused. Used on the event loop.
 */
public final class TrustService {
  private static final Logger LOG = LoggerFactory.getLogger(TrustService.class);

  /** How old what was read may be when a plain line is judged. */
  private static final long FRESH_NANOS = Duration.ofSeconds(1).toNanos();

  /** What may wait to be written, however slow the disk is, or another process. */
  private static final int MOST_RECORDING = 1024;

  private final Executor loop;
  private final @Nullable KnownPeersFile known;
  private final boolean strict;
  private final Executor files;
  private final Executor records;
  private int recording;
  private KnownPeerSet peers = KnownPeerSet.NONE;
  private @Nullable String unreadable;
  private long refreshed = System.nanoTime() - FRESH_NANOS;
  private boolean refreshing;

  /**
   * Makes a service.
   *
   * @param known the known peers, or null if anybody is trusted
   * @param strict whether only they are
   * @param files where files are read
   * @param records where they are written
   */
  public TrustService(
      Executor loop,
      @Nullable KnownPeersFile known,
      boolean strict,
      Executor files,
      Executor records) {
    this.loop = loop;
    this.known = known;
    this.strict = strict;
    this.files = files;
    this.records = records;
  }

  /** Goes on when the known peers are read as they are now. At once where anybody is trusted. */
  public void whenFresh(Runnable action) {
    if (known == null) {
      action.run();
    } else {
      refresh(action);
    }
  }

  /** Reads the known peers, and goes on when that is done or has failed. */
  private void refresh(Runnable then) {
    on(files, this::read, this::unread, read -> then.run());
  }

  /**
   * Judges a peer that has said who it is, and records it where it is new.
   *
   * @param decided told the decision
   */
  public void admit(PeerClaim claim, Consumer<TrustDecision> decided) {
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

  /** What was read is applied in the order in which it was read, so by the one thread only. */
  private void record(KnownPeersFile file, PeerClaim claim, Consumer<TrustDecision> decided) {
    if (recording == MOST_RECORDING) {
      decided.accept(new TrustDecision.RefusedUnknowable("too many new peers wait to be recorded"));
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

  /** Whether {@link #admit} is to be asked, which takes time; otherwise anybody is trusted. */
  public boolean isPinned() {
    return known != null;
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

  /** Why a peer at this address, that holds this key, is not to be told anything; or null. */
  public @Nullable TrustException refusesDialed(PeerAddress address, Fingerprint presented) {
    return refusal(
        address, Optional.of(presented), () -> table().refusesDialed(address, presented));
  }

  /** Why whoever holds this key, or none, is not the peer at this address; or null. */
  public @Nullable TrustException refuses(PeerAddress address, @Nullable Fingerprint presented) {
    return presented == null ? refusesPlain(address) : refusesDialed(address, presented);
  }

  /** Why there is to be no connection without TLS with this address, or null. */
  public @Nullable TrustException refusesPlain(PeerAddress address) {
    return refusal(address, Optional.empty(), () -> table().refusesPlain(address));
  }

  /** Whether a team is known at this address, so that it is known to encrypt. */
  public boolean isPinned(PeerAddress address) {
    return known != null && peers.isPinned(address);
  }

  /** Why a line of this team from this address is not to be taken without TLS, or null. */
  public @Nullable TrustException refusesPlainLine(String team, PeerAddress address) {
    if (known != null && !refreshing && System.nanoTime() - refreshed > FRESH_NANOS) {
      refreshing = true;
      refresh(() -> refreshing = false);
    }
    return refusal(address, Optional.empty(), () -> table().refusesPlainLine(team, address));
  }

  private TrustPolicy table() {
    return new TrustPolicy(peers, strict);
  }

  private @Nullable TrustException refusal(
      PeerAddress address,
      Optional<Fingerprint> presented,
      Supplier<Optional<TrustDecision.Refused>> judge) {
    if (known == null) {
      return null;
    }
    Optional<TrustDecision.Refused> refused =
        unreadable == null
            ? judge.get()
            : Optional.of(new TrustDecision.RefusedUnknowable(unreadable));
    return refused.map(why -> exception(why, address, Optional.empty(), presented)).orElse(null);
  }

  /** The same as an exception. */
  public static TrustException exception(
      TrustDecision.Refused why,
      PeerAddress address,
      Optional<String> team,
      Optional<Fingerprint> presented) {
    Optional<KnownPeer> pin =
        why instanceof TrustDecision.RefusedMismatch mismatch
            ? Optional.of(mismatch.known())
            : why instanceof TrustDecision.RefusedPlain plain
                ? Optional.of(plain.known())
                : Optional.empty();
    return new TrustException(
        "Refused for trust: " + why.reason(),
        TrustException.Refusal.of(
            address,
            team.or(() -> pin.map(KnownPeer::teamName)),
            pin.map(KnownPeer::fingerprint),
            presented));
  }

  /**
   * Somebody says that it is a known peer, by its session or its address, and holds another key.
   */
  public static TrustException imposture(
      PeerAddress address, @Nullable Fingerprint known, @Nullable Fingerprint presented) {
    return new TrustException(
        "Refused for trust: "
            + address
            + " says that it is the peer known by "
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
    try {
      KnownPeerSet now = known == null ? KnownPeerSet.NONE : known.peers();
      onLoop(() -> apply(now, null));
    } catch (TrustStoreException e) {
      onLoop(() -> apply(KnownPeerSet.NONE, String.valueOf(e.getMessage())));
    }
    return this;
  }

  private TrustService unread(String problem) {
    onLoop(() -> apply(KnownPeerSet.NONE, problem));
    return this;
  }

  private void apply(KnownPeerSet now, @Nullable String problem) {
    if (problem != null && !problem.equals(unreadable)) {
      LOG.error("Peers are refused until this is mended: {}", problem);
    }
    peers = now;
    unreadable = problem;
    refreshed = System.nanoTime();
  }

  /** Goes on in either case, whatever is thrown: a connection waits for it, and is paused. */
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
      // No thread could be made. What the failure changes, changes before it goes on.
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
    LOG.error("The known peers cannot be used", e);
    return "the known peers cannot be used: " + e;
  }
}
