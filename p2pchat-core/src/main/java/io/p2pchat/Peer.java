package io.p2pchat;

import io.p2pchat.internal.protocol.TeamNameRule;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot of a peer. It never changes: ask the node for a new one.
 *
 * <p>A peer that encrypts is its key: two peers with a fingerprint are equal if their fingerprints
 * and team names are, wherever they are. One user can run several nodes with one key and one team
 * name; they are one peer. Two peers without a fingerprint are equal if their addresses are. The
 * state never counts. So you can find a peer again in a set or a map. A peer that first was seen
 * without encryption gets another identity when it shows its key: later snapshots do not equal the
 * earlier ones.
 *
 * <p>This class is immutable and thread-safe. Later versions may add accessors. Specification:
 * docs/PROTOCOL.md, section 1 (Who is a peer) and section 5.
 */
public final class Peer {
  /**
   * The team name of a peer that has not sent one. A peer can send this very name: {@link #named}
   * tells the two apart. A {@link PeerNode} does not take it.
   */
  public static final String UNKNOWN_TEAM = "unknown_team";

  private static final int MOST_ADDRESSES = 8;

  private final Values values;

  private Peer(Values values) {
    this.values = values;
  }

  /**
   * Creates a builder for tests of code that takes a peer. The peer starts as {@link
   * #UNKNOWN_TEAM}, not connected, {@link State#REACHABLE} and at {@link Level#PLAIN}. It has no
   * fingerprint and was never heard from.
   *
   * @param address the address at which the peer listens
   * @return a new builder
   */
  public static Builder builder(PeerAddress address) {
    return new Builder(new Values(address));
  }

  /**
   * Returns whether a text is a team name. White space around it does not belong to a team name.
   *
   * @param text any text
   * @return whether it has 1 to 64 characters, none of them {@code |} or a control character, and
   *     neither begins nor ends with white space
   */
  public static boolean isTeamName(String text) {
    return text.equals(text.strip()) && TeamNameRule.problem(text) == null;
  }

  /**
   * Returns the address at which the peer was last seen. For the sender of a raw message it is the
   * source address of the connection, at which no program listens.
   *
   * @return the address
   */
  public PeerAddress address() {
    return values.addresses.get(0);
  }

  /**
   * Returns the addresses at which the peer was seen, the newest first. A peer without a
   * fingerprint has one, because it is its address.
   *
   * @return 1 to 8 addresses, immutable; the first is {@link #address}
   */
  public List<PeerAddress> addresses() {
    return values.addresses;
  }

  /**
   * Returns the team name that the peer sent last.
   *
   * @return 1 to 64 characters; {@link #UNKNOWN_TEAM} if it has sent none
   */
  public String teamName() {
    return values.teamName;
  }

  /**
   * Returns whether the peer has sent a team name.
   *
   * @return false while {@link #teamName} stands for an unknown name
   */
  public boolean named() {
    return values.named;
  }

  /**
   * Returns whether the peer is explicitly connected.
   *
   * @return true if it is among the connected peers
   */
  public boolean connected() {
    return values.connected;
  }

  /**
   * Returns whether the last attempt to reach the peer succeeded.
   *
   * @return the state
   */
  public State state() {
    return values.state;
  }

  /**
   * Returns when the peer was last heard from.
   *
   * @return the time, or empty if never
   */
  public Optional<Instant> lastHeard() {
    return Optional.ofNullable(values.lastHeard);
  }

  /**
   * Returns how the node talks to the peer.
   *
   * @return the level
   */
  public Level level() {
    return values.level;
  }

  /**
   * Returns the fingerprint of the key that the peer has proved to hold. The peer is this key, so
   * it stays when a session ends.
   *
   * @return the fingerprint, or empty for a peer that has never encrypted
   */
  public Optional<Fingerprint> fingerprint() {
    return Optional.ofNullable(values.fingerprint);
  }

  /**
   * Returns the last measured round-trip time. Only sessions measure it.
   *
   * @return the time, or empty if none was measured
   */
  public Optional<Duration> roundTrip() {
    return Optional.ofNullable(values.roundTrip);
  }

