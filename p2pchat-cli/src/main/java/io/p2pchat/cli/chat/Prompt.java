package io.p2pchat.cli.chat;

import java.util.function.Supplier;

/**
 * A prompt.
 *
 * @param text returns the text before the answer as it is now, already escaped. Any thread may call
 *     it
 * @param kind the kind of answer
 */
record Prompt(Supplier<String> text, Kind kind) {
  /** Creates a prompt that never changes. */
  Prompt(String prompt, Kind kind) {
    this(() -> prompt, kind);
  }

  /** The kind of answer. It decides about completion and history. */
  enum Kind {
    /** A number of the menu, or a command. */
    CHOICE,
    /** A message to the peer of {@code /to}, or a command. */
    TALK,
    /** The text of a message. */
    MESSAGE,
    /** A peer. */
    PEER,
    /** A confirmation. It never comes from pasted lines. */
    CONFIRMATION,
    /** Any other answer. It is neither completed nor remembered. */
    OTHER
  }

  /** Returns the text before the answer as it is now. */
  String prompt() {
    return text.get();
  }

  /** Returns whether the answer goes into the history. */
  boolean isRemembered() {
    return switch (kind) {
      case CHOICE, TALK, MESSAGE -> true;
      case PEER, CONFIRMATION, OTHER -> false;
    };
  }

  /** Returns whether the chat shows the answer again, as a sent message. */
  boolean isRepeated(String answer) {
    String text = answer.strip();
    return switch (kind) {
      case MESSAGE -> !text.isEmpty();
      case TALK -> !text.isEmpty() && (!text.startsWith("/") || isMessage(text));
      case CHOICE -> isMessage(text);
      case PEER, CONFIRMATION, OTHER -> false;
    };
  }

  private static boolean isMessage(String text) {
    return text.startsWith("/msg ") || text.startsWith("/all ") || text.startsWith("//");
  }
}
