package io.p2pchat.internal.discovery;

import io.p2pchat.Fingerprint;
import io.p2pchat.KnownPeer;
import io.p2pchat.internal.security.KnownPeerSet;
import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds the known key of a hint. Each candidate is compared with each known key once, and there can
 * be 65,536 of them, so comparing has a budget: a fraction of a core, however many candidates come.
 * Used on one thread.
 */
final class KnownKeys {
  /** The comparisons that may follow each other at once, and those a second after them. */
  static final long BURST = 1 << 20;

  static final long PER_SECOND = 1 << 18;

  /** How many keys are remembered, forgotten ones included. Beyond that all is compared anew. */
  private static final int MOST_KEYS = 2 * KnownPeerSet.MAX_LINES;

  private static final int KEY_BYTES = 32;
  private static final int HINT_BYTES = 8;

  private final Supplier<KnownPeerSet> known;
  private final MessageDigest sha256;
  private final byte[] digest = new byte[KEY_BYTES];
  private final List<Fingerprint> keys = new ArrayList<>();
  private final List<byte[]> bytes = new ArrayList<>();
  private final Set<Fingerprint> seen = new HashSet<>();
  private KnownPeerSet latest = KnownPeerSet.NONE;
  private long budget = BURST;
  private long filled;

  /** Creates the keys of the peers that are known each time. */
  KnownKeys(Supplier<KnownPeerSet> known, long now) {
    this.known = known;
    this.filled = now;
    try {
      this.sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /**
   * Looks for keys that have become known. Returns whether anything has changed.
   *
   * @param reset called if all has to be compared anew
   */
  boolean refresh(Runnable reset) {
    KnownPeerSet now = known.get();
    if (now.equals(latest)) {
      return false;
    }
    latest = now;
    if (seen.size() > MOST_KEYS) {
      keys.clear();
      bytes.clear();
      seen.clear();
      reset.run();
    }
    for (Fingerprint key : now.keys()) {
      if (seen.add(key)) {
        keys.add(key);
        bytes.add(HexFormat.of().parseHex(key.toString().replace("-", "")));
      }
    }
    return true;
  }

  /**
   * Compares a candidate with the keys that it was not compared with. Returns whether it is done.
   */
  boolean compare(HintCheck check, long now) {
    String node = check.node;
    String hint = check.hint;
    if (node == null || hint == null || check.match != null || check.compared == keys.size()) {
      return true;
    }
    fill(now);
    byte[] suffix = node.getBytes(StandardCharsets.US_ASCII);
    long wanted = HexFormat.fromHexDigitsToLong(hint);
    while (check.compared < keys.size() && budget > 0) {
      budget--;
      if (hint(bytes.get(check.compared), suffix) == wanted) {
        check.match = keys.get(check.compared);
        return true;
      }
      check.compared++;
    }
    return check.compared == keys.size();
  }

  private void fill(long now) {
    long more =
        Math.min(now - filled, TimeUnit.MINUTES.toNanos(1))
            / (TimeUnit.SECONDS.toNanos(1) / PER_SECOND);
    if (more > 0) {
      budget = Math.min(BURST, budget + more);
      filled = now;
    }
  }

  private long hint(byte[] key, byte[] node) {
    sha256.update(key);
    sha256.update(node);
    try {
      sha256.digest(digest, 0, KEY_BYTES);
    } catch (DigestException e) {
      throw new IllegalStateException("the digest has 32 bytes", e);
    }
    long first = 0;
    for (int i = 0; i < HINT_BYTES; i++) {
      first = (first << Byte.SIZE) | (digest[i] & 0xFF);
    }
    return first;
  }

  /**
   * Returns the known peer of a candidate, or null.
   *
   * @param team the team that the candidate announces, or null; a peer with that name is preferred
   */
  @Nullable KnownPeer peer(HintCheck check, @Nullable String team) {
    Fingerprint key = check.match;
    List<KnownPeer> pins = key == null ? List.of() : latest.pins(key);
    for (KnownPeer pin : pins) {
      if (pin.teamName().equals(team)) {
        return pin;
      }
    }
    return pins.isEmpty() ? null : pins.get(pins.size() - 1);
  }
}