  /**
   * Returns the number of messages to the peer that are not yet sent or acknowledged.
   *
   * @return 0 or more
   */
  public int unacknowledged() {
    return values.unacknowledged;
  }

  /**
   * Returns whether messages to and from the peer are encrypted.
   *
   * @return true if there is a fingerprint
   */
  public boolean encrypted() {
    return values.fingerprint != null;
  }

  /** Compares the fingerprints and team names, or without a fingerprint the addresses. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Peer that
        && Objects.equals(values.fingerprint, that.values.fingerprint)
        && (values.fingerprint == null
            ? address().equals(that.address())
            : teamName().equals(that.teamName()));
  }

  @Override
  public int hashCode() {
    return values.fingerprint == null
        ? address().hashCode()
        : Objects.hash(values.fingerprint, values.teamName);
  }

  /** Returns the address, the team and the state, for logs. The format may change. */
  @Override
  public String toString() {
    return "Peer["
        + address()
        + (", " + values.teamName)
        + (", " + values.state)
        + (", " + values.level)
        + (values.connected ? ", connected" : "")
        + (encrypted() ? ", encrypted" : "")
        + "]";
  }

  /** How a node talks to a peer. */
  public enum Level {
    /**
     * In the plain format, or no contact yet. A message ends as written, with no acknowledgement.
     */
    PLAIN,
    /** In a session: messages are numbered, acknowledged, and survive lost connections. */
    SESSION
  }

  /** Whether a peer can be reached, as far as the node knows. */
  public enum State {
    /** The peer was heard from or accepted a connection, and nothing has failed since. */
    REACHABLE,
    /** The last attempt to reach the peer failed, and it was not heard from since. */
    UNREACHABLE
  }

  /** The parts of a peer as fields, so that copying needs no list of them. */
  private static final class Values implements Cloneable {
    private List<PeerAddress> addresses;
    private String teamName = UNKNOWN_TEAM;
    private boolean named;
    private boolean connected;
    private State state = State.REACHABLE;
    private @Nullable Instant lastHeard;
    private Level level = Level.PLAIN;
    private @Nullable Fingerprint fingerprint;
    private @Nullable Duration roundTrip;
    private int unacknowledged;

    private Values(PeerAddress address) {
      this.addresses = List.of(Objects.requireNonNull(address, "address"));
    }

    Values copy() {
      try {
        return (Values) clone();
      } catch (CloneNotSupportedException e) {
        throw new IllegalStateException("this class is Cloneable", e);
      }
    }
  }

  /** Builds {@link Peer}s. Not thread-safe. */
  public static final class Builder {
    private final Values values;

    private Builder(Values values) {
      this.values = values;
    }

    /**
     * Sets {@link Peer#addresses}, in place of the address that the builder was made with.
     *
     * @param newestFirst 1 to 8 addresses
     * @return this builder
     * @throws IllegalArgumentException if there are none, or more than 8
     */
    public Builder addresses(List<PeerAddress> newestFirst) {
      if (newestFirst.isEmpty() || newestFirst.size() > MOST_ADDRESSES) {
        throw new IllegalArgumentException(
            "a peer has 1 to " + MOST_ADDRESSES + " addresses, not " + newestFirst.size());
      }
      values.addresses = List.copyOf(newestFirst);
      return this;
    }

    /**
     * Sets {@link Peer#teamName}, which the peer has sent.
     *
     * @param value the team name
     * @return this builder
     */
    public Builder teamName(String value) {
      values.teamName = Objects.requireNonNull(value, "teamName");
      values.named = true;
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
     * @param value the fingerprint, or null if the peer has never encrypted
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
     * @param value the number of messages
     * @return this builder
     */
    public Builder unacknowledged(int value) {
      values.unacknowledged = value;
      return this;
    }

    /**
     * Builds the peer.
     *
     * @return an immutable peer
     */
    public Peer build() {
      return new Peer(values.copy());
    }
  }
}
