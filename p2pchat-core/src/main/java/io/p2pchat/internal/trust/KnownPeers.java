package io.p2pchat.internal.trust;

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
 * The file {@value #FILE} of a {@link TrustDirectory}: text that a person may read and edit, shared
 * by all processes of the user. Every change reads the file anew, under the directory's lock, and
 * replaces it whole; remarks and unchanged lines stay as they are.
 *
 * <p>Thread-safe. Every method does I/O and may wait for another process: never on an event loop,
 * which judges by a {@link #pins snapshot}. Every method throws {@link TrustStoreException}, naming
 * the file, the line and what is wrong, if the file is broken, full, open to other users, or cannot
 * be read or written; a broken file is never written to.
 */
public final class KnownPeers {
  static final String FILE = "known_peers";
  private static final int MAX_BYTES = 32 * 1024 * 1024;

  /** Addresses of one {@link Machine} at which one team is known by one key. */
  static final int MOST_PORTS = 8;

  /** What changes when the file does. */
  private record Stamp(@Nullable Object key, long modified, long size) {
    static Stamp of(BasicFileAttributes file) {
      return new Stamp(
          file.fileKey(), file.lastModifiedTime().to(TimeUnit.NANOSECONDS), file.size());
    }
  }

  private record Snapshot(@Nullable Stamp stamp, Pins pins) {}

  private final TrustDirectory directory;
  private final InstantSource clock;
  private volatile @Nullable Snapshot latest;

  /** For the file of that directory; it need not exist. */
  public KnownPeers(TrustDirectory directory, InstantSource clock) {
    this.directory = directory;
    this.clock = clock;
  }

  /** The pins as they are now. The file is read only if it changed since the last time. */
  public Pins pins() {
    Stamp now = stamp();
    Snapshot known = latest;
    return known != null && now != null && now.equals(known.stamp()) ? known.pins() : read();
  }

  /**
   * Judges a peer, and records it where the verdict asks for that: as one step, whatever other
   * processes do meanwhile.
   */
  public Verdict admit(Claim claim, boolean strict) {
    return judge(claim, strict).orElseGet(() -> directory.locked(() -> admitLocked(claim, strict)));
  }

  /**
   * Judges a peer by the pins as they are now, and waits for nobody.
   *
   * @return the verdict, or empty if it asks for something to be recorded: that is for {@link
   *     #admit}
   */
  public Optional<Verdict> judge(Claim claim, boolean strict) {
    Pins now = pins();
    Verdict verdict = new TrustTable(now, strict).judge(claim);
    return isToBeRecorded(now, claim, verdict) ? Optional.empty() : Optional.of(verdict);
  }

  /** Adds a pin, unless its team is known at its address already; says whether it did. */
  public boolean add(Pin pin) {
    return directory.locked(
        () -> {
          Pins old = read();
          boolean isNew = old.find(pin.team(), pin.address()).isEmpty();
          if (isNew) {
            write(old, old.with(pin));
          }
          return isNew;
        });
  }

  /** From now on the team is known by that key at the address, whatever it was known by before. */
  public void accept(Claim claim) {
    change(pins -> isKnown(pins, claim) ? pins : pins.with(pin(claim)));
  }

  /** Forgets the team at the address; says whether it was known. */
  public boolean remove(String team, PeerAddress address) {
    return change(pins -> pins.without(team, address));
  }

  /**
   * Any change, also of many pins at once.
   *
   * @param change from what the file holds to what it is to hold
   * @return whether that was a change
   */
  public boolean change(UnaryOperator<Pins> change) {
    return directory.locked(
        () -> {
          Pins old = read();
          return write(old, changed(old, change));
        });
  }

  private Verdict admitLocked(Claim claim, boolean strict) {
    Pins old = pins();
    Verdict verdict = new TrustTable(old, strict).judge(claim);
    if (isToBeRecorded(old, claim, verdict)) {
      write(old, changed(old, pins -> pins.with(pin(claim))));
    }
    return verdict;
  }

  private static boolean isKnown(Pins pins, Claim claim) {
    return new TrustTable(pins, true).judge(claim) instanceof Verdict.Verified;
  }

  /** Who uses a new port each time is known by a few of them: the first, which may be lasting. */
  private static boolean isToBeRecorded(Pins pins, Claim claim, Verdict verdict) {
    return verdict instanceof Verdict.AcceptedNew
        || (verdict instanceof Verdict.VerifiedNewAddress known
            && pins.hasRoomUnasked()
            && known.elsewhere().stream().filter(claim::isSameMachine).count() < MOST_PORTS);
  }

  private Pin pin(Claim claim) {
    return new Pin(claim.team(), claim.address(), claim.fingerprint(), clock.instant());
  }

  private Pins changed(Pins old, UnaryOperator<Pins> change) {
    try {
      return change.apply(old);
    } catch (Pins.TooManyPins e) {
      throw new TrustStoreException(file(), String.valueOf(e.getMessage()), e);
    }
  }

  private boolean write(Pins old, Pins changed) {
    boolean differs = !changed.equals(old);
    if (differs) {
      // Who changes the file after that gives it another stamp.
      Stamp stamp = Stamp.of(directory.replace(FILE, PinsFormat.format(changed)));
      latest = new Snapshot(stamp, changed);
    }
    return differs;
  }

  /** The stamp is taken first: what changes meanwhile is noticed the next time. */
  private Pins read() {
    Stamp stamp = stamp();
    try {
      Pins pins = directory.read(FILE, MAX_BYTES).map(this::parse).orElseGet(PinsFormat::fresh);
      latest = new Snapshot(stamp, pins);
      return pins;
    } catch (IllegalArgumentException e) {
      throw new TrustStoreException(file(), String.valueOf(e.getMessage()), e);
    }
  }

  private Pins parse(byte[] content) {
    directory.requirePrivate(FILE);
    return PinsFormat.parse(content);
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
