package io.p2pchat.cli.chat;

import java.util.Locale;

/** How the chat announces messages while the user looks elsewhere. */
public enum NotifyMode {
  /** By the bell of the terminal. */
  BELL,
  /** By a notification of the desktop, if the terminal has them; otherwise by the bell. */
  OSC,
  /** Not at all. */
  OFF;

  /** Returns the value of {@code --notify}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
