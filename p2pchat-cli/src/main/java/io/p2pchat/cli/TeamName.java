package io.p2pchat.cli;

import io.p2pchat.PeerNode;

/** Reads team names. */
final class TeamName {
  private static final String FALLBACK = "p2pchat";

  private TeamName() {}

  /**
   * Checks a name by the library's rule.
   *
   * @throws IllegalArgumentException if it is none; the text says why and what is accepted
   */
  static String parse(String text) {
    PeerNode.builder().teamName(text);
    return text;
  }

  /** The name of the user who runs this, or a constant where that is no team name. */
  static String ofUser() {
    String user = System.getProperty("user.name", "");
    try {
      // Java says "?" for a user without a name, as containers have.
      return user.equals("?") ? FALLBACK : parse(user);
    } catch (IllegalArgumentException e) {
      return FALLBACK;
    }
  }
}
