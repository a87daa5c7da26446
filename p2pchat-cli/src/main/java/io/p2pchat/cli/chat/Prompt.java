package io.p2pchat.cli.chat;

/**
 * What is asked for on a terminal.
 *
 * @param prompt what stands before the answer, safe as it is
 * @param kind what the answer is
 */
record Prompt(String prompt, Kind kind) {
  /** What an answer is: it decides what Tab completes, and what is remembered. */
  enum Kind {
    /** A choice of the menu, or a command. */
    CHOICE,
    /** A text for the one who is talked to, or a command. */
    TALK,
    /** The text of a message. */
    MESSAGE,
    /** A peer. */
    PEER,
    /** Something that neither is completed nor remembered. */
    OTHER
  }

  /** Whether the answer can be had again with the arrow keys, also in the next chat. */
  boolean isRemembered() {
    return switch (kind) {
      case CHOICE, TALK, MESSAGE -> true;
      case PEER, OTHER -> false;
    };
  }

  /** Whether an answer is shown again as a message of one's own. */
  boolean isRepeated(String answer) {
    String text = answer.strip();
    return switch (kind) {
      case MESSAGE -> !text.isEmpty();
      case TALK -> !text.isEmpty() && (!text.startsWith("/") || isMessage(text));
      case CHOICE -> isMessage(text);
      case PEER, OTHER -> false;
    };
  }

  private static boolean isMessage(String text) {
    return text.startsWith("/msg ") || text.startsWith("/all ") || text.startsWith("//");
  }
}
