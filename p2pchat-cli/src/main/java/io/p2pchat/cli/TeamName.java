package io.p2pchat.cli;

import io.p2pchat.PeerNode;

/** Reads team names. */
final class TeamName {
  private static final String FALLBACK = "p2pchat";

  private TeamName() {}

  /**
   * Checks a team name by the library's rule.
   *
   * @throws IllegalArgumentException if it is invalid; the message says why, and what is accepted
   */
  static String parse(String text) {
    PeerNode.builder().teamName(text);
    return text;
  }

  /** Returns the user's name, or a constant if that is no valid team name. */
  static String ofUser() {
    String user = System.getProperty("user.name", "");
    try {
      // Java returns "?" for a user without a name, for example in containers.
      return user.equals("?") ? FALLBACK : parse(user);
    } catch (IllegalArgumentException e) {
      return FALLBACK;
    }
  }
}
