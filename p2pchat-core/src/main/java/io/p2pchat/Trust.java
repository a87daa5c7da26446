package io.p2pchat;

import java.nio.file.Path;
import java.security.KeyPair;
import java.util.Objects;
import java.util.Optional;

/**
 * Which peers a node trusts.
 *
 * <p>This class is immutable and thread-safe. Specification: docs/PROTOCOL.md, section 7.
 */
public final class Trust {
  private static final Trust ANY =
      new Trust(Optional.empty(), false, Optional.empty(), Optional.empty());

  private final Optional<Path> directory;
  private final boolean strict;
  private final Optional<KeyPair> keyPair;
  private final Optional<PeerVerifier> verifier;

  private Trust(
      Optional<Path> directory,
      boolean strict,
      Optional<KeyPair> keyPair,
      Optional<PeerVerifier> verifier) {
    this.directory = directory;
    this.strict = strict;
    this.keyPair = keyPair;
    this.verifier = verifier;
  }

  /**
   * Trusts every peer. The node encrypts but does not authenticate, with a new key at each start. A
   * restarted peer has another key: a peer of the same team at the same address is taken for it.
   *
   * @return that trust
   */
  public static Trust any() {
    return ANY;
  }

  /**
   * Pins the key first seen for each team at an address, as ssh does. A {@link TrustStore} holds
   * this node's key and the known keys. All nodes and processes of a user may share it.
   *
   * @param directory the store's directory; created for the owner only when the node starts
   * @return that
   */
  public static Trust pinned(Path directory) {
    return new Trust(
        Optional.of(Objects.requireNonNull(directory, "directory")),
        false,
        Optional.empty(),
        Optional.empty());
  }

  /**
   * Uses a key of the application, and asks the application which keys to trust. The node uses no
   * files. A peer without a key is accepted without asking, and can claim any team and address. So
   * use this with {@link Security#required}.
   *
   * @param keyPair this node's key: EC P-256, also called secp256r1. {@link PeerNodeBuilder#start}
   *     checks it
   * @param verifier decides which peers to trust
   * @return that
   */
  public static Trust of(KeyPair keyPair, PeerVerifier verifier) {
    return new Trust(
        Optional.empty(),
        false,
        Optional.of(Objects.requireNonNull(keyPair, "keyPair")),
        Optional.of(Objects.requireNonNull(verifier, "verifier")));
  }

  /**
   * Returns the same trust, but refuses unknown keys. A peer without a key is still accepted unless
   * it claims the address of a known peer. Only {@link Security#required} refuses all peers without
   * a key.
   *
   * @return a new object
   * @throws IllegalStateException for {@link #any} and {@link #of}, which know no keys
   */
  public Trust strict() {
    if (directory.isEmpty()) {
      throw new IllegalStateException("strict trust needs a directory of known peers");
    }
    return new Trust(directory, true, keyPair, verifier);
  }

  /**
   * Returns where the keys are stored.
   *
   * @return the directory, or empty for {@link #any} and {@link #of}
   */
  public Optional<Path> directory() {
    return directory;
  }

  /**
   * Returns whether unknown keys are refused.
   *
   * @return true after {@link #strict}
   */
  public boolean isStrict() {
    return strict;
  }

  /**
   * Returns the application's key.
   *
   * @return the key pair of {@link #of}, or empty
   */
  public Optional<KeyPair> keyPair() {
    return keyPair;
  }

  /**
   * Returns what decides in place of known peers.
   *
   * @return the verifier of {@link #of}, or empty
   */
  public Optional<PeerVerifier> verifier() {
    return verifier;
  }

  /** Returns which peers are trusted. Never contains any part of a key. */
  @Override
  public String toString() {
    if (verifier.isPresent()) {
      return "of(a key pair, a verifier)";
    }
    return directory.isEmpty() ? "any" : "pinned(" + directory.get() + (strict ? ", strict)" : ")");
  }
}
