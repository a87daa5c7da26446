package io.p2pchat.discovery;

import io.p2pchat.Fingerprint;
import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A peer that a source has found, as the source describes it. Nothing of it is proven: anybody on
 * the network may have said it.
 *
 * <p>Two candidates are equal if all their values are equal. This class is immutable and
 * thread-safe. Later versions may add accessors.
 */
public final class PeerCandidate {
  /** The most addresses that a candidate has. */
  public static final int MAX_ADDRESSES = 8;

  private static final int MAX_ID = 1024;
  private static final int HINT_BYTES = 8;
  private static final Pattern NODE = Pattern.compile("[a-z2-7]{26}");
  private static final Pattern HINT = Pattern.compile("[0-9a-f]{16}");

  private final String id;
  private final List<PeerAddress> addresses;
  private final @Nullable String node;
  private final @Nullable String teamName;
  private final @Nullable String keyHint;
  private final int level;
  private final boolean chosen;

  private PeerCandidate(Builder builder) {
    this.id = builder.id;
    this.addresses = List.copyOf(builder.addresses);
    this.node = builder.node;
    this.teamName = builder.teamName;
    this.keyHint = builder.keyHint;
    this.level = builder.level;
    this.chosen = builder.chosen;
  }

  /**
   * Creates a builder. The candidate starts at level 0, without {@code NODE}, team name, key hint
   * and addresses. It needs at least one address.
   *
   * @param id identifies the candidate within its source, 1 to 1,024 characters
   * @return a new builder
   * @throws IllegalArgumentException if the id is empty or too long
   */
  public static Builder builder(String id) {
    return new Builder(id);
  }

