package io.p2pchat.internal.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The facts about the sender in {@code HELLO} and {@code WELCOME}.
 *
 * @param node its node identifier, new at every start
 * @param limit the longest frame that it accepts, in bytes with the line end
 * @param port its listening port
 * @param team its team
 * @param features what it says about itself beyond that
 */
public record NodeInfo(String node, int limit, int port, String team, Set<Feature> features) {
  /** What a sender may say about itself. In the order of the fields on the wire. */
  public enum Feature {
    /** It takes {@link ExactText exact texts}. */
    EXACT("EXACT", Feature.YES),
    /** It has a new key at each start. */
    TEMPORARY_KEY("KEY", "temporary"),
    /** It runs only to send something. */
    BRIEF("BRIEF", Feature.YES),
    /** It takes part in peer exchange. */
    EXCHANGES("PEERS", Feature.YES),
    /** It commits what it receives to a store before it acknowledges it. */
    STORES("STORE", Feature.YES),
    /** It must not be given what is kept for its key. */
    TAKES_NONE("TAKES", "none");

    /** The only version of each feature. A node that announces a later one supports it too. */
    private static final String YES = "1";

    private final String key;
    private final String value;

    Feature(String key, String value) {
      this.key = key;
      this.value = value;
    }

    private boolean isIn(ControlFields fields) {
      return fields.has(key)
          && (value.equals(YES) ? fields.number(key) >= 1 : fields.text(key).equals(value));
    }

    private String format() {
      return "|" + key + ":" + value;
    }
  }

  /**
   * The least {@link #limit}. Every control line and every reserved text fits, also in the name of
   * the longest team.
   */
  public static final int MIN_LIMIT = 512;

  /** Checks the fields. */
  public NodeInfo {
    RandomIds.requireNode(node);
    ControlFields.requireNumber("LIMIT", limit, MIN_LIMIT, Integer.MAX_VALUE);
    ControlFields.requireNumber("LISTENING_PORT", port, 1, 65535);
    Set<Feature> copy = copy(features);
    if (copy.contains(Feature.STORES) && !copy.contains(Feature.EXACT)) {
      throw new IllegalArgumentException("STORE is said without EXACT");
    }
    if (copy.contains(Feature.TEMPORARY_KEY)) {
      // Numbers are held for lasting keys only: anybody can make temporary ones without end.
      copy.remove(Feature.STORES);
    }
    features = Collections.unmodifiableSet(copy);
    team = team.strip();
    String problem = TeamNameRule.problem(team);
    if (problem != null) {
      throw new IllegalArgumentException("TEAM_NAME is not a team name: " + problem);
    }
  }

  /** The facts about a sender that has no other feature than exact texts. */
  public NodeInfo(String node, int limit, int port, String team, boolean exact) {
    this(node, limit, port, team, exact ? Set.of(Feature.EXACT) : Set.of());
  }

  private static Set<Feature> copy(Set<Feature> features) {
    Set<Feature> copy = EnumSet.noneOf(Feature.class);
    copy.addAll(features);
    return copy;
  }

  /** Returns whether the sender takes {@link ExactText exact texts}. */
  public boolean exact() {
    return features.contains(Feature.EXACT);
  }

  /** Returns whether the sender has a new key at each start. */
  public boolean temporaryKey() {
    return features.contains(Feature.TEMPORARY_KEY);
  }

  /** Returns whether the sender runs only to send something. */
  public boolean brief() {
    return features.contains(Feature.BRIEF);
  }

  /** Returns whether the sender takes part in peer exchange. */
  public boolean exchanges() {
    return features.contains(Feature.EXCHANGES);
  }

  /** Returns whether the sender commits what it receives to a store before it acknowledges it. */
  public boolean stores() {
    return features.contains(Feature.STORES);
  }

  /** Returns whether the sender must not be given what is kept for its key. */
  public boolean takesNone() {
    return features.contains(Feature.TAKES_NONE);
  }

  /** Returns the same facts with what the sender does about kept messages. */
  public NodeInfo keeping(boolean nowStores, boolean nowTakesNone) {
    Set<Feature> now = copy(features);
    now.removeAll(EnumSet.of(Feature.STORES, Feature.TAKES_NONE));
    if (nowStores) {
      now.add(Feature.STORES);
    }
    if (nowTakesNone) {
      now.add(Feature.TAKES_NONE);
    }
    return new NodeInfo(node, limit, port, team, now);
  }

  /** Returns the facts as they are said without encryption: what is kept goes by TLS only. */
  public NodeInfo inPlain() {
    return stores() || takesNone() ? keeping(false, false) : this;
  }

  static NodeInfo read(ControlFields fields) {
    boolean exact = Feature.EXACT.isIn(fields);
    return new NodeInfo(
        fields.text("NODE"),
        fields.number("LIMIT", MIN_LIMIT, Integer.MAX_VALUE),
        fields.number("LISTENING_PORT", 1, 65535),
        fields.text("TEAM_NAME"),
        readFeatures(fields, exact));
  }

  private static Set<Feature> readFeatures(ControlFields fields, boolean exact) {
    Set<Feature> said = EnumSet.allOf(Feature.class);
    if (!exact) {
      // Kept texts are exact.
      said.remove(Feature.STORES);
    }
    said.removeIf(feature -> !feature.isIn(fields));
    return said;
  }

  /** Returns the encoded header of each chat line from this sender. */
  public byte[] chatHeader() {
    return Header.format(port, team).getBytes(StandardCharsets.UTF_8);
  }

  /** Returns the text that this sender meant by the text of a chat line. */
  public String text(String wire) {
    return exact() ? ExactText.unescape(wire) : ChatLine.normal(wire);
  }

  String formatEnd() {
    return "|LIMIT:"
        + limit
        + ("|LISTENING_PORT:" + port)
        + ("|TEAM_NAME:" + team)
        + features.stream().map(Feature::format).collect(Collectors.joining());
  }
}
