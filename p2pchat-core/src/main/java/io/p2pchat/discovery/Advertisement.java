package io.p2pchat.discovery;

import io.p2pchat.PeerAddress;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a source may announce about this node. Nothing else of the node is announced.
 *
 * <p>This class is immutable and thread-safe, apart from {@link #addresses}, which asks anew each
 * time. Later versions may add accessors.
 */
public final class Advertisement {
  /** The level of nodes of this version. */
  public static final int LEVEL = 1;

  private final String node;
  private final String teamName;
  private final int port;
  private final Supplier<List<PeerAddress>> addresses;
  private final @Nullable String keyHint;
  private final int level;
  private final boolean announces;

  private Advertisement(Builder builder) {
    this.node = builder.node;
    this.teamName = builder.teamName;
    this.port = builder.port;
    this.addresses = builder.addresses;
    this.keyHint = builder.keyHint;
    this.level = builder.level;
    this.announces = builder.announces;
  }

  /**
   * Creates a builder. The node calls it, and tests of sources do. The advertisement starts at
   * {@link #LEVEL}, without addresses and key hint, and announces.
   *
   * @param node the {@code NODE} of this node, 26 characters of a-z and 2-7
   * @param teamName the team name
   * @param port the listening port, 1 to 65535
   * @return a new builder
   * @throws IllegalArgumentException if an argument is not as described
   */
  public static Builder builder(String node, String teamName, int port) {
    return new Builder(node, teamName, port);
  }

  /**
   * Returns the random identifier of this node, its {@code NODE}. It is new with each start. A
   * source that finds it has found this node itself, and does not report it.
   *
   * @return 26 characters of a-z and 2-7
   */
  public String node() {
    return node;
  }

  /**
   * Returns the team name.
   *
   * @return 1 to 64 characters
   */
  public String teamName() {
    return teamName;
  }

  /**
   * Returns the port at which this node listens.
   *
   * @return 1 to 65535
   */
  public int port() {
    return port;
  }

  /**
   * Returns the addresses at which peers can dial this node now. Asks the operating system each
   * time, so it can block for a moment. Link-local addresses are among them, with their zone, so
   * that a source for one network can announce those of that network.
   *
   * @return the addresses, the preferred first; may be empty
   */
  public List<PeerAddress> addresses() {
    return List.copyOf(addresses.get());
  }

  /**
   * Returns the {@linkplain PeerCandidate#keyHint(io.p2pchat.Fingerprint, String) hint} of this
   * node's key. Whoever knows the key recognizes this node, and others cannot.
   *
   * @return 16 hexadecimal digits in lower case; empty if the node has no key
   */
  public Optional<String> keyHint() {
    return Optional.ofNullable(keyHint);
  }

  /**
   * Returns the highest level of the protocol that this node talks.
   *
   * @return 1 for nodes of this version
   */
  public int level() {
    return level;
  }

  /**
   * Returns whether the node wants to be found. If not, a source looks for peers and says nothing
   * about this node.
   *
   * @return whether to announce
   */
  public boolean announces() {
    return announces;
  }

  /** Returns all values except the addresses, for logs. The format may change. */
  @Override
  public String toString() {
    return "Advertisement[node="
        + node
        + ", teamName="
        + teamName
        + ", port="
        + port
        + ", keyHint="
        + keyHint
        + ", level="
        + level
        + ", announces="
        + announces
        + "]";
  }

  /** Builds an {@link Advertisement}. Not thread-safe. */
  public static final class Builder {
    private final String node;
    private final String teamName;
    private final int port;
    private Supplier<List<PeerAddress>> addresses = List::of;
    private @Nullable String keyHint;
    private int level = LEVEL;
    private boolean announces = true;

    private Builder(String node, String teamName, int port) {
      this.node = PeerCandidate.requireNode(node);
      this.teamName = PeerCandidate.requireTeamName(teamName);
      this.port = port;
      if (port < 1 || port > 65535) {
        throw new IllegalArgumentException("not a port: " + port + "; accepted are 1 to 65535");
      }
    }

    /**
     * Sets where {@link Advertisement#addresses} comes from.
     *
     * @param addresses returns the current addresses; thread-safe
     * @return this builder
     */
    public Builder addresses(Supplier<List<PeerAddress>> addresses) {
      this.addresses = Objects.requireNonNull(addresses, "addresses");
      return this;
    }

    /**
     * Sets the hint of this node's key.
     *
     * @param keyHint 16 hexadecimal digits in lower case
     * @return this builder
     * @throws IllegalArgumentException if it is not a hint
     */
    public Builder keyHint(String keyHint) {
      this.keyHint = PeerCandidate.requireKeyHint(keyHint);
      return this;
    }

    /**
     * Sets the highest level that this node talks.
     *
     * @param level 0 or more
     * @return this builder
     * @throws IllegalArgumentException if the level is negative
     */
    public Builder level(int level) {
      this.level = PeerCandidate.requireLevel(level);
      return this;
    }

    /**
     * Sets whether the node wants to be found.
     *
     * @param announces false if sources only look for peers
     * @return this builder
     */
    public Builder announces(boolean announces) {
      this.announces = announces;
      return this;
    }

    /**
     * Builds the advertisement.
     *
     * @return the advertisement
     */
    public Advertisement build() {
      return new Advertisement(this);
    }
  }
}