  /**
   * Computes the hint of a key: the first 16 hexadecimal digits of the SHA-256 of the fingerprint's
   * 32 bytes and the {@code NODE} in ASCII. Whoever knows the key recognizes its node by it. Others
   * cannot, and two starts of a node have different hints.
   *
   * @param fingerprint the fingerprint of the key
   * @param node the {@code NODE}, 26 characters of a-z and 2-7
   * @return 16 hexadecimal digits in lower case
   * @throws IllegalArgumentException if the {@code NODE} is not one
   */
  public static String keyHint(Fingerprint fingerprint, String node) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update(HexFormat.of().parseHex(fingerprint.toString().replace("-", "")));
      sha256.update(requireNode(node).getBytes(StandardCharsets.US_ASCII));
      return HexFormat.of().formatHex(sha256.digest(), 0, HINT_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /**
   * Returns what identifies the candidate within its source.
   *
   * @return 1 to 1,024 characters
   */
  public String id() {
    return id;
  }

  /**
   * Returns where the peer can be dialed.
   *
   * @return 1 to {@link #MAX_ADDRESSES} addresses, the preferred first; IP addresses or host names
   */
  public List<PeerAddress> addresses() {
    return addresses;
  }

  /**
   * Returns the {@code NODE} of the peer.
   *
   * @return 26 characters of a-z and 2-7; empty if the source does not know it
   */
  public Optional<String> node() {
    return Optional.ofNullable(node);
  }

  /**
   * Returns the team name of the peer.
   *
   * @return a {@linkplain Peer#isTeamName valid} team name; empty if the source does not know it
   */
  public Optional<String> teamName() {
    return Optional.ofNullable(teamName);
  }

  /**
   * Returns the {@linkplain #keyHint(Fingerprint, String) hint} of the peer's key.
   *
   * @return 16 hexadecimal digits in lower case; empty if the source does not know it
   */
  public Optional<String> keyHint() {
    return Optional.ofNullable(keyHint);
  }

  /**
   * Returns the highest level of the protocol that the peer is said to talk.
   *
   * @return 0 if the source does not know it; 1 or more for nodes of this library
   */
  public int level() {
    return level;
  }

  /**
   * Returns whether the user of this node has chosen the addresses, as in a list of peers. The node
   * dials such a candidate at once, and again and again until it answers, and trusts a new peer
   * there as after a message to the address. It dials other candidates for a message only.
   *
   * @return whether to dial
   */
  public boolean chosen() {
    return chosen;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PeerCandidate that && values().equals(that.values());
  }

  @Override
  public int hashCode() {
    return values().hashCode();
  }

  /** Returns all values, for logs. The format may change. */
  @Override
  public String toString() {
    return "PeerCandidate[id="
        + id
        + ", addresses="
        + addresses
        + ", node="
        + node
        + ", teamName="
        + teamName
        + ", keyHint="
        + keyHint
        + ", level="
        + level
        + ", chosen="
        + chosen
        + "]";
  }

  private List<@Nullable Object> values() {
    return Arrays.asList(id, addresses, node, teamName, keyHint, level, chosen);
  }

  static boolean isNode(String node) {
    return NODE.matcher(node).matches();
  }

  static boolean isKeyHint(String keyHint) {
    return HINT.matcher(keyHint).matches();
  }

  static String requireNode(String node) {
    if (!isNode(node)) {
      throw new IllegalArgumentException("not a NODE; accepted are 26 characters of a-z and 2-7");
    }
    return node;
  }

  static String requireTeamName(String teamName) {
    if (!Peer.isTeamName(teamName)) {
      throw new IllegalArgumentException("not a team name: see Peer.isTeamName");
    }
    return teamName;
  }

  static String requireKeyHint(String keyHint) {
    if (!isKeyHint(keyHint)) {
      throw new IllegalArgumentException(
          "not a key hint; accepted are 16 hexadecimal digits in lower case");
    }
    return keyHint;
  }

  static int requireLevel(int level) {
    if (level < 0) {
      throw new IllegalArgumentException("not a level: " + level + "; accepted are 0 and more");
    }
    return level;
  }

  /** Builds a {@link PeerCandidate}. Not thread-safe. */
  public static final class Builder {
    private final String id;
    private final Set<PeerAddress> addresses = new LinkedHashSet<>();
    private @Nullable String node;
    private @Nullable String teamName;
    private @Nullable String keyHint;
    private int level;
    private boolean chosen;

    private Builder(String id) {
      if (id.isEmpty() || id.length() > MAX_ID) {
        throw new IllegalArgumentException(
            "not an id: it has " + id.length() + " characters; accepted are 1 to " + MAX_ID);
      }
      this.id = id;
    }

    /**
     * Adds an address, the preferred first. An address that was added before, and any after {@link
     * PeerCandidate#MAX_ADDRESSES}, is ignored.
     *
     * @param address the address
     * @return this builder
     */
    public Builder address(PeerAddress address) {
      if (addresses.size() < MAX_ADDRESSES) {
        addresses.add(Objects.requireNonNull(address, "address"));
      }
      return this;
    }

    /**
     * Sets the {@code NODE} of the peer.
     *
     * @param node 26 characters of a-z and 2-7
     * @return this builder
     * @throws IllegalArgumentException if it is not a {@code NODE}
     */
    public Builder node(String node) {
      this.node = requireNode(node);
      return this;
    }

    /**
     * Sets the team name. One that is not {@linkplain Peer#isTeamName valid} is dropped: the
     * candidate has none then.
     *
     * @param teamName what the source has found
     * @return this builder
     */
    public Builder teamName(String teamName) {
      this.teamName = Peer.isTeamName(teamName) ? teamName : null;
      return this;
    }

    /**
     * Sets the {@linkplain PeerCandidate#keyHint(Fingerprint, String) hint} of the peer's key.
     *
     * @param keyHint 16 hexadecimal digits in lower case
     * @return this builder
     * @throws IllegalArgumentException if it is not a hint
     */
    public Builder keyHint(String keyHint) {
      this.keyHint = requireKeyHint(keyHint);
      return this;
    }

    /**
     * Sets the highest level that the peer is said to talk.
     *
     * @param level 0 or more
     * @return this builder
     * @throws IllegalArgumentException if the level is negative
     */
    public Builder level(int level) {
      this.level = requireLevel(level);
      return this;
    }

    /**
     * Sets that the user of this node has chosen the addresses, see {@link PeerCandidate#chosen}.
     * Never set it for what the network says.
     *
     * @return this builder
     */
    public Builder chosen() {
      this.chosen = true;
      return this;
    }

    /**
     * Builds the candidate.
     *
     * @return the candidate
     * @throws IllegalStateException if it has no address
     */
    public PeerCandidate build() {
      if (addresses.isEmpty()) {
        throw new IllegalStateException("a candidate needs at least one address");
      }
      return new PeerCandidate(this);
    }
  }
}
