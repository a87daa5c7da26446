package io.p2pchat.cli.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What a person sees of commands that are no chat. */
class CommandsOnTerminalIT extends ChatOnTerminal {
  private static final String ADDRESS = "[2001:db8:1111:2222:3333:4444:5555:6666]:7001";

  @Test
  void longLinesBreakAtWords() throws IOException {
    try (Tmux shell = Tmux.startShell(directory)) {
      shell.resize(80, 24);
      shell.enter("chat trust remove Somebody " + ADDRESS);
      shell.awaitScreen(
          screen ->
              assertThat(screen)
                  .contains(
                      ADDRESS
                          + " (Somebody) is not known; 'p2pchat\n  trust' lists the known peers."));
      shell.enter("clear; chat trust accept Somebody " + ADDRESS + " " + "8f".repeat(32));
      shell.awaitScreen(
          screen ->
              assertThat(screen)
                  .contains(ADDRESS + " (Somebody) is known by the key\n  8f8f8f8f-8f8f8f8f now."));
    }
  }
}
