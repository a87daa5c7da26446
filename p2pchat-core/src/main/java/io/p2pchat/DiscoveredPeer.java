package io.p2pchat;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A peer that the sources of discovery have found (docs/DISCOVERY.md). Nothing of it is proven:
 * anybody on the network may have said it. It is neither active nor connected.
 *
 * <p>To write to it, use {@link PeerNode#send(DiscoveredPeer, String)}. The message goes only to a
 * node that proves what is said here: the {@code NODE}, and the key if there is a hint of one.
 *
 * <p>Two instances are equal if all their values are equal. This class is immutable and
 * thread-safe. Later versions may add accessors.
 */
public final class DiscoveredPeer {
  private static final int MOST_ADDRESSES = 8;

  private final Values values;

  private DiscoveredPeer(Values values) {
    this.values = values;
  }

  /**
   * Creates a builder. For tests of programs that show discovered peers.
   *
   * @param addresses where the peer can be dialed, the preferred address first
   * @param firstSeen when it was found
   * @return a new builder
   * @throws IllegalArgumentException if there is no address, or there are more than 8
   */
  public static Builder builder(List<PeerAddress> addresses, Instant firstSeen) {
    return new Builder(addresses, firstSeen);
  }

  /**
   * Returns the {@code NODE} of the peer, which is new at each of its starts.
   *
   * @return 26 characters of a-z and 2-7; empty if no source knows it
   */
  public Optional<String> node() {
    return Optional.ofNullable(values.node);
  }

  /**
   * Returns the team name that is announced for the peer.
   *
   * @return 1 to 64 characters; empty if no source knows it
   */
  public Optional<String> teamName() {
    return Optional.ofNullable(values.teamName);
  }

  /**
   * Returns where the peer can be dialed.
   *
   * @return 1 to 8 addresses, the preferred one first
   */
  public List<PeerAddress> addresses() {
    return values.addresses;
  }

  /**
   * Returns the known peer whose key the announcement hints at. Only a handshake can prove that the
   * peer has this key.
   *
   * @return the known peer; empty if there is no hint, or the node does not know the key
   */
  public Optional<KnownPeer> known() {
    return Optional.ofNullable(values.known);
  }

  /**
   * Returns the known peers whose names are not the same, but look like this one. Warn the user
   * before a message to it: it may be an impostor (docs/PROTOCOL.md, section 7).
   *
   * @return the known peers, up to 64; empty if {@link #known} is present
   */
  public List<KnownPeer> lookAlikes() {
    return values.lookAlikes;
  }

  /**
   * Returns the hint of the peer's key. Whoever knows the key recognizes the peer by it.
   *
   * @return 16 hexadecimal digits in lower case; empty if no source knows it
   */
  public Optional<String> keyHint() {
    return Optional.ofNullable(values.keyHint);
  }

  /**
   * Returns the names of the sources that know the peer now.
   *
   * @return the names, the first that has found it first
   */
  public List<String> sources() {
    return values.sources;
  }

  /**
   * Returns the highest level of the protocol that the peer is said to talk.
   *
   * @return 0 if no source knows it; 1 or more for nodes of this library
   */
  public int level() {
    return values.level;
  }

  /**
   * Returns when the peer was found. It starts anew when the peer has vanished in between.
   *
   * @return the time, by the system clock
   */
  public Instant firstSeen() {
    return values.firstSeen;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof DiscoveredPeer that
        && ValueFields.list(values).equals(ValueFields.list(that.values));
  }

  @Override
  public int hashCode() {
    return ValueFields.list(values).hashCode();
  }

  /** Returns all values, for logs. The format may change. It may contain peer text unescaped. */
  @Override
  public String toString() {
    return ValueFields.toString("DiscoveredPeer", values);
  }

  /** The parts of a peer as fields, so that copying needs no list of them. */
  private static final class Values implements Cloneable {
    private final List<PeerAddress> addresses;
    private final Instant firstSeen;
    private @Nullable String node;
    private @Nullable String teamName;
    private @Nullable KnownPeer known;
    private @Nullable String keyHint;
    private List<KnownPeer> lookAlikes = List.of();
    private List<String> sources = List.of();
    private int level;

    private Values(List<PeerAddress> addresses, Instant firstSeen) {
      this.addresses = List.copyOf(addresses);
      this.firstSeen = Objects.requireNonNull(firstSeen, "firstSeen");
    }

    Values copy() {
      try {
        return (Values) clone();
      } catch (CloneNotSupportedException e) {
        throw new IllegalStateException("this class is Cloneable", e);
      }
    }
  }

  /** Builds a {@link DiscoveredPeer}. Not thread-safe. */
  public static final class Builder {
    private final Values values;

    private Builder(List<PeerAddress> addresses, Instant firstSeen) {
      if (addresses.isEmpty() || addresses.size() > MOST_ADDRESSES) {
        throw new IllegalArgumentException(
            "a peer has 1 to " + MOST_ADDRESSES + " addresses, not " + addresses.size());
      }
      this.values = new Values(addresses, firstSeen);
    }

    /**
     * Sets {@link DiscoveredPeer#node}.
     *
     * @param value the {@code NODE}, or null if it is not known
     * @return this builder
     */
    public Builder node(@Nullable String value) {
      values.node = value;
      return this;
    }

    /**
     * Sets {@link DiscoveredPeer#teamName}.
     *
     * @param value the team name, or null if it is not known
     * @return this builder
     */
    public Builder teamName(@Nullable String value) {
      values.teamName = value;
      return this;
    }

    /**
     * Sets {@link DiscoveredPeer#known}.
     *
     * @param value the known peer, or null if there is none
     * @return this builder
     */
    public Builder known(@Nullable KnownPeer value) {
      values.known = value;
      return this;
    }

    /**
     * Sets {@link DiscoveredPeer#lookAlikes}.
     *
     * @param value the known peers whose names look like this one
     * @return this builder
     */
    public Builder lookAlikes(List<KnownPeer> value) {
      values.lookAlikes = List.copyOf(value);
      return this;
    }

    /**
     * Sets {@link DiscoveredPeer#keyHint}.
     *
     * @param value the hint, or null if there is none
     * @return this builder
     */
    public Builder keyHint(@Nullable String value) {
      values.keyHint = value;
      return this;
    }

    /**
     * Sets {@link DiscoveredPeer#sources}.
     *
     * @param value the names of the sources
     * @return this builder
     */
    public Builder sources(List<String> value) {
      values.sources = List.copyOf(value);
      return this;
    }

    /**
     * Sets {@link DiscoveredPeer#level}.
     *
     * @param value the level, 0 if it is not known
     * @return this builder
     */
    public Builder level(int value) {
      values.level = value;
      return this;
    }

    /**
     * Builds the peer.
     *
     * @return an immutable peer
     */
    public DiscoveredPeer build() {
      return new DiscoveredPeer(values.copy());
    }
  }
}
