package io.p2pchat.cli;

import io.p2pchat.PeerNode;
import java.util.Optional;

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
    return user().orElse(FALLBACK);
  }

  /** Returns the user's name, if that is a valid team name. */
  static Optional<String> user() {
    String user = System.getProperty("user.name", "");
    try {
      // Java returns "?" for a user without a name, for example in containers.
      return user.equals("?") ? Optional.empty() : Optional.of(parse(user));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /**
   * Checks a team name that a person types in the chat, where commands begin with a slash.
   *
   * @param user what an empty answer stands for
   * @throws IllegalArgumentException if it is invalid; the message says why, and what is accepted
   */
  static String typed(String answer, Optional<String> user) {
    if (answer.startsWith("/")) {
      throw new IllegalArgumentException(
          "you can use commands once the chat has started. Type the name that others will see;"
              + " Ctrl-C quits");
    }
    return answer.isEmpty() && user.isPresent() ? user.get() : parse(answer);
  }
}
