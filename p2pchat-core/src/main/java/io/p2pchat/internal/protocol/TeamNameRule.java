package io.p2pchat.internal.protocol;

import org.jspecify.annotations.Nullable;

/** The rule for team names: 1 to 64 characters, none of them {@code |} or a control character. */
public final class TeamNameRule {
  /** The rule, for exception messages. */
  public static final String TEXT = "1 to 64 characters, none of them | or a control character";

  private static final int MAX_CHARACTERS = 64;

  private TeamNameRule() {}

  /**
   * Checks a team name.
   *
   * @return the name, stripped
   * @throws IllegalArgumentException if the name breaks the rule; the message names it
   */
  public static String require(String team) {
    String stripped = team.strip();
    String problem = problem(stripped);
    if (problem != null) {
      throw new IllegalArgumentException("not a team name: " + problem + "; accepted are " + TEXT);
    }
    return stripped;
  }

  /** Returns what is wrong with a stripped team name, or null if nothing is. */
  public static @Nullable String problem(String team) {
    int length = team.codePointCount(0, team.length());
    if (length < 1 || length > MAX_CHARACTERS) {
      return "it has " + length + " characters";
    }
    if (team.indexOf('|') >= 0) {
      return "it holds a |";
    }
    return team.chars().anyMatch(Character::isISOControl) ? "it holds a control character" : null;
  }
}
