package io.p2pchat;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A peer as it was known at one moment. It does not change afterwards: ask the node again for news.
 *
 * <p>Two peers are equal if they are at the same address, whatever their state: so a peer is found
 * again in a set or a map.
 *
 * <p>This class is immutable and thread-safe. Accessors may be added. Specification:
 * docs/PROTOCOL.md, section 1 (Who is a peer) and section 5.
 */
public final class Peer {
  /** The team name of a peer that has not named one. */
  public static final String UNKNOWN_TEAM = "unknown_team";

  private final Values values;

  private Peer(Values values) {
    this.values = values;
  }

  /**
   * Begins a peer, for tests of what takes one: of {@link #UNKNOWN_TEAM}, not connected, {@link
   * State#REACHABLE}, never heard, at {@link Level#PLAIN}, without a fingerprint.
   *
   * @param address where it listens
   * @return a new builder
   */
  public static Builder builder(PeerAddress address) {
    return new Builder(new Values(address));
  }

  /**
   * Where it listens; for the sender of a raw message, the address the connection came from, where
   * nobody listens.
   *
   * @return the address
   */
  public PeerAddress address() {
    return values.address;
  }

  /**
   * The team it last named.
   *
   * @return 1 to 64 characters; {@link #UNKNOWN_TEAM} if it has named none
   */
  public String teamName() {
    return values.teamName;
  }

  /**
   * Whether it was explicitly connected.
   *
   * @return true if it is among the connected peers
   */
  public boolean connected() {
    return values.connected;
  }

  /**
   * Whether the last attempt to reach it succeeded.
   *
   * @return the state
   */
  public State state() {
    return values.state;
  }

  /**
   * When it was last heard.
   *
   * @return the time, or empty if never
   */
  public Optional<Instant> lastHeard() {
    return Optional.ofNullable(values.lastHeard);
  }

  /**
   * How the node talks with it.
   *
   * @return the level
   */
  public Level level() {
    return values.level;
  }

  /**
   * The fingerprint of the key that it has shown to hold.
   *
   * @return the fingerprint, or empty if what goes between the two is not encrypted
   */
  public Optional<Fingerprint> fingerprint() {
    return Optional.ofNullable(values.fingerprint);
  }

  /**
   * The time of the last round trip to it.
   *
   * @return the time, or empty if none was measured; only sessions measure it
   */
  public Optional<Duration> roundTrip() {
    return Optional.ofNullable(values.roundTrip);
  }

  /**
   * How many messages to it wait to be sent or acknowledged.
   *
   * @return 0 or more
   */
  public int unacknowledged() {
    return values.unacknowledged;
  }

  /**
   * Whether what goes between the two is encrypted.
   *
   * @return true if there is a fingerprint
   */
  public boolean encrypted() {
    return values.fingerprint != null;
  }

  /** Whether the other is a peer at the same address. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Peer that && address().equals(that.address());
  }

  @Override
  public int hashCode() {
    return address().hashCode();
  }

  /** The address, the team and the state, for a log; its form may change. */
  @Override
  public String toString() {
    return "Peer["
        + values.address
        + (", " + values.teamName)
        + (", " + values.state)
        + (", " + values.level)
        + (values.connected ? ", connected" : "")
        + (encrypted() ? ", encrypted" : "")
        + "]";
  }

  /** How a node talks with a peer. */
  public enum Level {
    /** In lines of the plain format, or not yet; messages are written and nothing is known then. */
    PLAIN,
    /** In a session: messages are numbered, acknowledged, and survive lost connections. */
    SESSION
  }

  /** Whether a peer can be reached, as far as the node has seen. */
  public enum State {
    /** It was heard, or accepted a connection, and nothing has failed since. */
    REACHABLE,
    /** The last attempt to reach it failed, and it was not heard since. */
    UNREACHABLE
  }

  /** What is known of a peer, each named once: copies are made of all of them. */
  private static final class Values implements Cloneable {
    private final PeerAddress address;
    private String teamName = UNKNOWN_TEAM;
    private boolean connected;
    private State state = State.REACHABLE;
    private @Nullable Instant lastHeard;
    private Level level = Level.PLAIN;
    private @Nullable Fingerprint fingerprint;
    private @Nullable Duration roundTrip;
    private int unacknowledged;

    private Values(PeerAddress address) {
      this.address = Objects.requireNonNull(address, "address");
    }

    Values copy() {
      try {
        return (Values) clone();
      } catch (CloneNotSupportedException e) {
        throw new IllegalStateException("this class is Cloneable", e);
      }
    }
  }

  /** Makes {@link Peer}s. Not thread-safe. */
  public static final class Builder {
    private final Values values;

    private Builder(Values values) {
      this.values = values;
    }

    /**
     * Sets {@link Peer#teamName}.
     *
     * @param value the team
     * @return this builder
     */
    public Builder teamName(String value) {
      values.teamName = Objects.requireNonNull(value, "teamName");
      return this;
    }

    /**
     * Sets {@link Peer#connected}.
     *
     * @param value whether it is connected
     * @return this builder
     */
    public Builder connected(boolean value) {
      values.connected = value;
      return this;
    }

    /**
     * Sets {@link Peer#state}.
     *
     * @param value the state
     * @return this builder
     */
    public Builder state(State value) {
      values.state = Objects.requireNonNull(value, "state");
      return this;
    }

    /**
     * Sets {@link Peer#lastHeard}.
     *
     * @param value the time, or null if never
     * @return this builder
     */
    public Builder lastHeard(@Nullable Instant value) {
      values.lastHeard = value;
      return this;
    }

    /**
     * Sets {@link Peer#level}.
     *
     * @param value the level
     * @return this builder
     */
    public Builder level(Level value) {
      values.level = Objects.requireNonNull(value, "level");
      return this;
    }

    /**
     * Sets {@link Peer#fingerprint}.
     *
     * @param value the fingerprint, or null if nothing is encrypted
     * @return this builder
     */
    public Builder fingerprint(@Nullable Fingerprint value) {
      values.fingerprint = value;
      return this;
    }

    /**
     * Sets {@link Peer#roundTrip}.
     *
     * @param value the time, or null if none was measured
     * @return this builder
     */
    public Builder roundTrip(@Nullable Duration value) {
      values.roundTrip = value;
      return this;
    }

    /**
     * Sets {@link Peer#unacknowledged}.
     *
     * @param value how many messages wait
     * @return this builder
     */
    public Builder unacknowledged(int value) {
      values.unacknowledged = value;
      return this;
    }

    /**
     * Makes the peer.
     *
     * @return an immutable peer
     */
    public Peer build() {
      return new Peer(values.copy());
    }
  }
}
