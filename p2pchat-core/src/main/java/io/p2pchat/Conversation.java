package io.p2pchat;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whom stored messages were exchanged with: the holder of a key, or a peer without a key at an
 * address. Two conversations are equal if their keys are, or without keys their addresses.
 *
 * <p>This class is immutable and thread-safe. Specification: docs/STORE.md.
 */
public final class Conversation {
  private final @Nullable Fingerprint key;
  private final @Nullable PeerAddress address;

  private Conversation(@Nullable Fingerprint key, @Nullable PeerAddress address) {
    this.key = key;
    this.address = address;
  }

  /**
   * Returns the conversation with the holder of a key, wherever it is.
   *
   * @param key the fingerprint of the key
   * @return the conversation
   */
  public static Conversation of(Fingerprint key) {
    return new Conversation(Objects.requireNonNull(key, "key"), null);
  }

  /**
   * Returns the conversation with a peer that has no key.
   *
   * @param address its address
   * @return the conversation
   */
  public static Conversation of(PeerAddress address) {
    return new Conversation(null, Objects.requireNonNull(address, "address"));
  }

  /**
   * Returns the conversation with a peer: by its key, or without one by its address.
   *
   * @param peer the peer
   * @return the conversation
   */
  public static Conversation of(Peer peer) {
    return peer.fingerprint().map(Conversation::of).orElseGet(() -> of(peer.address()));
  }

  /**
   * Returns the key.
   *
   * @return the fingerprint; empty for a peer without a key
   */
  public Optional<Fingerprint> key() {
    return Optional.ofNullable(key);
  }

  /**
   * Returns the address of a peer without a key.
   *
   * @return the address; empty for the holder of a key
   */
  public Optional<PeerAddress> address() {
    return Optional.ofNullable(address);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Conversation that
        && Objects.equals(key, that.key)
        && Objects.equals(address, that.address);
  }

  @Override
  public int hashCode() {
    return Objects.hash(key, address);
  }

  /** Returns the key or the address, as text. */
  @Override
  public String toString() {
    return String.valueOf(key == null ? address : key);
  }
}
