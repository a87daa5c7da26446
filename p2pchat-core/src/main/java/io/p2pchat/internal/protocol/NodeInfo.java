package io.p2pchat.internal.protocol;

import java.nio.charset.StandardCharsets;

/**
 * The facts about the sender in {@code HELLO} and {@code WELCOME}.
 *
 * @param node its node identifier, new at every start
 * @param limit the longest frame that it accepts, in bytes with the line end
 * @param port its listening port
 * @param team its team
 * @param exact whether it takes {@link ExactText exact texts}
 * @param temporaryKey whether it has a new key at each start
 * @param brief whether it runs only to send something
 * @param exchanges whether it takes part in peer exchange
 * @param stores whether it commits what it receives to a store before it acknowledges it
 * @param takesNone whether it must not be given what is kept for its key
 */
public record NodeInfo(
    String node,
    int limit,
    int port,
    String team,
    boolean exact,
    boolean temporaryKey,
    boolean brief,
    boolean exchanges,
    boolean stores,
    boolean takesNone) {
  /**
   * The least {@link #limit}. Every control line and every reserved text fits, also in the name of
   * the longest team.
   */
  public static final int MIN_LIMIT = 512;

  /** The only version of exact texts. A node that announces a later one supports it too. */
  private static final int EXACT_VERSION = 1;

  private static final String KEY = "KEY";
  private static final String TEMPORARY = "temporary";
  private static final String BRIEF = "BRIEF";
  private static final String PEERS = "PEERS";
  private static final String STORE = "STORE";
  private static final String TAKES = "TAKES";
  private static final String NONE = "none";

  /** Checks the fields. */
  public NodeInfo {
    RandomIds.requireNode(node);
    ControlFields.requireNumber("LIMIT", limit, MIN_LIMIT, Integer.MAX_VALUE);
    ControlFields.requireNumber("LISTENING_PORT", port, 1, 65535);
    if (stores && !exact) {
      throw new IllegalArgumentException("STORE is said without EXACT");
    }
    // Numbers are held for lasting keys only: anybody can make temporary ones without end.
    stores = stores && !temporaryKey;
    team = team.strip();
    String problem = TeamNameRule.problem(team);
    if (problem != null) {
      throw new IllegalArgumentException("TEAM_NAME is not a team name: " + problem);
    }
  }

  /** The facts about a sender that stays, and whose key is not temporary. */
  public NodeInfo(String node, int limit, int port, String team, boolean exact) {
    this(node, limit, port, team, exact, false, false, false);
  }

  /** The facts about a sender without a store. */
  public NodeInfo(
      String node,
      int limit,
      int port,
      String team,
      boolean exact,
      boolean temporaryKey,
      boolean brief,
      boolean exchanges) {
    this(node, limit, port, team, exact, temporaryKey, brief, exchanges, false, false);
  }

  /** Returns the same facts with what the sender does about kept messages. */
  public NodeInfo keeping(boolean nowStores, boolean nowTakesNone) {
    return new NodeInfo(
        node, limit, port, team, exact, temporaryKey, brief, exchanges, nowStores, nowTakesNone);
  }

  /** Returns the facts as they are said without encryption: what is kept goes by TLS only. */
  public NodeInfo inPlain() {
    return stores || takesNone ? keeping(false, false) : this;
  }

  static NodeInfo read(ControlFields fields) {
    boolean exact = fields.has("EXACT") && fields.number("EXACT") >= EXACT_VERSION;
    return new NodeInfo(
        fields.text("NODE"),
        fields.number("LIMIT", MIN_LIMIT, Integer.MAX_VALUE),
        fields.number("LISTENING_PORT", 1, 65535),
        fields.text("TEAM_NAME"),
        exact,
        fields.has(KEY) && fields.text(KEY).equals(TEMPORARY),
        fields.has(BRIEF) && fields.number(BRIEF) >= 1,
        fields.has(PEERS) && fields.number(PEERS) >= 1,
        // Kept texts are exact.
        exact && fields.has(STORE) && fields.number(STORE) >= 1,
        fields.has(TAKES) && fields.text(TAKES).equals(NONE));
  }

  /** Returns the encoded header of each chat line from this sender. */
  public byte[] chatHeader() {
    return Header.format(port, team).getBytes(StandardCharsets.UTF_8);
  }

  /** Returns the text that this sender meant by the text of a chat line. */
  public String text(String wire) {
    return exact ? ExactText.unescape(wire) : ChatLine.normal(wire);
  }

  String formatEnd() {
    return "|LIMIT:"
        + limit
        + ("|LISTENING_PORT:" + port)
        + ("|TEAM_NAME:" + team)
        + (exact ? "|EXACT:" + EXACT_VERSION : "")
        + (temporaryKey ? "|" + KEY + ":" + TEMPORARY : "")
        + (brief ? "|" + BRIEF + ":1" : "")
        + (exchanges ? "|" + PEERS + ":1" : "")
        + (stores ? "|" + STORE + ":1" : "")
        + (takesNone ? "|" + TAKES + ":" + NONE : "");
  }
}
