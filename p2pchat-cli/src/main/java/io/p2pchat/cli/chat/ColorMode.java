package io.p2pchat.cli.chat;

import java.util.Locale;

/** Whether to use colors on the terminal. */
public enum ColorMode {
  /** If the terminal supports them and {@code NO_COLOR} is not set. */
  AUTO,
  /** Always. */
  ALWAYS,
  /** Never. */
  NEVER;

  /** Returns the value of {@code --color}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  boolean areOn(int onTerminal) {
    return switch (this) {
      case ALWAYS -> true;
      case NEVER -> false;
      case AUTO -> onTerminal >= 8 && System.getenv().getOrDefault("NO_COLOR", "").isEmpty();
    };
  }
}
