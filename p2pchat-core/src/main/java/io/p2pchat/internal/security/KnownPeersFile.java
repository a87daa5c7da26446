package io.p2pchat.internal.security;

import io.p2pchat.KnownPeer;
import io.p2pchat.PeerAddress;
import io.p2pchat.TrustStoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The file {@value #FILE} of a {@link PrivateDirectory}: text that a person may read and edit,
 * shared by all processes of the user. Every change reads the file anew, under the directory's
 * lock, and replaces it whole; remarks and unchanged lines stay as they are.
 *
 * <p>Thread-safe. Every method does I/O and may wait for another process: never on an event loop,
 * which judges by a {@link #peers snapshot}. Every method throws {@link TrustStoreException},
 * naming the file, the line and what is wrong, if the file is broken, full, open to other users, or
 * cannot be read or written; a broken file is never written to.
 */
public final class KnownPeersFile {
  static final String FILE = "known_peers";
  private static final int MAX_BYTES = 32 * 1024 * 1024;

  /** Addresses of one {@link HostPrefix} at which one team is known by one key. */
  static final int MOST_PORTS = 8;

  /** What changes when the file does. */
  private record Stamp(@Nullable Object key, long modified, long size) {
    static Stamp of(BasicFileAttributes file) {
      return new Stamp(
          file.fileKey(), file.lastModifiedTime().to(TimeUnit.NANOSECONDS), file.size());
    }
  }

  private record Snapshot(@Nullable Stamp stamp, KnownPeerSet peers) {}

  private final PrivateDirectory directory;
  private final InstantSource clock;
  private volatile @Nullable Snapshot latest;

  /** For the file of that directory; it need not exist. */
  public KnownPeersFile(PrivateDirectory directory, InstantSource clock) {
    this.directory = directory;
    this.clock = clock;
  }

  /** The known peers as they are now. The file is read only if it changed since the last time. */
  public KnownPeerSet peers() {
    Stamp now = stamp();
    Snapshot known = latest;
    return known != null && now != null && now.equals(known.stamp()) ? known.peers() : read();
  }

  /**
   * Judges a peer, and records it where the decision asks for that: as one step, whatever other
   * processes do meanwhile.
   */
  public TrustDecision admit(PeerClaim claim, boolean strict) {
    return judge(claim, strict).orElseGet(() -> directory.locked(() -> admitLocked(claim, strict)));
  }

  /**
   * Judges a peer by the known peers as they are now, and waits for nobody.
   *
   * @return the decision, or empty if it asks for something to be recorded: that is for {@link
   *     #admit}
   */
  public Optional<TrustDecision> judge(PeerClaim claim, boolean strict) {
    KnownPeerSet now = peers();
    TrustDecision decision = new TrustPolicy(now, strict).judge(claim);
    return isToBeRecorded(now, claim, decision) ? Optional.empty() : Optional.of(decision);
  }

  /** Adds a pin, unless its team is known at its address already; says whether it did. */
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

  /** From now on the team is known by that key at the address, whatever it was known by before. */
  public void accept(PeerClaim claim) {
    change(peers -> isKnown(peers, claim) ? peers : peers.with(pin(claim)));
  }

  /** Forgets the team at the address; says whether it was known. */
  public boolean remove(String team, PeerAddress address) {
    return change(peers -> peers.without(team, address));
  }

  /**
   * Any change, also of many known peers at once.
   *
   * @param change from what the file holds to what it is to hold
   * @return whether that was a change
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
    TrustDecision decision = new TrustPolicy(old, strict).judge(claim);
    if (isToBeRecorded(old, claim, decision)) {
      write(old, changed(old, peers -> peers.with(pin(claim))));
    }
    return decision;
  }

  private static boolean isKnown(KnownPeerSet peers, PeerClaim claim) {
    return new TrustPolicy(peers, true).judge(claim) instanceof TrustDecision.Verified;
  }

  /** Who uses a new port each time is known by a few of them: the first, which may be lasting. */
  private static boolean isToBeRecorded(
      KnownPeerSet peers, PeerClaim claim, TrustDecision decision) {
    return decision instanceof TrustDecision.AcceptedNew
        || (decision instanceof TrustDecision.VerifiedNewAddress known
            && peers.hasRoomUnasked()
            && known.elsewhere().stream().filter(claim::isSameHost).count() < MOST_PORTS);
  }

  private KnownPeer pin(PeerClaim claim) {
    return KnownPeersFormat.known(
        claim.team(), claim.address(), claim.fingerprint(), clock.instant());
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
      // Who changes the file after that gives it another stamp.
      Stamp stamp = Stamp.of(directory.replace(FILE, KnownPeersFormat.format(changed)));
      latest = new Snapshot(stamp, changed);
    }
    return differs;
  }

  /** The stamp is taken first: what changes meanwhile is noticed the next time. */
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
      throw new TrustStoreException(file(), "cannot be read: " + e, e);
    }
  }

  private Path file() {
    return directory.file(FILE);
  }
}
